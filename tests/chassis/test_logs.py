"""What a log line holds, and what it must never hold."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from chassis import logs

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def line(message: str, *args: object, error: BaseException | None = None) -> dict[str, Any]:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", logging.WARNING, "f", 1, message, args, info)
    text = logs.JsonLines("registry").format(record)
    assert "\n" not in text
    told: dict[str, Any] = json.loads(text)
    return told


def test_a_line_is_json_with_its_service_level_and_time() -> None:
    told = line("đã %s\nxong", "gửi")
    assert (told["message"], told["level"], told["service"], told["logger"]) == (
        "đã gửi\nxong",
        "WARNING",
        "registry",
        "x",
    )
    assert told["ts"].endswith("+00:00")
    assert not {"event_id", "trace_id", "exception"} & told.keys()


def test_a_line_carries_the_event_and_the_trace_it_is_about() -> None:
    with logs.about(event="e-1", trace=TRACE):
        told = line("x")
    assert (told["event_id"], told["trace_id"]) == ("e-1", "4bf92f3577b34da6a3ce929d0e0e4736")
    assert "event_id" not in line("x")


def test_an_exception_is_told_with_its_cause() -> None:
    try:
        raise KeyError("lost")
    except KeyError as error:
        told = line("failed", error=error)
    assert "KeyError: 'lost'" in told["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "mongodb://admin:hunter2@db:27017/?x=1",
        "mongodb+srv://admin:hunter2@db/",
        "Authorization: Bearer hunter2",
        '{"password": "hunter2"}',
        "api_key=hunter2",
        "SMTP_PASSWORD=hunter2 x",
    ],
)
def test_a_secret_is_blotted_out(text: str) -> None:
    assert "hunter2" not in json.dumps(line("%s", text))
    assert "hunter2" not in json.dumps(line("x", error=ValueError(text)))


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.mark.usefixtures("restored")
def test_everything_goes_to_standard_error_and_libraries_speak_only_up(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("notify", "INFO")
    logging.getLogger("services.notify").info("ours")
    logging.getLogger("aiokafka.consumer").info("chatter")
    logging.getLogger("uvicorn.error").error("trouble")
    sys.stderr.flush()
    told = capsys.readouterr()
    assert [json.loads(line)["message"] for line in told.err.splitlines()] == ["ours", "trouble"]
    assert told.out == ""
