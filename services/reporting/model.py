"""The nouns of reporting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from catalogue.model import Duty
from services.reporting.reports.model import Report


class CellKey(NamedTuple):
    """Which rolling aggregate: indicator x stretch of days x agency x unit."""

    indicator: str
    stretch: str  # first day, ISO
    agency: str
    unit: str  # "" where the event is of the province as a whole


@lru_cache(maxsize=262_144)
def cell_key(indicator: str, stretch: str, agency: str, unit: str) -> CellKey:
    """The one key of these parts: a million rows share a few thousand keys."""
    return CellKey(indicator, stretch, agency, unit)


class Row(msgspec.Struct, frozen=True, gc=False):
    """What one event adds to one cell: an amount, or one mention of a cooperative where cooperatives are counted."""

    key: CellKey
    member: str  # the cooperative's code for a distinct indicator, "" otherwise
    amount: int

    @property
    def indicator(self) -> str:
        return self.key.indicator


class Entry(NamedTuple):
    """What the ledger keeps of one event beside its bytes."""

    fact: str
    revision: int
    id: str
    time: int  # business time, milliseconds since 1970 UTC
    rows: tuple[Row, ...]


class Cell(msgspec.Struct, gc=False, array_like=True):
    """One rolling aggregate.

    ``members`` counts the mentions of each cooperative, so that a mention can be taken back; ``newest`` is the business
    time of the newest event heard for the cell, superseded ones included, in milliseconds since 1970 UTC.
    """

    amount: int
    members: dict[str, int]
    newest: int


@dataclass(frozen=True)
class Refused(Exception):
    """A request that the rules do not allow: ``code`` for programs, ``reason`` in Vietnamese for people."""

    code: str
    reason: str


State = Literal["activity", "nil", "excused", "missing"]
PeriodState = Literal["open", "in_consolidation", "signed"]
"""Open until its figures are first frozen; in consolidation, again and again, until they are signed."""


@dataclass(frozen=True)
class RegisterEntry:
    """One duty and how it stands: a missing report is ``overdue`` once its last moment has passed.

    ``report`` is the newest version; of a missing one, that which was returned, if there is any.
    """

    duty: Duty
    state: State
    on_time: bool | None
    overdue: bool
    report: Report | None


@dataclass(frozen=True)
class Figure:
    """An indicator's value for a window; of an average also the total and how many it is of.

    ``expected`` agencies answer for the task; ``in_`` of them have handed in their report for the period (or, owing
    none, have events counted). ``newest`` is the newest event counted, ``None`` where there is none.
    """

    indicator: str
    value: int
    newest: datetime | None
    expected: int
    in_: int
    breakdown: Mapping[str, int]
    numerator: int | None = None
    denominator: int | None = None
