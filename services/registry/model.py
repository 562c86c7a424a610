"""The nouns of the register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from contracts.kinds.registry import (
    ActivityReported,
    CooperativeAmended,
    CooperativeConverted,
    CooperativeDissolved,
    CooperativeDivided,
    CooperativeEvaluated,
    CooperativeMerged,
    CooperativeRegistered,
    CooperativeResumed,
    CooperativeSuspended,
    Form,
    Law,
    Sector,
)

Status = Literal["active", "suspended", "dissolved", "merged", "divided", "annulled"]
GONE: tuple[Status, ...] = ("dissolved", "merged", "divided", "annulled")
Size = Literal["micro", "small", "medium", "large", "unknown"]
Fact = (
    CooperativeRegistered
    | CooperativeAmended
    | CooperativeSuspended
    | CooperativeResumed
    | CooperativeDissolved
    | CooperativeMerged
    | CooperativeDivided
    | CooperativeConverted
)


class Numbers(msgspec.Struct, frozen=True):
    """The numbers other registers know a cooperative by; it may have neither. Never the key."""

    registration_number: str | None = None
    tax_number: str | None = None

    def over(self, before: "Numbers") -> "Numbers":
        """These, and what is not told as it was before."""
        return Numbers(self.registration_number or before.registration_number, self.tax_number or before.tax_number)


class Product(msgspec.Struct, frozen=True):
    """A product of the cooperative, with its OCOP stars where it has any (QĐ 1048/QĐ-TTg: one to five)."""

    name: str
    stars: int | None = None


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What only the register knows: who represents the cooperative, where it is, what it does (VSIC, QĐ
    27/2018/QĐ-TTg), what it makes. Never published."""

    representative: str | None = None
    address: str | None = None
    industries: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()


class Annulment(msgspec.Struct, frozen=True, kw_only=True):
    """That a change was told by mistake, and why: it never happened, and its number stays used."""

    recorded_at: datetime
    reason: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a cooperative's life: when it took effect, who told it, and what it says.

    ``numbers`` and ``details`` (as they are after it) stay in the register: the published event does not carry them.
    ``shared`` is a change that others are part of, by merging or dividing.
    """

    at: datetime
    agency: str
    data: Fact
    numbers: Numbers = Numbers()
    details: Details = Details()
    shared: bool = False
    annulled: Annulment | None = None


class Cooperative(msgspec.Struct, frozen=True, kw_only=True):
    """A cooperative as it stands after its latest change.

    ``members`` counts official members, or member cooperatives of a union (lhhtx); ``women`` and ``minority`` are among
    them and the linked ones. ``capital`` is in đồng. ``law`` is the one it was registered under. ``changed_at`` is the
    business time of the latest change.
    """

    code: str
    version: int
    status: Status
    form: Form
    name: str
    sector: Sector
    unit: str
    members: int
    capital: int
    law: Law
    linked_members: int = 0
    women: int = 0
    minority: int = 0
    workers: int = 0
    managers: int = 0
    managers_vocational: int = 0
    managers_college: int = 0
    numbers: Numbers
    details: Details = Details()
    registered_at: datetime
    changed_at: datetime


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a change for another cooperative: it leaves the register ``into`` the changed one, or it is
    entered as ``register`` asks. ``key`` makes it happen once."""

    code: str
    at: datetime
    agency: str
    key: str
    into: str | None = None
    register: dict[str, Any] | None = None


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was refused when it was to be carried out, and never will be: which, when and why, as the refusal
    says it (``code``, and in Vietnamese ``reason`` and ``remedy``)."""

    step: Step
    at: datetime
    code: str
    reason: str
    remedy: str


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """What was told of one year of a cooperative: ``revision`` counts the statements of the same thing. With
    ``retracted``, the reason, this revision takes ``data`` back."""

    at: datetime
    agency: str
    revision: int
    data: ActivityReported | CooperativeEvaluated
    retracted: str | None = None

    @property
    def name(self) -> str:
        """What it is a statement of; the highest revision holds."""
        match self.data:
            case ActivityReported():
                return activity_of(self.data.year, estimate=self.data.estimate)
            case CooperativeEvaluated():
                return evaluation_of(self.data.year)


def activity_of(year: int, *, estimate: bool) -> str:
    """The name of a year's results, or of their estimate."""
    return f"activity-{year}" + ("-estimate" if estimate else "")


def evaluation_of(year: int) -> str:
    """The name of a year's class."""
    return f"evaluation-{year}"


@dataclass(frozen=True)
class Refused:
    """A request the rules do not allow: ``code`` for programs; in Vietnamese the reason, and how to mend it."""

    code: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Repeated:
    """A request that was carried out before: ``of`` is the cooperative that it was about, ``state`` how the one that is
    asked about stands."""

    of: str
    state: Cooperative


Outcome = Cooperative | Repeated | Refused
"""What became of a request: the cooperative after it, that it was known, or why not."""
