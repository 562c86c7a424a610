"""Is the process alive, and may it be given work? Answered by tests of progress, never by "the loop still runs".

*Live* fails when only a restart can help: work waits and nothing moves. *Ready* fails when work should go elsewhere for
now: the store or the broker does not answer.
"""

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_log = logging.getLogger(__name__)


class Verdict(NamedTuple):
    """What one check found; `says` is for an operator, in English."""

    well: bool
    says: str = ""


Check = Callable[[], Verdict | Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Report:
    """What all checks of one kind found."""

    checks: Mapping[str, Verdict]

    @property
    def well(self) -> bool:
        return all(verdict.well for verdict in self.checks.values())

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {"well": self.well, "checks": {name: verdict._asdict() for name, verdict in self.checks.items()}}


class Health:
    """The named checks of a process. A check that takes longer than `within` seconds, or raises, has failed."""

    def __init__(self, within: float = 2.0) -> None:
        self._within = within
        self._live: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}

    def live_if(self, name: str, check: Check) -> None:
        """Only a restart helps when this check fails."""
        self._live[name] = check

    def ready_if(self, name: str, check: Check) -> None:
        """No work should come here while this check fails."""
        self._ready[name] = check

    async def live(self) -> Report:
        """The answer of /livez."""
        return await self._ask(self._live)

    async def ready(self) -> Report:
        """The answer of /readyz."""
        return await self._ask(self._ready)

    async def _ask(self, checks: Mapping[str, Check]) -> Report:
        verdicts = await asyncio.gather(*(self._one(name, check) for name, check in checks.items()))
        return Report(dict(zip(checks, verdicts, strict=True)))

    async def _one(self, name: str, check: Check) -> Verdict:
        try:
            async with asyncio.timeout(self._within):
                verdict = check()
                return await verdict if inspect.isawaitable(verdict) else verdict
        except TimeoutError:
            return Verdict(False, f"no answer within {self._within:g} s")
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a check is its answer
            _log.warning("check %s failed", name, exc_info=True)
            return Verdict(False, type(error).__name__)


def answers(ping: Callable[[], Awaitable[object]]) -> Check:
    """Well if `ping` returns in time."""

    async def check() -> Verdict:
        await ping()
        return Verdict(True, "answers")

    return check


class Pulse:
    """Shows that a loop goes round: `beat` once a round."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last = now()

    def beat(self) -> None:
        """The loop has come round."""
        self._last = self._now()

    def within(self, seconds: float) -> Check:
        """Well if the last beat is at most so long ago."""

        def check() -> Verdict:
            age = self._now() - self._last
            return Verdict(age <= seconds, f"last round {age:.1f} s ago")

        return check
