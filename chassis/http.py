"""What every service answers, and how it is served."""

import logging
import socket

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from chassis import problem
from chassis.auth import Keyring
from chassis.edge import BoundedBody, Observed
from chassis.health import Health, Report
from chassis.metrics import READY, Metrics
from chassis.process import Part

_log = logging.getLogger(__name__)


def make_app(
    title: str,
    *,
    health: Health,
    metrics: Metrics,
    keyring: Keyring,
    max_body_bytes: int = 8_388_608,
    version: str = "0.1.0",
    home: str = "",
) -> FastAPI:
    """An application with what all have in common; the service adds its own routes to its router (`auth.add`). ``home``
    is where a page about an error leads a person, if the service has pages."""
    app = FastAPI(title=title, version=version, docs_url=None, redoc_url=None)
    app.state.keyring = keyring
    app.state.home = home
    app.add_middleware(BoundedBody, most=max_body_bytes)
    app.add_middleware(Observed, metrics=metrics)
    problem.install(app)

    async def live(_: Request) -> Response:
        return _told(await health.live())

    async def ready(_: Request) -> Response:
        return _told(await health.ready())

    async def measured(_: Request) -> Response:
        for check, verdict in (await health.ready()).checks.items():
            metrics.set(READY, float(verdict.well), check=check)
        return Response(metrics.render(), media_type=metrics.content_type)

    # Plain routes: they have nothing to read, to judge or to document.
    for path, answer in (("/livez", live), ("/readyz", ready), ("/metrics", measured)):
        app.add_route(path, answer)
    return app


def serving(app: FastAPI, host: str, port: int, *, drain: float = 10.0) -> Part:
    """The part that answers HTTP: the last to start, so that a service which answers is a service that is up."""
    server = Server(app, host, port, drain)
    return Part("http", start=server.start, run=server.run, stop=server.stop)


class Server:
    """uvicorn without its own signals: the process says when to stop. `url` is known once it has started."""

    def __init__(self, app: FastAPI, host: str, port: int, drain: float) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=75,  # longer than clients and proxies keep an idle connection: they hang up first
            timeout_graceful_shutdown=max(1, int(drain)),
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        self.url = ""

    async def start(self) -> None:
        """Bind and listen. Raises OSError if the port is taken."""
        config = self._server.config
        bound = socket.create_server((config.host, config.port), family=_family(config.host), backlog=config.backlog)
        # asyncio sets it only on sockets that say they are TCP, which create_server's do not; the accepted ones inherit
        # it. Without it the last packet of an answer waits 40 ms for the client's acknowledgement.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self._server.startup(sockets=[bound])
        host = f"[{config.host}]" if ":" in config.host else config.host
        self.url = f"http://{host}:{bound.getsockname()[1]}"
        _log.info("listening on %s", self.url)

    async def run(self) -> None:
        """Serve until stopped."""
        await self._server.main_loop()

    async def stop(self) -> None:
        """Take no more requests and finish those in hand."""
        if self._server.started:
            await self._server.shutdown()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _told(report: Report) -> Response:
    return JSONResponse(report.body(), 200 if report.well else 503)
