"""The nouns of the register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from contracts.kinds.registry import (
    CooperativeAmended,
    CooperativeDissolved,
    CooperativeRegistered,
    CooperativeResumed,
    CooperativeSuspended,
    Form,
    Law,
    Sector,
)

Status = Literal["active", "suspended", "dissolved"]
Fact = CooperativeRegistered | CooperativeAmended | CooperativeSuspended | CooperativeResumed | CooperativeDissolved


class Numbers(msgspec.Struct, frozen=True):
    """The numbers other registers know a cooperative by; it may have neither. Never the key."""

    registration_number: str | None = None
    tax_number: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a cooperative's life: when it took effect, who told it, and what it says.

    ``numbers`` stay in the register: the published event does not carry them.
    """

    at: datetime
    agency: str
    data: Fact
    numbers: Numbers = Numbers()


class Cooperative(msgspec.Struct, frozen=True, kw_only=True):
    """A cooperative as it stands after its latest change.

    ``members`` counts official members, or member cooperatives of a union (lhhtx). ``capital`` is in đồng. ``law`` is
    the one it was registered under. ``changed_at`` is the business time of the latest change.
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
    numbers: Numbers
    registered_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Refused:
    """A request the rules do not allow: ``code`` for programs; in Vietnamese the reason, and how to mend it."""

    code: str
    reason: str
    remedy: str
