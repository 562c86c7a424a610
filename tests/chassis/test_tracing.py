"""Spans as a collector gets them over OTLP/HTTP, and nothing at all where there is none."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.trace import SpanKind

from chassis import logs, tracing
from chassis.auth import Keyring
from chassis.health import Health
from chassis.http import make_app
from chassis.metrics import Metrics
from tests.kit.collector import Collector, collecting
from tests.services.reporting.said import JUNE_EVENTS

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = f"00-{TRACE}-00f067aa0ba902b7-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        tracing.configure("test", collector.url)
        yield collector
        tracing.shut_down()


@pytest.fixture
def app() -> FastAPI:
    app = make_app("thử", health=Health(), metrics=Metrics("test"), keyring=Keyring())

    @app.get("/things/{code}")
    async def thing(code: str) -> str:
        if code == "broken":
            raise KeyError(code)
        return logs.traceparent.get()

    return app


async def asked(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path, headers=headers)


def traced(value: bytes, traceparent: str) -> bytes:
    return json.dumps({**json.loads(value), "traceparent": traceparent}).encode()


async def test_a_request_is_a_span_of_its_callers_trace_and_what_it_causes_is_below_it(
    app: FastAPI, collector: Collector
) -> None:
    told = (await asked(app, "/things/1", traceparent=CALLER)).json()
    tracing.shut_down()
    (span,) = collector.spans
    assert (span.service, span.name) == ("test", "GET /things/{code}")
    assert (span.trace, span.parent) == (TRACE, "00f067aa0ba902b7")
    assert told == f"00-{TRACE}-{span.id}-01"
    assert span.attributes["http.response.status_code"] == "200"
    assert not span.failed


async def test_an_error_of_ours_is_one_in_the_trace_too(app: FastAPI, collector: Collector) -> None:
    assert (await asked(app, "/things/broken")).status_code == 500
    tracing.shut_down()
    assert [(span.failed, span.attributes["http.response.status_code"]) for span in collector.spans] == [(True, "500")]


async def test_what_the_caller_does_not_record_is_not_sent(app: FastAPI, collector: Collector) -> None:
    await asked(app, "/things/1", traceparent=CALLER[:-2] + "00")
    tracing.shut_down()
    assert collector.spans == []


def test_what_nobody_asked_for_is_a_span_and_what_it_causes_is_below_it_until_it_is_done(collector: Collector) -> None:
    with logs.about(event="", trace=CALLER):
        with tracing.doing("remind"):
            told = logs.traceparent.get()
        assert logs.traceparent.get() == CALLER
    tracing.shut_down()
    (span,) = collector.spans
    assert (span.name, span.trace, told) == ("remind", TRACE, f"00-{TRACE}-{span.id}-01")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_probes_are_no_spans(app: FastAPI, collector: Collector, path: str) -> None:
    await asked(app, path)
    tracing.shut_down()
    assert collector.spans == []


def test_a_batch_is_one_span_with_a_link_to_each_trace_in_it(collector: Collector) -> None:
    values = [
        *(traced(value, CALLER) for value in JUNE_EVENTS[:5]),
        traced(JUNE_EVENTS[5], OTHER),
        JUNE_EVENTS[6],
        b"{",
    ]
    with tracing.batch("hear reporting", SpanKind.CONSUMER, values):
        pass
    tracing.shut_down()
    (span,) = collector.spans
    assert (span.name, span.links) == ("hear reporting", (TRACE, OTHER[3:35]))
    assert span.attributes["hopluc.traces"] == "2"


def test_a_batch_that_fails_is_a_span_that_failed(collector: Collector) -> None:
    with pytest.raises(KeyError), tracing.batch("hear", SpanKind.CONSUMER, []):
        raise KeyError
    tracing.shut_down()
    assert [span.failed for span in collector.spans] == [True]


def test_where_no_collector_is_named_no_event_is_looked_at() -> None:
    def values() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    tracing.configure("test", "")
    with tracing.batch("hear", SpanKind.CONSUMER, values()):
        pass


async def test_where_no_collector_is_named_the_trace_goes_on_as_it_came(app: FastAPI) -> None:
    tracing.configure("test", "")
    assert (await asked(app, "/things/1", traceparent=CALLER)).json() == CALLER


async def test_a_collector_that_is_not_there_keeps_nobody_waiting(app: FastAPI) -> None:
    with collecting() as gone:
        pass
    tracing.configure("test", gone.url, within=0.2)
    began = time.monotonic()
    assert (await asked(app, "/things/1")).status_code == 200
    assert time.monotonic() - began < 2
    tracing.shut_down()
    assert time.monotonic() - began < 10
