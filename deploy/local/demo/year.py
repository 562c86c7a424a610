"""What an invented year is made of. Every instant is business time in Vietnam unless it says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Change:
    """A change of the register: what a district office or the registrar asks, and what registry should say of it.

    ``path`` is the route below ``/v1/cooperatives``, or nothing where the change follows from another one; ``kind`` and
    ``data`` are those of the canonical event. What has one ``life`` is asked one after the other.
    """

    at: datetime
    agency: str
    path: str | None
    body: Mapping[str, Any]
    kind: str
    data: Mapping[str, Any]
    life: str


@dataclass(frozen=True)
class Saying:
    """An event as an agency's system sends it at ``sent``; ``sound`` unless it must be refused."""

    sent: datetime
    agency: str
    event: Mapping[str, Any]
    sound: bool = True


@dataclass(frozen=True)
class HandIn:
    """A report as an agency hands it in."""

    at: datetime
    agency: str
    periods: tuple[str, ...]
    outcome: str
    document: str | None
    declared: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Dispute:
    """A report that declares another figure than its agency's events make (``counted``): returned in the evening of the
    day that it was handed in, handed in again with that figure some days later, and accepted."""

    report: HandIn
    indicator: str
    counted: int
    again_on: date

    @property
    def period(self) -> str:
        return self.report.periods[0]


@dataclass(frozen=True)
class Dealing:
    """A step about an obstacle, by whom: an agency's code, or a role."""

    on: date
    step: str
    key: str
    body: Mapping[str, str]


@dataclass(frozen=True)
class Difficulty:
    """An obstacle that an agency's people raise, and what becomes of it, in the order of days."""

    agency: str
    task: str
    text: str
    raised_on: date
    dealings: tuple[Dealing, ...]


@dataclass(frozen=True)
class Consolidating:
    """The consolidator freezes a period."""

    at: datetime
    period: str


@dataclass(frozen=True)
class Garbage:
    """Bytes that some broken program writes straight onto a canonical topic."""

    sent: datetime
    topic: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Year:
    """Everything that happens, each list in the order of its instants."""

    changes: Sequence[Change]
    sayings: Sequence[Saying]
    reports: Sequence[HandIn]
    consolidations: Sequence[Consolidating]
    garbage: Sequence[Garbage]
    disputes: Sequence[Dispute] = ()
    difficulties: Sequence[Difficulty] = ()
