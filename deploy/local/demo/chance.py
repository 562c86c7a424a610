"""Seeded chance, and instants in working hours."""

import random
from datetime import date, datetime, time, timedelta

from catalogue.windows import VIETNAM

FIRST_DAY = date(2020, 12, 15)
LAST_DAY = date(2021, 12, 31)
OPENING = datetime(2020, 12, 14, tzinfo=VIETNAM)
"""Where the clock begins; what is registered before has happened already."""


class Chance(random.Random):
    """A random source that also knows working days."""

    def instant(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> datetime:
        """A moment in working hours of a weekday, both days included where they are weekdays."""
        day = first + timedelta(self.randint(0, (last - first).days))
        friday = self.workday(day, -1)
        day = friday if friday >= first else self.workday(day)
        minute = self.randint(0, 8 * 60 - 1)
        return datetime.combine(day, time(8), VIETNAM) + timedelta(minutes=minute + (60 if minute >= 240 else 0))

    @staticmethod
    def workday(day: date, step: int = 1) -> date:
        """The day itself, or the weekday nearest after it; before it with a step of -1."""
        while day.weekday() >= 5:
            day += timedelta(step)
        return day

    def roughly(self, middle: int) -> int:
        """A whole number around the middle, never below 1, with a long tail upwards."""
        return max(1, round(middle * self.lognormvariate(0, 0.4)))

    def money(self, middle: int) -> int:
        """Whole đồng, rounded to 100,000."""
        return max(1, round(self.roughly(middle) / 100_000)) * 100_000
