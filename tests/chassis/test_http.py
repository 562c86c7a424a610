"""What a caller sees of a service, whatever goes wrong."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Request
from pydantic import BaseModel, Field

from chassis import logs
from chassis.auth import Keyring, Principal, add, router, speaker
from chassis.health import Health, Verdict
from chassis.http import Server, make_app
from chassis.listening import BrokerUnavailable
from chassis.metrics import HTTP_REQUESTS, HTTP_SECONDS, Metrics
from chassis.problem import MEDIA_TYPE, Problem
from chassis.store import Stale, StoreUnavailable
from contracts.trace import is_trace
from tests.kit.wait import until

AGENCY = Depends(speaker("agency"))


class Order(BaseModel):
    members: Annotated[int, Field(ge=7)]
    name: str


def service() -> FastAPI:
    health = Health(within=0.2)
    health.live_if("relay", lambda: Verdict(True, "went round"))
    health.ready_if("store", lambda: Verdict(False, "does not answer"))
    app = make_app("thử", health=health, metrics=Metrics("test"), keyring=Keyring(), max_body_bytes=100)
    routes = APIRouter(prefix="/v1")
    guarded = router(prefix="/v1")

    @routes.post("/orders/{code}")
    async def order(code: int, body: Order) -> dict[str, int]:
        return {"code": code, "members": body.members}

    @routes.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @routes.get("/errors/{name}")
    async def errors(name: str) -> None:
        raise {
            "stale": Stale("hidden"),
            "store": StoreUnavailable("mongodb://u:p@host"),
            "broker": BrokerUnavailable("host:9092"),
            "bug": KeyError("inner secret"),
            "own": Problem(409, "/problems/closed", "Kỳ đã khóa", "Kỳ 2021-Q2 đã khóa.", period="2021-Q2"),
        }[name]

    @guarded.put("/write")
    async def write(principal: Annotated[Principal, AGENCY], body: Annotated[dict[str, int], Body()]) -> None: ...

    add(app.router, routes, guarded)
    app.state.metrics = app.user_middleware[0].kwargs["metrics"]
    return app


@pytest.fixture
async def app() -> FastAPI:
    return service()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_good_request_is_answered_with_an_id_and_secured(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/orders/5", json={"members": 7, "name": "x"}, headers={"X-Request-Id": "abc-1"})
    assert answer.json() == {"code": 5, "members": 7}
    assert answer.headers["x-request-id"] == "abc-1"


async def test_a_request_id_that_could_forge_a_log_line_is_replaced(client: httpx.AsyncClient) -> None:
    answer = await client.get("/livez", headers={"X-Request-Id": 'a" level="x'})
    assert answer.headers["x-request-id"].isalnum()


async def test_each_wrong_field_is_named_with_its_reason_in_vietnamese(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/orders/x", json={"members": 3})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == MEDIA_TYPE
    body = answer.json()
    assert body["title"] == "Yêu cầu không hợp lệ"
    assert body["errors"] == [
        {"in": "path", "pointer": "/code", "reason": "phải là số nguyên"},
        {"in": "body", "pointer": "/members", "reason": "phải từ 7 trở lên"},
        {"in": "body", "pointer": "/name", "reason": "thiếu trường bắt buộc"},
    ]
    assert "`members`: phải từ 7 trở lên" in body["detail"]


async def test_a_body_that_is_not_json_is_a_bad_request(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/orders/5", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")


@pytest.mark.parametrize(
    ("name", "status", "type"),
    [
        ("stale", 409, "/problems/stale"),
        ("store", 503, "/problems/unavailable"),
        ("broker", 503, "/problems/unavailable"),
        ("bug", 500, "/problems/unexpected"),
        ("own", 409, "/problems/closed"),
    ],
)
async def test_every_error_is_a_problem_without_internals(
    client: httpx.AsyncClient, name: str, status: int, type: str
) -> None:
    answer = await client.get(f"/v1/errors/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    body = answer.json()
    assert (body["status"], body["type"]) == (status, type)
    assert body["title"]
    assert not {"hidden", "mongodb", "9092", "secret"} & set(answer.text.replace("'", " ").replace(":", " ").split())


async def test_a_problem_carries_its_own_members(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/errors/own")).json()["period"] == "2021-Q2"


async def test_an_unavailable_store_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/errors/store")).headers["retry-after"] == "5"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/v1/raw", 405)])
async def test_a_wrong_address_is_a_problem_too(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert status != 405 or answer.headers["allow"] == "POST"


async def test_a_declared_length_over_the_bound_is_refused_unread(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/raw", content=b"x" * 101)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert (await client.post("/v1/raw", content=b"x" * 100)).json() == 100


@pytest.mark.parametrize("path", ["/v1/raw", "/v1/orders/5"])
async def test_a_body_of_undeclared_length_is_refused_while_it_is_read(client: httpx.AsyncClient, path: str) -> None:
    drawn = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal drawn
        for _ in range(1000):
            drawn += 1
            yield b"x" * 10

    answer = await client.post(path, content=endless(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, MEDIA_TYPE)


async def test_a_write_without_a_key_is_unauthenticated_before_its_body_is_judged(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/write", json={"a": "not a number"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_requests_are_counted_by_route_and_never_by_what_was_asked_for(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    metrics: Metrics = app.state.metrics
    for code in (1, 2, 3):
        await client.post(f"/v1/orders/{code}", json={"members": 7, "name": "x"})
    await client.get("/v1/errors/bug")
    await client.request("BREW", "/a/b/c")
    assert metrics.value(HTTP_REQUESTS, method="POST", route="/v1/orders/{code}", status="200") == 3
    assert metrics.value(HTTP_SECONDS, method="POST", route="/v1/orders/{code}", status_class="2xx") == 3
    assert metrics.value(HTTP_REQUESTS, method="GET", route="/v1/errors/{name}", status="500") == 1
    assert metrics.value(HTTP_REQUESTS, method="OTHER", route="none", status="404") == 1


async def test_health_says_which_check_failed(client: httpx.AsyncClient) -> None:
    live, ready = await client.get("/livez"), await client.get("/readyz")
    assert (live.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"well": False, "checks": {"store": {"well": False, "says": "does not answer"}}}


async def test_metrics_are_told_in_prometheus_text(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'hopluc_build_info{service="test"' in answer.text
    assert "process_resident_memory_bytes" in answer.text


async def test_metrics_tell_which_check_of_readiness_fails(client: httpx.AsyncClient) -> None:
    assert 'hopluc_ready{check="store"} 0.0' in (await client.get("/metrics")).text


async def test_a_trace_goes_on_with_its_state_and_only_with_it(app: FastAPI, client: httpx.AsyncClient) -> None:
    @app.get("/trace")
    async def trace() -> tuple[str, str]:
        return logs.traceparent.get(), logs.tracestate.get()

    good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    state = {"tracestate": "vendor=1"}
    assert (await client.get("/trace", headers={"traceparent": good, **state})).json() == [good, "vendor=1"]
    for headers in (state, {"traceparent": "00-zz", **state}):
        parent, kept = (await client.get("/trace", headers=headers)).json()
        assert is_trace(parent)
        assert kept == ""


async def test_an_unforeseen_error_is_logged_with_its_trace(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        await client.get("/v1/errors/bug")
    assert "inner secret" in caplog.text


async def test_a_server_takes_a_free_port_and_finishes_what_is_in_hand() -> None:
    app, entered, leave = service(), asyncio.Event(), asyncio.Event()

    @app.get("/slow")
    async def slow() -> str:
        entered.set()
        await leave.wait()
        return "done"

    server = Server(app, "127.0.0.1", 0, drain=5)
    await server.start()
    running = asyncio.ensure_future(server.run())
    async with httpx.AsyncClient(base_url=server.url) as client:
        answer = asyncio.ensure_future(client.get("/slow"))
        await entered.wait()
        stopping = asyncio.ensure_future(server.stop())
        await until(lambda: _refused(server.url), within=5, what="no new connections")
        leave.set()
        assert (await answer).json() == "done"
        await stopping
    running.cancel()


def _refused(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionError:
        return True
    return False


async def test_an_answer_does_not_wait_for_the_client_to_acknowledge_its_first_part() -> None:
    app, options = FastAPI(), list[int]()

    async def delays(scope: Any, receive: Any, send: Any) -> None:
        connection = receive.__self__.transport.get_extra_info("socket")
        options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await app(scope, receive, send)

    server = Server(delays, "127.0.0.1", 0, drain=5)  # type: ignore[arg-type]  # any ASGI application will do
    await server.start()
    running = asyncio.ensure_future(server.run())
    async with httpx.AsyncClient(base_url=server.url) as client:
        await client.get("/")
    assert options == [1]
    await server.stop()
    running.cancel()
