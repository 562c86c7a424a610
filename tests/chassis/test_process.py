"""A process: started in order, stopped in reverse, and its exit code says why it ended."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.listening import Fatal
from chassis.process import Part, run
from tests.kit.wait import until


class Diary:
    """Parts that write down what happens to them."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.up = asyncio.Event()

    def part(
        self, name: str, *, start: Exception | None = None, run: Exception | None = None, stop: bool = True
    ) -> Part:
        async def started() -> None:
            self.entries.append(f"{name} starts")
            if start is not None:
                raise start

        async def running() -> None:
            try:
                await self.up.wait()
                if run is not None:
                    raise run
                await asyncio.Event().wait()
            finally:
                self.entries.append(f"{name} ends")

        async def stopped() -> None:
            self.entries.append(f"{name} stops")
            if not stop:
                await asyncio.Event().wait()

        return Part(name, start=started, run=running, stop=stopped)


def ask_to_end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


async def test_parts_start_in_order_and_stop_in_reverse() -> None:
    diary = Diary()
    ending = asyncio.ensure_future(run([diary.part("store"), diary.part("bus"), diary.part("http")]))
    await until(lambda: "http starts" in diary.entries)
    diary.up.set()
    ask_to_end()
    assert await ending == 0
    assert diary.entries == [
        *("store starts", "bus starts", "http starts"),
        *("http stops", "http ends", "bus stops", "bus ends", "store stops", "store ends"),
    ]


async def test_a_part_that_fails_to_start_ends_the_process_and_what_was_up_is_stopped() -> None:
    diary = Diary()
    assert await run([diary.part("store"), diary.part("bus", start=OSError("no")), diary.part("http")]) == 1
    assert diary.entries == ["store starts", "bus starts", "bus stops", "store stops", "store ends"]


async def test_a_part_that_fails_later_ends_the_process() -> None:
    diary = Diary()
    diary.up.set()
    assert await run([diary.part("store"), diary.part("bus", run=ValueError("gone")), diary.part("http")]) == 1
    assert diary.entries[-1] == "store ends"


async def test_a_refusal_to_go_on_has_its_own_exit_code() -> None:
    diary = Diary()
    diary.up.set()
    assert await run([diary.part("bus", run=Fatal("the log was wiped"))]) == 78
    assert await run([diary.part("bus", start=Fatal("no plan"))]) == 78


async def test_a_part_that_ends_by_itself_has_failed() -> None:
    async def done() -> None: ...

    async def broken_off() -> None:
        raise asyncio.CancelledError

    assert await run([Part("relay", run=done)]) == 1
    assert await run([Part("relay", run=broken_off)]) == 1


async def test_a_part_that_does_not_stop_in_time_is_left_and_the_others_are_stopped() -> None:
    diary = Diary()
    ending = asyncio.ensure_future(run([diary.part("store"), diary.part("bus", stop=False)], drain=0.05))
    await until(lambda: "bus starts" in diary.entries)
    ask_to_end()
    assert await ending == 1
    assert diary.entries[-4:] == ["bus stops", "bus ends", "store stops", "store ends"]


@pytest.mark.servers
async def test_being_asked_to_end_while_starting_ends_cleanly() -> None:
    diary = Diary()

    async def forever() -> None:
        await asyncio.Event().wait()

    ending = asyncio.ensure_future(run([diary.part("store"), Part("bus", start=forever), diary.part("http")]))
    await until(lambda: "store starts" in diary.entries)
    ask_to_end()
    assert await ending == 0
    assert "http starts" not in diary.entries
    assert "store stops" in diary.entries


PROGRAM = """
import asyncio, os, sys
from fastapi import FastAPI
from chassis.http import serving
from chassis.listening import Fatal
from chassis.process import Part, main
from chassis.settings import ServiceSettings

async def fail():
    raise {"1": ValueError("gone"), "78": Fatal("the log was wiped: see the runbook")}[os.environ["ENDS_WITH"]]

async def forever():
    await asyncio.Event().wait()

async def drain():
    print("drained", flush=True)

async def up():
    print("up", flush=True)

async def wire(settings):
    app = FastAPI()
    run = forever if os.environ["ENDS_WITH"] == "0" else fail
    http = serving(app, settings.http_host, settings.http_port)
    return [Part("relay", run=run, stop=drain), http, Part("up", start=up)]

async def greet(settings):
    print("hello", flush=True)

async def refuse(settings):
    raise Fatal("stop the service first")

sys.exit(main("test", ServiceSettings, wire, {"greet": greet, "refuse": refuse}))
"""


def started(code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "ENDS_WITH": code, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.servers
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_asked_to_end_drains_and_exits_with_0(number: signal.Signals) -> None:
    with started("0") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "drained\n")
    messages = [json.loads(line)["message"] for line in err.splitlines()]
    assert any(message.startswith("listening on http://127.0.0.1:") for message in messages)


@pytest.mark.servers
@pytest.mark.parametrize(("code", "said"), [("1", "gone"), ("78", "see the runbook")])
def test_a_process_whose_part_fails_drains_and_says_why(code: str, said: str) -> None:
    with started(code) as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == int(code)
    assert out.splitlines()[-1] == "drained"
    lines = [json.loads(line) for line in err.splitlines()]
    assert any(said in line["message"] and line["level"] == "CRITICAL" for line in lines)


@pytest.mark.servers
@pytest.mark.parametrize(("command", "code"), [("greet", 0), ("refuse", 78), ("dance", 2)])
def test_a_command_runs_instead_of_the_service(command: str, code: int) -> None:
    with started("0", command) as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert (out == "hello\n") == (command == "greet")
    assert command != "dance" or err.startswith("usage: ")


@pytest.mark.servers
def test_a_wrong_configuration_is_told_by_the_variables_name() -> None:
    with started("0", HTTP_PORT="99999") as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (78, "")
    assert err.startswith("test: HTTP_PORT: ")
