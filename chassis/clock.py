"""What time it is. The only module that asks the machine."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_LONGEST_SLEEP = 1.0
_SHORTEST_SLEEP = 0.03


class Clock(Protocol):
    """Tells the time, and waits."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    async def sleep(self, span: timedelta) -> None:
        """Wait about that much of the clock's time, and at most a second of real time: read the clock again after."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, span: timedelta) -> None:
        await asyncio.sleep(min(span.total_seconds(), _LONGEST_SLEEP))


class ManualClock:
    """Stands still until it is set; for tests."""

    def __init__(self, instant: datetime) -> None:
        self._now = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        self._now = instant.astimezone(UTC)

    def advance(self, span: timedelta) -> None:
        self._now += span

    async def sleep(self, span: timedelta) -> None:
        await asyncio.sleep(0)


class ScaledClock:
    """A clock that several processes share through a file: it runs from an anchor at some speed, and holds at
    ``until``. Whoever plays time rewrites the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = -1
        self._read()

    def now(self) -> datetime:
        self._read()
        passed = timedelta(seconds=(time.time() - self._real) * self._speed)
        instant = self._anchor + passed
        return min(instant, self._until) if self._until else instant

    async def sleep(self, span: timedelta) -> None:
        held = self._until is not None and self.now() >= self._until
        real = 0 if held or not self._speed else span.total_seconds() / self._speed
        await asyncio.sleep(min(max(real, _SHORTEST_SLEEP), _LONGEST_SLEEP))

    def _read(self) -> None:
        changed = self._file.stat().st_mtime_ns
        if changed == self._read_at:
            return
        told = json.loads(self._file.read_text())
        self._anchor = datetime.fromisoformat(told["anchor"])
        self._real = float(told["real"])
        self._speed = float(told["speed"])
        self._until = datetime.fromisoformat(told["until"]) if told["until"] else None
        self._read_at = changed


def machine_seconds() -> float:
    """The machine's time as Unix time, also where the clock is scaled: for measuring what happens between processes."""
    return time.time()


def write_clock_file(file: Path, *, anchor: datetime, speed: float, until: datetime | None) -> None:
    """Let the clocks that share the file run from ``anchor``, now, at ``speed``, and hold at ``until``."""
    told = {
        "anchor": anchor.astimezone(UTC).isoformat(),
        "real": time.time(),
        "speed": speed,
        "until": until.astimezone(UTC).isoformat() if until else None,
    }
    new = file.with_suffix(".new")
    new.write_text(json.dumps(told))
    new.replace(file)


def clock_of(file: Path | None) -> Clock:
    """The scaled clock of a file, or the machine's."""
    return ScaledClock(file) if file else SystemClock()
