"""What support remembers of the cooperatives registry tells of: how each of its events left it. Pure."""

from collections.abc import Sequence
from datetime import date

from contracts.kinds.registry import (
    CooperativeAmended,
    CooperativeConverted,
    CooperativeDissolved,
    CooperativeDivided,
    CooperativeFact,
    CooperativeMerged,
    CooperativeSuspended,
)
from services.support.model import Known, Status


def known(fact: CooperativeFact, day: date) -> Known:
    """How the cooperative stands after the event of that day."""
    return Known(fact.cooperative, fact.version, day, _status(fact), fact.form, fact.unit, fact.name)


def active_on(versions: Sequence[Known], day: date) -> bool:
    """Whether it was active at any moment of the day, by what registry has told so far, in any order.

    A status holds from its own day until the next version's; on the day of a change both hold.
    """
    told = sorted((one for one in versions if one.since <= day), key=lambda one: one.version)
    before = [one for one in told if one.since < day]
    return any(one.status == "active" for one in before[-1:] + told[len(before) :])


def _status(fact: CooperativeFact) -> Status:
    match fact:
        case CooperativeSuspended() | CooperativeAmended(active=False) | CooperativeConverted(active=False):
            return "suspended"
        case CooperativeDissolved() | CooperativeMerged() | CooperativeDivided():
            return "dissolved"
        case _:
            return "active"
