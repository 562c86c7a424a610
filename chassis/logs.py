"""Logs: one JSON object a line on standard error, with the event and the trace they belong to, and without secrets."""

import json
import logging
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

event_id: ContextVar[str] = ContextVar("event_id", default="")
request_id: ContextVar[str] = ContextVar("request_id", default="")
traceparent: ContextVar[str] = ContextVar("traceparent", default="")
tracestate: ContextVar[str] = ContextVar("tracestate", default="")

_SECRETS = (
    (re.compile(r"(?<=://)[^/@\s]+@"), "***@"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1***"),
    (re.compile(r"(?i)((?:password|secret|api_?key|token)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;}]+"), r"\1***"),
)


def without_secrets(text: str) -> str:
    """The text with passwords in URLs, bearer tokens and the like blotted out."""
    for pattern, blot in _SECRETS:
        text = pattern.sub(blot, text)
    return text


def new_traceparent() -> str:
    """A trace that begins here, as W3C trace context writes it."""
    return f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"


def trace_id() -> str:
    """The trace that is being worked on: the second part of a W3C traceparent, or nothing."""
    return traceparent.get()[3:35]


@contextmanager
def about(*, event: str, trace: str = "") -> Iterator[None]:
    """What is logged inside belongs to this event, and to this traceparent where there is one of its own."""
    tokens = ((event_id, event_id.set(event)), (traceparent, traceparent.set(trace or traceparent.get())))
    try:
        yield
    finally:
        for variable, token in tokens:
            variable.reset(token)


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "service": self._service,
            "message": without_secrets(record.getMessage()),
        }
        told = {"event_id": event_id.get(), "request_id": request_id.get(), "trace_id": trace_id()}
        line.update({name: value for name, value in told.items() if value})
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure(service: str, level: str) -> None:
    """Send everything the process logs to standard error as JSON. The libraries' chatter starts at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in (
        "aiokafka",
        "chassis.faststream",
        "uvicorn",
        "uvicorn.access",
        "uvicorn.error",
        "pymongo",
        "asyncio",
        "httpx",
    ):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(level if level == "DEBUG" else logging.WARNING)
