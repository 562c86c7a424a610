"""A process is a list of parts: started in order, stopped in reverse, and gone when one of them fails."""

import asyncio
import inspect
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from chassis import tracing
from chassis.listening import Fatal
from chassis.logs import configure
from chassis.settings import ServiceSettings

__all__ = ["Fatal", "Part", "main", "run"]

CLEAN, FAILED, MISUSED, REFUSED = 0, 1, 2, 78

S = TypeVar("S", bound=ServiceSettings)
_log = logging.getLogger(__name__)


async def _nothing() -> None:
    """What a part does that has nothing to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is started and stopped with the process.

    `start` returns when the part can be used by the parts after it. `run`, if there is one, goes on until the process
    ends: when it raises or returns earlier, the part has failed. `stop` finishes what is begun; `run` is still running
    meanwhile and cancelled afterwards.
    """

    name: str
    start: Callable[[], Awaitable[None]] = _nothing
    run: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] = _nothing


class PartEnded(Exception):
    """A part that should run as long as the process has returned."""


def main(
    service: str,
    settings: type[S],
    wire: Callable[[S], Awaitable[Sequence[Part]]],
    commands: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = MappingProxyType({}),
) -> int:
    """Run a service, or the one of its commands that is named on the command line; returns the exit code.

    A command takes the settings, and what else it takes comes from the command line. Settings come from the
    environment. 0: asked to end, and everything in hand was finished. 1: a part failed. 2: no such command. 78: the
    configuration is wrong, or a part refuses to go on until a person has acted.
    """
    asked = sys.argv[1:]
    if asked and (asked[0] not in commands or len(asked) - 1 != len(_wanted(commands[asked[0]]))):
        usages = (" ".join((name, *_wanted(command))) for name, command in commands.items())
        sys.stderr.write(f"usage: python -m services.{service} [{' | '.join(usages)}]\n")
        return MISUSED
    try:
        chosen = settings()
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            name = "_".join(map(str, wrong["loc"])).upper()  # none where two variables together are wrong
            sys.stderr.write(": ".join(filter(None, (service, name, wrong["msg"]))) + "\n")
        return REFUSED
    configure(service, chosen.log_level)
    tracing.configure(service, chosen.otlp_endpoint)
    try:
        return asyncio.run(_done(commands[asked[0]](chosen, *asked[1:])) if asked else _wired(chosen, wire))
    finally:
        tracing.shut_down()


async def run(parts: Sequence[Part], *, drain: float = 20.0) -> int:
    """Start the parts, wait for SIGTERM, SIGINT or a failure, stop the parts; returns the exit code.

    Each part has `drain` seconds to stop, then it is left behind.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    house = _House(drain)
    ending = asyncio.create_task(asked.wait())
    working = asyncio.create_task(house.work(parts))
    try:
        await asyncio.wait({ending, working}, return_when=asyncio.FIRST_COMPLETED)
        code = _code(working) if working.done() else CLEAN
    finally:
        for task in (ending, working):
            task.cancel()
        await asyncio.wait({ending, working})
        _log.info("stopping")
        undrained = await house.stop()
    return code or (FAILED if undrained else CLEAN)


class _House:
    """The parts that are up."""

    def __init__(self, drain: float) -> None:
        self._drain = drain
        self._up: list[tuple[Part, asyncio.Task[None] | None]] = []
        self._failed: asyncio.Queue[BaseException] = asyncio.Queue()

    async def work(self, parts: Sequence[Part]) -> None:
        """Start the parts; then wait until one fails and raise its error. Returns never."""
        starting = asyncio.create_task(self._start(parts))
        failing = asyncio.create_task(self._failed.get())
        try:
            await asyncio.wait({starting, failing}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
            raise await failing
        finally:
            for task in (starting, failing):
                task.cancel()
            await asyncio.wait({starting, failing})

    async def stop(self) -> bool:
        """Stop the parts, last one first. Whether one of them could not be stopped properly."""
        undrained = False
        while self._up:
            part, running = self._up.pop()
            # A task of its own: what its stop raises or leaves hanging must not keep the parts below from stopping.
            stopping = asyncio.ensure_future(part.stop())
            await asyncio.wait({stopping}, timeout=self._drain)
            stopping.cancel()
            if running is not None:
                running.cancel()
                await asyncio.wait({running}, timeout=self._drain)
            error = await _outcome(stopping)
            if error is not None:
                undrained = True
                _log.error("part %s did not stop: %r", part.name, error, exc_info=error)
        return undrained

    async def _start(self, parts: Sequence[Part]) -> None:
        for part in parts:
            _log.info("starting %s", part.name)
            # Entered before the start: what has failed half way must be stopped too.
            self._up.append((part, None))
            await part.start()
            if part.run is not None:
                self._up[-1] = (part, asyncio.create_task(self._supervise(part.name, part.run)))
        _log.info("all parts are up")

    async def _supervise(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        error: BaseException = PartEnded(f"part {name} ended by itself")
        try:
            await run()
        except Exception as raised:  # noqa: BLE001 - however a part fails, the process ends
            error = raised
        finally:
            self._failed.put_nowait(error)


async def _outcome(stopping: asyncio.Future[None]) -> BaseException | None:
    (outcome,) = await asyncio.gather(stopping, return_exceptions=True)
    return outcome


def _wanted(command: Callable[..., object]) -> list[str]:
    """What a command wants to be told beside the settings."""
    return [name.upper() for name in list(inspect.signature(command).parameters)[1:]]


async def _done(command: Awaitable[None]) -> int:
    try:
        await command
    except Exception as error:  # noqa: BLE001 - becomes the exit code
        return _told(error)
    return CLEAN


async def _wired(settings: S, wire: Callable[[S], Awaitable[Sequence[Part]]]) -> int:
    try:
        parts = await wire(settings)
    except ValueError as error:
        # Nothing has started: what a setting names (the plan, a file) cannot be what it should be.
        return _told(Fatal(str(error)))
    except Exception as error:  # noqa: BLE001 - becomes the exit code
        return _told(error)
    return await run(parts, drain=settings.drain_seconds)


def _code(working: asyncio.Task[None]) -> int:
    with suppress(asyncio.CancelledError):
        error = working.exception()
        if error is not None:
            return _told(error)
    return FAILED


def _told(error: BaseException) -> int:
    if isinstance(error, Fatal):
        _log.critical("refused to go on: %s", error)
        return REFUSED
    _log.critical("ended by a failure: %r", error, exc_info=error)
    return FAILED
