"""How a cooperative stands after each event of its life: state x event -> state. Pure."""

from collections.abc import Iterable
from typing import Any, assert_never

from msgspec.structs import replace

from contracts.kinds.registry import (
    COUNTED,
    CooperativeAmended,
    CooperativeConverted,
    CooperativeDissolved,
    CooperativeDivided,
    CooperativeMerged,
    CooperativeRegistered,
    CooperativeResumed,
    CooperativeSuspended,
)
from services.registry.model import Change, Cooperative, Status


def fold(state: Cooperative | None, change: Change) -> Cooperative:
    """The state after the change. The first change of a life is its registration; so is what follows on one that was
    annulled. Of a change that is annulled only its number remains.

    Raises:
        ValueError: the change does not follow on the state; `decide` never lets that happen.
    """
    follows = (state.version if state else 0) + 1
    if change.data.version != follows:
        raise ValueError(f"{change.data.cooperative}: change {change.data.version} where {follows} follows")
    if change.annulled:
        return replace(state, version=follows) if state else replace(_registered(change), status="annulled")
    if state is None or state.status == "annulled":
        return _registered(change)
    data = change.data
    return replace(
        state,
        version=data.version,
        status=_status(state.status, change),
        form=data.form,
        name=data.name,
        sector=data.sector,
        unit=data.unit or state.unit,
        law=data.law,
        numbers=change.numbers.over(state.numbers),
        details=change.details,
        changed_at=change.at,
        **_counted(change),
    )


def replay(changes: Iterable[Change]) -> Cooperative | None:
    """The state after all the changes of a life, in order; ``None`` before the first."""
    state: Cooperative | None = None
    for change in changes:
        state = fold(state, change)
    return state


def _registered(change: Change) -> Cooperative:
    data = change.data
    if not isinstance(data, CooperativeRegistered):
        raise ValueError(f"{data.cooperative}: a life cannot begin with {type(data).__name__}")
    return Cooperative(
        code=data.cooperative,
        version=data.version,
        status="active",
        form=data.form,
        name=data.name,
        sector=data.sector,
        unit=data.unit or "",
        law=data.law,
        numbers=change.numbers,
        details=change.details,
        registered_at=change.at,
        changed_at=change.at,
        **_counted(change),
    )


def _counted(change: Change) -> dict[str, Any]:
    return {name: getattr(change.data, name) for name in COUNTED}


def _status(before: Status, change: Change) -> Status:
    match change.data:
        case CooperativeRegistered() | CooperativeResumed():
            return "active"
        case CooperativeAmended() | CooperativeConverted():
            return before
        case CooperativeMerged():
            return "merged"
        case CooperativeDivided():
            return "divided"
        case CooperativeSuspended():
            return "suspended"
        case CooperativeDissolved():
            return "dissolved"
        case _:
            assert_never(change.data)
