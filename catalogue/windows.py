"""Which days a period's figures cover. Pure.

Two calendars: *administrative* is the cut-off rule of decree 09/2019/NĐ-CP, article 12 (the first quarter is
15 December to 14 March); *calendar* is first to last day, as statistics use. Half-year and year are sums of quarters in
both.

A *stretch* is a run of days that no window of either calendar cuts, so that one fold by stretch serves both.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

VIETNAM = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh: no daylight saving, so a fixed offset."""

Calendar = Literal["administrative", "calendar"]
CALENDARS: tuple[Calendar, ...] = ("administrative", "calendar")
Cycle = Literal["quarter", "half", "year"]

ONE_DAY = timedelta(days=1)
_STARTS = ((1, 1), (3, 15), (4, 1), (6, 15), (7, 1), (9, 15), (10, 1), (12, 15))
PERIOD_PATTERN = "^(20[0-9]{2})(?:-(Q[1-4]|H[12]))?$"
"""How a period's code is written. No plan on cooperatives is of another century."""

_PERIOD = re.compile(PERIOD_PATTERN)
_CYCLES: dict[str, Cycle] = {"Q": "quarter", "H": "half", "": "year"}
_QUARTERS = {"Q1": (1,), "Q2": (2,), "Q3": (3,), "Q4": (4,), "H1": (1, 2), "H2": (3, 4), "": (1, 2, 3, 4)}
_PARTS = {quarters: part for part, quarters in _QUARTERS.items()}
_NAMES = {
    "Q1": "quý I",
    "Q2": "quý II",
    "Q3": "quý III",
    "Q4": "quý IV",
    "H1": "6 tháng đầu",
    "H2": "6 tháng cuối",
}


def last_moment_of(day: date) -> datetime:
    """The last second of a local day: what is done until then is done on it."""
    return datetime.combine(day, time(23, 59, 59), VIETNAM)


def local_day(instant: datetime) -> date:
    """The day an instant falls on in Vietnam. The instant must know its zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True)
class Window:
    """A stretch of days, both ends inclusive."""

    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Period:
    """What a report is about, or is compared with: a quarter, a half-year, or a year.

    The decree gives the second half-year its days too (article 12), but no report is due for it: the year's tells it.
    """

    year: int
    part: str
    """``Q1`` to ``Q4``, ``H1``, ``H2``, or empty for the whole year."""

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read ``2021-Q2``, ``2021-H1`` or ``2021``.

        Raises:
            ValueError: it is none of these.
        """
        match = _PERIOD.fullmatch(code)
        if match is None:
            raise ValueError(f"{code!r} is not a period: write 2021-Q1, 2021-H1 or 2021")
        return cls(int(match[1]), match[2] or "")

    @property
    def code(self) -> str:
        return f"{self.year}-{self.part}" if self.part else str(self.year)

    @property
    def cycle(self) -> Cycle:
        return _CYCLES[self.part[:1]]

    @property
    def quarters(self) -> "tuple[Period, ...]":
        """The quarters it is the sum of; a quarter is its own."""
        return tuple(Period(self.year, f"Q{number}") for number in _QUARTERS[self.part])

    @property
    def name(self) -> str:
        """As people say it in Vietnamese: ``2021-Q2`` is quý II năm 2021."""
        return f"{_NAMES[self.part]} năm {self.year}" if self.part else f"năm {self.year}"

    @property
    def is_reported(self) -> bool:
        """Whether a report is due for it: for every period but a second half-year."""
        return self.part != "H2"

    @property
    def previous(self) -> "Period":
        """The one of its kind that ends where it begins; of a year that is also the same period of the year before."""
        first, length = _QUARTERS[self.part][0], len(_QUARTERS[self.part])
        year, first = (self.year, first - length) if first > length else (self.year - 1, first - length + 4)
        return Period(year, _PARTS[tuple(range(first, first + length))])

    @property
    def last_year(self) -> "Period":
        """The same period of the year before."""
        return Period(self.year - 1, self.part)

    @property
    def last_month(self) -> int:
        """The month, 1 to 12, whose days its deadlines are named after."""
        return 3 * _QUARTERS[self.part][-1]


def periods_of(year: int) -> tuple[Period, ...]:
    """The periods reported on in a year: its quarters, the first half-year, the year."""
    return tuple(period for part in _QUARTERS if (period := Period(year, part)).is_reported)


def quarter_of(day: date) -> Period:
    """The quarter that people speak of on a day, whose report falls due before its last month is over."""
    return Period(day.year, f"Q{(day.month + 2) // 3}")


def window(period: Period, calendar: Calendar) -> Window:
    """The days that the period's figures cover."""
    first_month, last_month = 3 * _QUARTERS[period.part][0] - 2, period.last_month
    if calendar == "calendar":
        return Window(date(period.year, first_month, 1), _first_of_next_month(period.year, last_month) - ONE_DAY)
    before = date(period.year, first_month, 1) - ONE_DAY
    return Window(before.replace(day=15), date(period.year, last_month, 14))


def stretch_of(day: date) -> date:
    """The first day of the stretch that holds the day."""
    month, first = _STARTS[bisect_right(_STARTS, (day.month, day.day)) - 1]
    return date(day.year, month, first)


def stretches(window: Window) -> tuple[date, ...]:
    """The stretches, by first day, whose days are exactly the window's.

    Raises:
        ValueError: the window cuts a stretch, so no sum of stretches equals it.
    """
    if stretch_of(window.first_day) != window.first_day:
        raise ValueError(f"{window} begins inside a stretch")
    if stretch_of(window.last_day) == stretch_of(window.last_day + ONE_DAY):
        raise ValueError(f"{window} ends inside a stretch")
    return tuple(start for start in _starts(window) if start in window)


def _starts(window: Window) -> Iterator[date]:
    for year in range(window.first_day.year, window.last_day.year + 1):
        yield from (date(year, month, day) for month, day in _STARTS)


def _first_of_next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
