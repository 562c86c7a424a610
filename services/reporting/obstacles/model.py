"""The nouns of obstacles (khó khăn, vướng mắc). An obstacle is known by who raised it and its subject."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from catalogue.windows import local_day

RAISED, SOLVED = "obstacle.raised", "obstacle.solved"
KINDS = (RAISED, SOLVED)

State = Literal["open", "forwarded", "answered", "closed"]
Sort = Literal["forwarded", "answered", "closed"]
STATES: tuple[State, ...] = ("open", "forwarded", "answered", "closed")
PENDING = STATES[:-1]
"""What is not closed."""
AGES = (("7", 7), ("30", 30), ("90", 90))
"""Buckets of age by their upper end, in days; what is older is ``more``."""


@dataclass(frozen=True)
class Told:
    """What an agency told over HTTP, with its report for a period or at any time."""

    text: str
    at: datetime
    task: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Step:
    """What somebody did about an obstacle: ``by`` is the agency acting; ``text`` the answer, or how it was solved."""

    sort: Sort
    at: datetime
    by: str
    document: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Life:
    """What was done about an obstacle over HTTP, in order. ``told`` is absent where events alone raised it."""

    obstacle: str
    agency: str
    subject: str
    told: Told | None = None
    steps: tuple[Step, ...] = ()

    def last(self, sort: Sort) -> Step | None:
        return next((step for step in reversed(self.steps) if step.sort == sort), None)

    def at(self, moment: datetime) -> "Life":
        """What was told and done by a moment."""
        told = self.told if self.told and self.told.at <= moment else None
        return replace(self, told=told, steps=tuple(step for step in self.steps if step.at <= moment))


@dataclass(frozen=True)
class Obstacle:
    """How an obstacle stands; ``solution`` is how it was solved, where that is known."""

    id: str
    agency: str
    subject: str
    text: str
    raised_at: datetime
    task: str | None
    period: str | None
    forwarded: Step | None
    answered: Step | None
    closed_at: datetime | None
    solution: str | None
    withdrawn: bool

    @property
    def state(self) -> State:
        if self.closed_at:
            return "closed"
        return "answered" if self.answered else "forwarded" if self.forwarded else "open"

    @property
    def place(self) -> str:
        """Where it comes among all, the longest raised first."""
        return f"{instant(self.raised_at)}-{self.id}"

    def days_open(self, now: datetime) -> int:
        """Local days from when it was raised to when it was closed, or to now."""
        return days_between(self.raised_at, self.closed_at or now)


class Pending(NamedTuple):
    """What is measured of an obstacle that is not closed."""

    state: State
    raised_at: datetime


def instant(moment: datetime) -> str:
    """A moment, to a thousandth of a second, in words that sort as moments do."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def raised_at(place: str) -> datetime:
    """Since when the obstacle at a place has been open."""
    return datetime.fromisoformat(place[: len("2021-05-03T03:00:00.000")]).replace(tzinfo=UTC)


def days_between(first: datetime, last: datetime) -> int:
    """Local days from a moment to a later one."""
    return max(0, (local_day(last) - local_day(first)).days)


def obstacle_id(agency: str, subject: str) -> str:
    """By what an obstacle is known in addresses: sixteen hexadecimal digits."""
    return hashlib.sha256(f"{agency} {subject}".encode()).hexdigest()[:16]


def age(days: int) -> str:
    """The bucket of an age."""
    return next((name for name, most in AGES if days <= most), "more")


def ageing(pending: Iterable[Pending], now: datetime) -> tuple[Mapping[tuple[State, str], int], int]:
    """How many there are, by state and bucket of age, zeros too; and how many days the oldest has been open."""
    counts: dict[tuple[State, str], int] = {
        (state, name): 0 for state in PENDING for name in (*(name for name, _ in AGES), "more")
    }
    oldest = 0
    for one in pending:
        days = days_between(one.raised_at, now)
        counts[one.state, age(days)] += 1
        oldest = max(oldest, days)
    return counts, oldest
