"""The nouns of intake."""

from dataclasses import dataclass
from typing import Literal

from contracts.kinds.registry import Form

Status = Literal["active", "suspended", "dissolved"]


@dataclass(frozen=True)
class Known:
    """A cooperative as registry last told of it; ``version`` counts its changes."""

    code: str
    version: int
    status: Status
    form: Form
    unit: str | None
    name: str


@dataclass(frozen=True)
class Sound:
    """An event in which nothing is wrong by itself; whether it is new, and about whom, is not known yet.

    ``claim`` stands for its identity (agency, source, id). ``cooperatives`` are the codes it mentions, each with the
    JSON pointer to the place. ``value`` is the canonical event.
    """

    id: str
    claim: str
    kind: str
    subject: str
    cooperatives: tuple[tuple[str, str], ...]
    value: bytes


@dataclass(frozen=True)
class Accepted:
    """An event that is taken: new, and about cooperatives that exist."""

    event: Sound


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


Outcome = Accepted | Duplicate | Refused
