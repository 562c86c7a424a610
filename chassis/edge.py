"""What every request passes first: its size is bounded, its trace is known, its answer is counted and secured."""

import logging
import re
import time
import uuid
from collections.abc import Iterable
from typing import Final

from opentelemetry.trace import INVALID_SPAN, Span
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import logs, tracing
from chassis.metrics import HTTP_REQUESTS, HTTP_SECONDS, Metrics
from chassis.problem import UNEXPECTED, of_status
from contracts.trace import TRACEPARENT, TRACESTATE

_log = logging.getLogger(__name__)

_REQUEST_ID: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})

# Pages bring their style with them, run no script and send no form. Everything that is answered may be somebody's own.
_SECURE: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)


class BoundedBody:
    """Refuses a body of more than `most` bytes: unread by its declared length, else as soon as it has grown past.

    Starlette's own limit would answer in plain text instead of a problem.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._most:
            await of_status(413 if declared.isdecimal() else 400).answer_to(scope)(scope, receive, send)
            return
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(413)
            return message

        await self._app(scope, bounded, send)


class Observed:
    """Counts, times and logs each request; gives it an id and a trace; turns an unforeseen error into a plain 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        parent = headers.get("traceparent")
        logs.traceparent.set(_or_new(TRACEPARENT, parent, logs.new_traceparent()))
        # A state without its trace would be another trace's.
        state = headers.get("tracestate") if logs.traceparent.get() == parent else None
        logs.tracestate.set(_or_new(TRACESTATE, state, ""))
        logs.request_id.set(_or_new(_REQUEST_ID, headers.get("x-request-id"), uuid.uuid4().hex))
        if scope["path"] in _QUIET:
            await self._answer(scope, receive, send, INVALID_SPAN)
            return
        with tracing.answering(_method(scope), scope["path"]) as span:
            await self._answer(scope, receive, send, span)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: Span) -> None:
        answer = _Answer(send)
        began = time.monotonic()
        try:
            await self._app(scope, receive, answer)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if answer.status:
                raise
            await UNEXPECTED.answer_to(scope)(scope, receive, answer)
        finally:
            self._count(scope, answer.status or 499, time.monotonic() - began, span)

    def _count(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        method = _method(scope)
        route = getattr(scope.get("route"), "path", "none")
        tracing.answered(span, method, route, status)
        self._metrics.count(HTTP_REQUESTS, method=method, route=route, status=str(status))
        self._metrics.observe(HTTP_SECONDS, seconds, method=method, route=route, status_class=f"{status // 100}xx")
        level = logging.DEBUG if route in _QUIET else logging.INFO
        _log.log(level, "%s %s %d %.0f ms", method, scope["path"], status, seconds * 1000)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


class _Answer:
    """Passes the answer on, with its status remembered and our headers added."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _secured(headers):
                headers[name] = value
            message["headers"] = headers.raw
        await self._send(message)


def _secured(headers: MutableHeaders) -> Iterable[tuple[str, str]]:
    yield "X-Request-Id", logs.request_id.get()
    yield from (header for header in _SECURE if header[0] not in headers)


def _or_new(pattern: re.Pattern[str], given: str | None, new: str) -> str:
    return given if given is not None and pattern.fullmatch(given) else new
