"""Nouns of notify. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

import msgspec

from contracts.kinds.notify import Stage

STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order they open, and behind them those that open when a report is returned, or signed figures restated."""
SCHEDULED: tuple[Stage, ...] = STAGES[: STAGES.index("returned")]

State = Literal["planned", "sent", "dropped"]
STATES: tuple[State, ...] = get_args(State)


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When reminders open, and how failures to send them are borne. All spans are of the clock's time."""

    opens_at: time = time(8)
    """Local time of day at which a stage opens."""
    leave_after: timedelta = timedelta(days=30)
    """How long past its last moment a duty is still reminded of."""
    in_use_since: date = date.min
    """The first local day on which reports are handed in here: a duty whose last day is before it is nobody's here."""
    lease: timedelta = timedelta(minutes=10)
    """How long a copy of notify that took a round has to send it before another may take it."""
    first_pause: timedelta = timedelta(minutes=1)
    """The pause after a first failure to send; it doubles with each."""
    longest_pause: timedelta = timedelta(hours=1)


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder of one duty, or news of a period. `to` is an e-mail address, empty where none is known; `problem`
    says in Vietnamese why it is not sent, or that it may have been; a planned one without a problem is being sent."""

    agency: str
    period: str
    stage: Stage
    to: str
    state: State = "planned"
    sent_at: datetime | None = None
    problem: str = ""
    version: int = 0
    """The version of the report that was returned, at the stage ``returned``; at ``restated`` the note's number."""

    @property
    def id(self) -> str:
        version = f"-{self.version}" if self.version else ""
        return f"{self.agency}/{self.period}/{self.stage}{version}"


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """Reminders of one period and stage that were planned, and are sent, together.

    Whoever wants to send them first writes a new `try_at`; until then nobody else touches them.
    """

    period: str
    stage: Stage
    planned_at: datetime
    try_at: datetime
    attempts: int
    reminders: tuple[Reminder, ...]

    @property
    def id(self) -> str:
        return f"{self.period}/{self.stage}/{self.planned_at.isoformat()}"

    @property
    def open(self) -> bool:
        """Whether it has reminders that are neither sent nor dropped."""
        return any(reminder.state == "planned" for reminder in self.reminders)


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a report was sent back: when, and with which remarks."""

    version: int
    at: datetime
    remarks: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says about an agency's report for a period: it is in, or it is not: returned, or taken back.

    `revision` orders what is said of one report: a version, its return, the next version.
    """

    agency: str
    period: str
    revision: int
    handed_in: bool
    returned: Returned | None = None

    @property
    def id(self) -> str:
        return report_id(self.agency, self.period)


class Restated(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says of a signed figure: what was signed, what was known before this note and is known now.

    ``figures`` of the same period and ``sequence`` make one note; 0 where that was not said. ``by`` signed.
    """

    period: str
    indicator: str
    sequence: int
    figures: int
    signed: int
    before: int
    after: int
    events: int
    agencies: tuple[str, ...]
    at: datetime
    reason: str
    by: str
    document: str

    @property
    def id(self) -> str:
        return f"{self.period}/{self.sequence}/{self.indicator}"


Notes = Mapping[tuple[str, int], Mapping[str, Restated]]
"""The figures of each restatement note, by indicator; a note by its period and number."""


Reports = Mapping[str, Said]
"""What was last said of each report, by `report_id`."""


def report_id(agency: str, period: str) -> str:
    return f"{agency}/{period}"
