"""What support remembers of the cooperatives registry tells of: for each, how its newest event left it. Pure."""

from collections.abc import Iterable

from contracts.kinds.registry import (
    CooperativeAmended,
    CooperativeDissolved,
    CooperativeFact,
    CooperativeSuspended,
)
from services.support.model import Known, Status


def newest(facts: Iterable[CooperativeFact]) -> dict[str, Known]:
    """Per code, how the cooperative stands after the highest version among these, whatever order they came in."""
    known: dict[str, Known] = {}
    for fact in facts:
        held = known.get(fact.cooperative)
        if held is None or held.version < fact.version:
            known[fact.cooperative] = _known(fact)
    return known


def _known(fact: CooperativeFact) -> Known:
    return Known(fact.cooperative, fact.version, _status(fact), fact.form, fact.unit, fact.name)


def _status(fact: CooperativeFact) -> Status:
    match fact:
        case CooperativeSuspended() | CooperativeAmended(active=False):
            return "suspended"
        case CooperativeDissolved():
            return "dissolved"
        case _:
            return "active"
