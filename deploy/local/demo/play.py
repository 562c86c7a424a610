"""Plays an invented year on a running stack: day after day, never further than the system has kept up.

A day's clock runs to a second before midnight and holds there, so that a slow machine makes the year longer and nothing
late.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from catalogue.model import Plan
from catalogue.windows import VIETNAM, local_day
from chassis.clock import ScaledClock, write_clock_file
from deploy.local.demo.chance import OPENING
from deploy.local.demo.office import Office, Work
from deploy.local.demo.reminders import stage_days
from deploy.local.demo.waiting import until
from deploy.local.demo.year import Year

_BEHIND = 12
FIRST = OPENING.date()
_DAY_ENDS = time(23, 59, 59)
_LOOKED_BY = time(8)
_WORK_IS_SENT = time(20, 30)
_NONE_WAITS = 'hopluc_outbox_depth{collection="reports"} 0.0'


class Player:
    """One run. ``told`` is called after each day, for whoever shows progress."""

    def __init__(
        self, office: Office, plan: Plan, year: Year, clock_file: Path, seconds: float, told: Callable[[date], None]
    ) -> None:
        """`seconds` of real time are meant for the whole year; it takes longer where the system does."""
        self._office = office
        self._year = year
        self._clock_file = clock_file
        self._told = told
        self._stages = stage_days(plan)
        self._days = days_of(year)
        self._pace = seconds / self._days
        self._working: set[asyncio.Task[None]] = set()

    async def play(self) -> None:
        """Play the whole year."""
        office, year = self._office, self._year
        changes = _by_day(year.changes, lambda change: max(change.at, OPENING))
        sayings = _by_day(year.sayings, lambda saying: saying.sent)
        reports = _by_day(year.reports, lambda report: report.at)
        freezes = _by_day(year.consolidations, lambda one: one.at)
        garbage = _by_day(year.garbage, lambda one: one.sent)
        returned = _by_day(year.disputes, lambda one: one.report.at)
        for day in (FIRST + timedelta(days=number) for number in range(self._days)):
            await self._until_evening(day)
            await self._begin_work(office.change(changes.get(day, ())))
            await self._begin_work(office.say(sayings.get(day, ())))
            await office.hand_in(reports.get(day, ()))
            if day in freezes or day in returned:
                await self._finish_work()
            if day in returned:
                await self._reports_said()
                await office.send_back(returned[day])
            if again := [one for one in year.disputes if one.again_on == day]:
                await office.settle(again)
                await self._reports_said()
                await office.accept(again)
            await office.deal(year.difficulties, day)
            await office.consolidate(freezes.get(day, ()))
            await office.litter(garbage.get(day, ()))
            self._told(day)
        await self._finish_work()

    async def _begin_work(self, work: Iterable[Work]) -> None:
        """Systems and clerks work on while the days go by, but no more than so many pieces are behind."""
        self._working |= {asyncio.create_task(one) for one in work}
        while len(self._working) > _BEHIND:
            await self._wait_for_work(asyncio.FIRST_COMPLETED)

    async def _finish_work(self) -> None:
        if self._working:
            await self._wait_for_work(asyncio.ALL_COMPLETED)

    async def _wait_for_work(self, when: str) -> None:
        done, self._working = await asyncio.wait(self._working, return_when=when)
        for one in done:
            one.result()

    async def _until_evening(self, day: date) -> None:
        """Let a day's clock run. Where reminders may fall due, notify knows all reports so far, and has looked."""
        if day in self._stages:
            await self._reports_heard()
        clock = self._begin(day)
        if day in self._stages:
            await self._looked(day)
        evening = datetime.combine(day, _WORK_IS_SENT, VIETNAM)
        while (left := evening - clock.now()) > timedelta():
            await clock.sleep(left)

    def _begin(self, day: date) -> ScaledClock:
        write_clock_file(
            self._clock_file,
            anchor=datetime.combine(day, time(), VIETNAM),
            speed=86_400 / self._pace,
            until=datetime.combine(day, _DAY_ENDS, VIETNAM),
        )
        return ScaledClock(self._clock_file)

    async def _looked(self, day: date) -> None:
        looked_by = datetime.combine(day, _LOOKED_BY, VIETNAM)

        async def looked() -> bool:
            told = (await self._office.read("notify", "/v1/notifications?limit=1")).json()["looked_until"]
            return bool(told) and datetime.fromisoformat(told) >= looked_by

        await until(looked, f"notify looks on {day}")

    async def _reports_said(self) -> None:
        """Everything that was said of reports is heard, and marked as said.

        What is written over a report before that has its message said again, which whoever hears it passes by; here
        records are counted.
        """
        await self._reports_heard()

        async def marked() -> bool:
            return _NONE_WAITS in (await self._office.read("reporting", "/metrics")).text

        await until(marked, "reporting has said all of reports")

    async def _reports_heard(self) -> None:
        announced = self._office.answers.announced
        wanted = f'hopluc_events_heard_total{{topic="coop.reporting.v1"}} {float(announced)}'

        async def heard() -> bool:
            return announced == 0 or wanted in (await self._office.read("notify", "/metrics")).text

        await until(heard, f"notify hears {announced} events of reporting")


def days_of(year: Year) -> int:
    """How many days are played: to the day after the last batch."""
    return (max(saying.sent for saying in year.sayings).date() - FIRST).days + 2


def _by_day(things: Iterable[Any], at: Callable[[Any], datetime]) -> Mapping[date, list[Any]]:
    days: dict[date, list[Any]] = {}
    for thing in things:
        days.setdefault(local_day(at(thing)), []).append(thing)
    return days
