"""Requests as a district or the registrar would make them; every test changes only what it is about."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from catalogue.model import Plan
from services.registry.decide import decide
from services.registry.fold import fold
from services.registry.model import Change, Cooperative, Refused
from services.registry.requests import Amend, Dissolve, Register, Request, Resume, Suspend

LOCAL = timezone(timedelta(hours=7))
NOW = datetime(2022, 1, 1, tzinfo=UTC)
REGISTRAR = "SKHDT"
DISTRICT = "UBND-181"
CODE = "HTX-181-01"


def on(year: int, month: int, day: int, hour: int = 8) -> datetime:
    """A moment of a Vietnamese day."""
    return datetime(year, month, day, hour, tzinfo=LOCAL)


BEGAN = on(2021, 3, 2)


def register(**other: Any) -> Register:
    asked = {
        "code": CODE,
        "form": "htx",
        "name": "HTX Nông nghiệp Tân Văn",
        "sector": "agriculture",
        "members": 9,
        "capital": 500_000_000,
        "unit": "181",
        "at": BEGAN.isoformat(),
    }
    return Register.model_validate(asked | _written(other))


def amend(at: datetime = BEGAN, **other: Any) -> Amend:
    return Amend.model_validate({"at": at.isoformat(), **other})


def suspend(at: datetime = BEGAN, **other: Any) -> Suspend:
    return Suspend.model_validate({"at": at.isoformat(), **other})


def resume(at: datetime = BEGAN, **other: Any) -> Resume:
    return Resume.model_validate({"at": at.isoformat(), **other})


def dissolve(at: datetime = BEGAN, **other: Any) -> Dissolve:
    return Dissolve.model_validate({"at": at.isoformat(), "reason": "Không còn hoạt động", **other})


def decided(
    plan: Plan, state: Cooperative | None, request: Request, speaker: str = DISTRICT, now: datetime = NOW
) -> Change | Refused:
    code = request.code if isinstance(request, Register) else CODE
    return decide(state, request, code=code, speaker=speaker, plan=plan, now=now)


def after(plan: Plan, *requests: Request, speaker: str = DISTRICT, now: datetime = NOW) -> Cooperative:
    """How a cooperative stands after requests that are all allowed."""
    state: Cooperative | None = None
    for request in requests:
        change = decided(plan, state, request, speaker, now)
        assert isinstance(change, Change), change
        state = fold(state, change)
    assert state is not None
    return state


def refusal(outcome: Change | Refused) -> str:
    """The code of a refusal, which must say why and how to mend it."""
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason
    assert outcome.remedy
    return outcome.code


def _written(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
