"""Playing the invented year on a running stack: day by day on a clock that waits for whoever is slow.

A day's clock runs to one second before midnight and holds there until everything the day brought has been answered, so
that a slow machine makes the year longer and nothing late.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import assert_never

from aiokafka import AIOKafkaProducer

from catalogue.windows import VIETNAM
from chassis.clock import ScaledClock, write_clock_file
from deploy.local.demo.agenda import Batch, Deed, Diary
from deploy.local.demo.office import Office
from deploy.local.demo.year import Change, Consolidating, Garbage, HandIn

_DAY = timedelta(days=1)
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
_LOOKED = timedelta(hours=8, minutes=5)
"""When on a day of reminders the clock holds until notify has looked: reminders open at eight."""
_POLL = 0.01


class Player:
    """Moves the clock and does what the diary says."""

    def __init__(self, diary: Diary, office: Office, kafka: AIOKafkaProducer, clock_file: Path, seconds: float) -> None:
        """`seconds` of real time are meant for the whole diary."""
        self._diary = diary
        self._office = office
        self._kafka = kafka
        self._file = clock_file
        self._clock = ScaledClock(clock_file)
        self._speed = len(diary.days) * _DAY.total_seconds() / seconds
        self.day = diary.days[0][0]
        """The day being played."""
        self.done = 0
        """Deeds done so far."""

    async def play(self, reminding: frozenset[date]) -> None:
        """All of it. On `reminding` days notify must have looked before the day's work begins."""
        async with asyncio.TaskGroup() as group:
            for change in self._diary.before:
                group.create_task(self._do(change))
        for self.day, deeds in self._diary.days:
            morning = datetime.combine(self.day, time(), VIETNAM)
            if self.day in reminding:
                self._run(morning, morning + _LOOKED)
                await self._looked(morning + _LOOKED)
                morning += _LOOKED
            self._run(morning, datetime.combine(self.day, time(), VIETNAM) + _LAST_SECOND)
            await self._day(deeds)

    async def _day(self, deeds: Sequence[tuple[datetime, Deed]]) -> None:
        async with asyncio.TaskGroup() as group:
            for at, deed in deeds:
                await self._reach(at)
                group.create_task(self._do(deed))
        await self._reach(datetime.combine(self.day, time(), VIETNAM) + _LAST_SECOND)

    async def _do(self, deed: Deed) -> None:
        match deed:
            case Change():
                await self._office.change(deed)
            case Batch():
                await self._office.say(deed.agency, deed.sayings)
            case HandIn():
                await self._office.hand_in(deed)
            case Consolidating():
                await self._office.consolidate(deed)
            case Garbage():
                await self._kafka.send_and_wait(deed.topic, deed.value, headers=list(deed.headers))
                self._office.tally.garbage[deed.topic] += 1
            case _:
                assert_never(deed)
        self.done += 1

    def _run(self, start: datetime, end: datetime) -> None:
        write_clock_file(self._file, anchor=start, speed=self._speed, until=end)

    async def _reach(self, instant: datetime) -> None:
        while (left := instant - self._clock.now()) > timedelta():
            await self._clock.sleep(left)

    async def _looked(self, instant: datetime) -> None:
        """Wait until notify has looked at the clock once it had reached the instant."""
        while True:
            until = (await self._office.read("notify", "/v1/notifications?limit=1"))["looked_until"]
            if until and datetime.fromisoformat(until) >= instant:
                return
            await asyncio.sleep(_POLL)
