"""Each service on a store in memory, where everybody's key is the name."""

import hashlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Protocol

import httpx
from fastapi import FastAPI

from catalogue.model import Plan
from chassis.auth import Keyring, Principal, add
from chassis.health import Health
from chassis.http import make_app
from services.notify.routes import routes as notify_routes
from tests.services.notify.office import Office as Notify
from tests.services.notify.office import at, small
from tests.services.registry.standing import standing as registry_standing
from tests.services.reporting.test_routes import Office as Reporting
from tests.services.support.standing import standing as support_standing

SERVICES = ("registry", "support", "reporting", "notify")
AGENCIES = ("UBND-181", "UBND-182", "SNV", "SKHDT")
OTHERS = ("consolidator", "leader", "administrator", "operator")


class Standing(Protocol):
    http: httpx.AsyncClient


STANDING: dict[str, Callable[[Plan], Standing]] = {
    "registry": registry_standing,
    "support": support_standing,
    "reporting": Reporting,
}


async def made(service: str, plan: Plan, ends: AsyncExitStack) -> FastAPI:
    """The service's application; what it holds is let go when ``ends`` does."""
    if service == "notify":
        notify = Notify(small(plan), at("06-17 08:00"))
        await notify.start()
        app = make_app("notify", health=Health(), metrics=notify.metrics, keyring=Keyring())
        add(app.router, notify_routes(notify.deps, notify.looking))
    else:
        http = STANDING[service](plan).http
        ends.push_async_callback(http.aclose)
        app = app_of(http)
    app.state.keyring = _keyring()
    return app


def app_of(http: httpx.AsyncClient) -> FastAPI:
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    assert isinstance(transport.app, FastAPI)
    return transport.app


def _keyring() -> Keyring:
    people = {code: Principal(role="agency", agency=code) for code in AGENCIES}
    people |= {role: Principal(role=role) for role in OTHERS}
    return Keyring((hashlib.sha256(name.encode()).hexdigest(), who) for name, who in people.items())
