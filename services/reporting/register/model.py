"""The nouns of the register beside the report duties: tasks as their owners' duties, papers, rates."""

from dataclasses import dataclass
from datetime import date, datetime

from catalogue.shares import thousandths
from services.reporting.model import State


@dataclass(frozen=True)
class Paper:
    """A document that was issued or approved: what a task that asks for one is done by."""

    agency: str
    tasks: frozenset[str]
    at: datetime
    title: str
    number: str | None


@dataclass(frozen=True, slots=True)
class PaperTold:
    """What one event tells of a paper, by its teller's name; no paper where it takes one back. Of those of a fact the
    one of the highest rank holds. ``day``: its business day; ``heard_at``: milliseconds since 1970 UTC."""

    fact: str
    rank: tuple[int, str]
    kind: str
    day: date
    heard_at: int
    paper: Paper | None


@dataclass(frozen=True)
class TaskEntry:
    """A task as the duty of one of its owners for a period, until the last moment for the period's reports, or that of
    the task's own last day.

    ``newest`` is the newest event of the window that counts for it; ``delivered`` the newest paper it asks for, of this
    period or an earlier one. ``met_at``: the business time of the event or paper that meets it, else when the report
    first told of it; ``version`` is that report's newest. ``overdue``: nothing is known of it and the last moment has
    passed. ``late_days`` are local days past it, of what met it or so far.
    """

    task: str
    agency: str
    state: State
    last_moment: datetime
    overdue: bool
    newest: datetime | None
    delivered: Paper | None
    met_at: datetime | None = None
    late_days: int = 0
    version: int | None = None
    document: str | None = None
    """By which the report says that nothing happened, or that the task is excused."""

    @property
    def on_time(self) -> bool | None:
        """Whether what met it came in time; None where nothing has."""
        return None if self.met_at is None else self.late_days == 0


@dataclass(frozen=True)
class Rate:
    """How many duties there are; how many of them are due, since they are met or their last moment has passed; how many
    of these are met, and how many of those were on time. Each is part of the one before, so no rate exceeds 1,000."""

    duties: int
    due: int
    met: int
    on_time: int

    @property
    def completeness(self) -> int | None:
        """Duties met, of those due, per thousand; None where none is due."""
        return thousandths(self.met, self.due) if self.due else None

    @property
    def timeliness(self) -> int | None:
        """Duties met on time, of those due, per thousand; None where none is due."""
        return thousandths(self.on_time, self.due) if self.due else None
