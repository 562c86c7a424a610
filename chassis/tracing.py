"""Spans for OpenTelemetry, where `OTLP_ENDPOINT` names a collector; nothing at all where it does not.

A request is a span under its caller's, saying messages is one, and so is hearing a batch: one for the batch, with a
link to the trace of each event in it, since a batch belongs to many traces and a span for each event would cost more
than folding it does. Times are of this process; what is sent holds no event's data.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    TraceState,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis import logs
from contracts.envelope import Malformed, opened
from contracts.trace import is_trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_MOST_LINKS: Final = 128
_NAME: Final = "hop-luc"


class _Tracing:
    """What this process does with spans; set once, as logging is."""

    def __init__(self) -> None:
        self.tracer: Tracer = NoOpTracer()
        self.provider: TracerProvider | None = None


_this = _Tracing()


def configure(service: str, endpoint: str, *, within: float = 5.0) -> None:
    """Send spans to the collector's OTLP/HTTP address, such as http://127.0.0.1:4318; empty: make none.

    It gets `within` seconds to take some, tries included.
    """
    shut_down()
    if not endpoint:
        return
    logging.getLogger("opentelemetry").setLevel(logging.WARNING)
    _this.provider = _provider(service, endpoint, within)
    _this.tracer = _this.provider.get_tracer(_NAME)


def _provider(service: str, endpoint: str, within: float) -> "TracerProvider":
    # Imported only where it is wanted: it brings an HTTP client and protobuf with it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

    resource = Resource.create({"service.name": service, "service.namespace": _NAME})
    provider = TracerProvider(resource=resource, sampler=ParentBased(ALWAYS_ON), shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=within))
    )
    return provider


def shut_down() -> None:
    """Send what is made and not sent yet, and make no more. A collector that does not answer is not waited for long."""
    if _this.provider is not None:
        _this.provider.force_flush(5_000)
        _this.provider.shutdown()
    _this.provider, _this.tracer = None, NoOpTracer()


@contextmanager
def doing(name: str, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """The span of something that is done, under the trace in `chassis.logs`, which meanwhile names this span: what is
    caused by it says so."""
    if _this.provider is None:
        yield INVALID_SPAN
        return
    parent = TraceContextTextMapPropagator().extract(_carried())
    with _this.tracer.start_as_current_span(name, parent, kind) as span:
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, set_span_in_context(span))
        before = logs.traceparent.set(carrier["traceparent"])
        try:
            yield span
        finally:
            logs.traceparent.reset(before)


@contextmanager
def answering(method: str, path: str) -> Iterator[Span]:
    """The span of a request."""
    with doing(method, SpanKind.SERVER) as span:
        span.set_attributes({"http.request.method": method, "url.path": path})
        yield span


def answered(span: Span, method: str, route: str, status: int) -> None:
    """What became of the request; 5xx is an error of ours."""
    if span.is_recording():
        span.update_name(f"{method} {route}")
        span.set_attributes({"http.route": route, "http.response.status_code": status})
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))


@contextmanager
def batch(name: str, kind: SpanKind, values: Iterable[bytes]) -> Iterator[None]:
    """The span of a batch of events, linked to the traces they carry. The events are read only if it is recorded."""
    if _this.provider is None:
        yield
        return
    links = list(_links(values))
    with _this.tracer.start_as_current_span(name, kind=kind, links=links[:_MOST_LINKS]) as span:
        span.set_attributes({"messaging.system": "kafka", "hopluc.traces": len(links)})
        yield


def _links(values: Iterable[bytes]) -> Iterator[Link]:
    """A link to every trace among the events, once each."""
    seen: set[str] = set()
    for value in values:
        try:
            parent = opened(value)[0].traceparent
        except Malformed:
            continue
        if parent not in seen and is_trace(parent):
            seen.add(parent)
            _, trace, span, flags = parent.split("-")
            yield Link(SpanContext(int(trace, 16), int(span, 16), True, TraceFlags(int(flags, 16)), TraceState()))


def _carried() -> dict[str, str]:
    told = {"traceparent": logs.traceparent.get(), "tracestate": logs.tracestate.get()}
    return {name: value for name, value in told.items() if value}
