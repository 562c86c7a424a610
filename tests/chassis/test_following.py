"""An event is followed through the stages by its trace, where somebody asks for it."""

import json
import logging
from collections.abc import Iterator

import pytest

from chassis.following import tell
from chassis.logs import JsonLines
from tests.services.reporting.said import JUNE_EVENTS

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
LOG = logging.getLogger("tests.following")


def traced(value: bytes) -> bytes:
    return json.dumps({**json.loads(value), "traceparent": TRACE}).encode()


def test_every_event_is_a_line_with_its_id_and_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonLines("x").format(record))  # type: ignore[method-assign]
    LOG.addHandler(handler)
    with caplog.at_level(logging.DEBUG, LOG.name):
        tell(LOG, [traced(JUNE_EVENTS[0]), b"no event", JUNE_EVENTS[1]], "heard by %s", "reporting")
    LOG.removeHandler(handler)
    told = [json.loads(line) for line in lines]
    assert [line["event_id"] for line in told] == [json.loads(value)["id"] for value in JUNE_EVENTS[:2]]
    assert told[0]["trace_id"] == TRACE[3:35]
    assert {line["message"] for line in told} == {"heard by reporting"}


def test_nothing_is_read_where_nobody_follows(caplog: pytest.LogCaptureFixture) -> None:
    def values() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    with caplog.at_level(logging.INFO, LOG.name):
        tell(LOG, values(), "heard")
    assert not caplog.records
