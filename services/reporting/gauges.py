"""The plan's present figures as metrics, for whoever watches rather than asks: every indicator in the quarter that is
going on, and how the duties of those who are obliged to report stand for
it and the one before.

As many series as the plan has indicators; none is of an agency, a cooperative or an event.
"""

import asyncio
import logging
from collections import Counter
from datetime import date
from typing import get_args

from catalogue.windows import Period, local_day, periods_of, window
from chassis.metrics import DUTIES, INDICATOR
from chassis.process import Part
from chassis.store import StoreUnavailable
from services.reporting import store as kept
from services.reporting.decide import register
from services.reporting.deps import Deps
from services.reporting.figures import Question, buckets, values
from services.reporting.model import State
from services.reporting.register.rates import apart
from services.reporting.reports.store import reports_of

_log = logging.getLogger(__name__)


def quarter_of(day: date) -> Period:
    """The administrative quarter that the day falls in: the 15th of December is in the next year's first."""
    quarters = (period for year in (day.year, day.year + 1) for period in periods_of(year) if period.cycle == "quarter")
    return next(period for period in quarters if day in window(period, "administrative"))


class Gauges:
    """Tells them, and forgets those of a quarter that is over."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._told = ""

    async def tell(self) -> None:
        """Read the present figures and duties, two reads and one, and set the gauges. Raises `StoreUnavailable`."""
        now = self._deps.clock.now()
        period = quarter_of(local_day(now))
        if self._told not in ("", period.code):
            self._forget(Period.parse(self._told))
        self._told = period.code
        await self._tell_indicators(period)
        for one in _watched(period):
            duties = self._deps.plan.duties_for(one.code)
            entries = register(duties, await reports_of(self._deps.store, one.code), now)
            obliged, _ = apart(self._deps.plan, entries, lambda entry: entry.duty.agency)
            states = Counter(entry.state for entry in obliged)
            for state in get_args(State):
                self._deps.metrics.set(DUTIES, states[state], period=one.code, state=state)

    async def _tell_indicators(self, period: Period) -> None:
        asked = Question(window(period, "administrative"))
        cells = await kept.read_cells(self._deps.store, buckets(asked.window), self._deps.counting)
        found = values(self._deps.plan, asked, cells)
        for labels in self._labels(period):
            self._deps.metrics.set(INDICATOR, found[labels["indicator"]], **labels)

    def _forget(self, period: Period) -> None:
        for labels in self._labels(period):
            self._deps.metrics.forget(INDICATOR, **labels)
        for one in _watched(period):
            for state in get_args(State):
                self._deps.metrics.forget(DUTIES, period=one.code, state=state)

    def _labels(self, period: Period) -> list[dict[str, str]]:
        return [
            {"task": task.code, "indicator": one.code, "unit": one.unit, "period": period.code}
            for task in self._deps.plan.tasks
            for one in task.indicators
        ]


def _watched(period: Period) -> tuple[Period, Period]:
    return period.previous, period


def gauging(deps: Deps, every: float) -> Part:
    """The part that tells them every so many seconds; 0: never."""
    gauges = Gauges(deps)

    async def run() -> None:
        while True:
            try:
                await gauges.tell()
            except StoreUnavailable as error:
                _log.warning("figures are not told as metrics: %s", error)
            await asyncio.sleep(every)

    return Part("gauges", run=run if every else None)
