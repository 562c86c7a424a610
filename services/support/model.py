"""The nouns of intake."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.kinds.registry import Form

Status = Literal["active", "suspended", "dissolved"]
Effect = Literal["limit", "in", "out", "overdue"]

OVERDRAWN = "overdrawn"
"""Why an event is held that would take more out of an account than came in: what it waits for has its own key, so
nothing waits behind it."""


@dataclass(frozen=True)
class Known:
    """A cooperative as one of registry's events left it, from the day ``since``; ``version`` counts its changes."""

    code: str
    version: int
    since: date
    status: Status
    form: Form
    unit: str | None
    name: str


@dataclass(frozen=True)
class Unsaid:
    """One of registry's events of a cooperative that registry has taken back: that version never was."""

    code: str
    version: int


@dataclass(frozen=True)
class Caution:
    """What is unusual about an event that is taken all the same; in Vietnamese."""

    code: str
    pointer: str
    reason: str


@dataclass(frozen=True)
class Step:
    """What a fact does to an account: a loan's limit, money into the account, out of it, or overdue; in đồng.

    A fact that was taken back has the amount 0. Of a fact's steps the one of the highest (``revision``, ``id``) holds.
    Of a loan, ``cooperative`` is who borrows, and ``programme`` what the money is from; a retraction names neither.
    """

    account: str
    fact: str
    effect: Effect
    day: date
    amount: int
    revision: int
    id: str
    cooperative: str = ""
    programme: str = ""


@dataclass(frozen=True)
class Sound:
    """An event in which nothing is wrong by itself; whether it is new, and about whom, is not known yet.

    ``claim`` stands for its identity (agency, source, id); ``fact`` is what it states (kind and subject), which a
    higher ``revision`` corrects. ``day`` is its business day. ``cooperatives`` are the codes it mentions, each with the
    JSON pointer to the place. ``step`` is what it does to an account, if anything. ``value`` is the canonical event.
    """

    id: str
    claim: str
    kind: str
    subject: str
    day: date
    cooperatives: tuple[tuple[str, str], ...]
    value: bytes
    revision: int = 1
    retracted: bool = False
    step: Step | None = None
    warnings: tuple[Caution, ...] = ()

    @property
    def fact(self) -> str:
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True)
class Accepted:
    """An event that is taken: new, and about cooperatives that may have it."""

    event: Sound
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class Held:
    """An event that is kept, and said once what it waits for is there: where, in Vietnamese what, and what to do."""

    event: Sound
    code: str
    pointer: str
    reason: str
    remedy: str
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class Duplicate:
    """An event that was taken before; ``of`` is the batch that keeps it."""

    id: str
    of: str


@dataclass(frozen=True)
class Refused:
    """An event that is not taken: where (JSON pointer), and in Vietnamese why, and how to mend it."""

    id: str | None
    code: str
    pointer: str
    reason: str
    remedy: str


Outcome = Accepted | Held | Duplicate | Refused
