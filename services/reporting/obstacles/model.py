"""The nouns of obstacles (khó khăn, vướng mắc). An obstacle is known by who raised it and its subject."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from catalogue.windows import local_day

RAISED, SOLVED = "obstacle.raised", "obstacle.solved"
KINDS = (RAISED, SOLVED)

State = Literal["open", "forwarded", "answered", "closed"]
Sort = Literal["forwarded", "answered", "closed"]
STATES: tuple[State, ...] = ("open", "forwarded", "answered", "closed")
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

    def days_open(self, now: datetime) -> int:
        """Local days from when it was raised to when it was closed, or to now."""
        return max(0, (local_day(self.closed_at or now) - local_day(self.raised_at)).days)


def obstacle_id(agency: str, subject: str) -> str:
    """By what an obstacle is known in addresses: sixteen hexadecimal digits."""
    return hashlib.sha256(f"{agency} {subject}".encode()).hexdigest()[:16]


def age(days: int) -> str:
    """The bucket of an age."""
    return next((name for name, most in AGES if days <= most), "more")


def ageing(obstacles: Iterable[Obstacle], now: datetime) -> tuple[Mapping[tuple[State, str], int], int]:
    """How many are not closed, by state and bucket of age, zeros too; and how many days the oldest has been open."""
    counts: dict[tuple[State, str], int] = {
        (state, name): 0 for state in STATES if state != "closed" for name in (*(name for name, _ in AGES), "more")
    }
    oldest = 0
    for one in obstacles:
        if one.state != "closed":
            days = one.days_open(now)
            counts[one.state, age(days)] += 1
            oldest = max(oldest, days)
    return counts, oldest
