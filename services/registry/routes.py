"""What registry can be asked."""

from typing import Annotated, assert_never

from fastapi import APIRouter, Depends, Header, Response

from catalogue.windows import local_day
from chassis.auth import Principal, router, speaker
from chassis.metrics import EVENTS_DUPLICATE
from chassis.problem import Problem
from services.registry import store as kept
from services.registry.decide import unknown
from services.registry.deps import Deps
from services.registry.evaluations import evaluations
from services.registry.finishing import reorganise
from services.registry.handlers import handle, take_back, tell_year
from services.registry.lists import Reader, lists, units_of
from services.registry.model import Cooperative, Outcome, Refused, Repeated
from services.registry.requests import (
    Amend,
    Annul,
    Convert,
    Dissolve,
    Divide,
    Evaluate,
    Merge,
    Register,
    ReportYear,
    Request,
    Resume,
    RetractYear,
    Suspend,
)
from services.registry.views import (
    CooperativeView,
    DossierView,
    TimelineView,
    cooperative_view,
    dossier_view,
    timeline_view,
)
from services.registry.workbooks import workbooks

_STATUSES = {
    "unknown": 404,
    "already-registered": 409,
    "stale": 409,
    "conflict": 409,
    "not-latest": 409,
    "shared": 409,
    "years-told": 409,
    "speaker-not-standing": 403,
    "not-a-registrar": 403,
    "not-the-speaker": 403,
    "union-at-province": 403,
    "other-unit": 403,
}
_TITLES = {
    403: "Không được phép",
    404: "Không có trong sổ đăng ký",
    409: "Xung đột với nội dung đã đăng ký",
    422: "Yêu cầu không đúng quy định",
}

Speaker = Annotated[Principal, Depends(speaker("agency"))]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Sent again with the same request, the change is not made twice.",
    ),
]


def routes(deps: Deps) -> APIRouter:
    """Registry's routes over its dependencies."""
    guarded = router(prefix="/v1/cooperatives", tags=["cooperatives"])
    workbooks(guarded, deps)
    lists(guarded, deps)
    evaluations(guarded, deps)
    _writes(guarded, deps)
    _reorganising(guarded, deps)
    _years(guarded, deps)
    _mistakes(guarded, deps)
    _reads(guarded, deps)
    return guarded


def _writes(router: APIRouter, deps: Deps) -> None:
    @router.post("", status_code=201)
    async def register(body: Register, who: Speaker, answer: Response, key: Key = None) -> CooperativeView:
        """Enter a cooperative into the register."""
        answer.headers["Location"] = f"{router.prefix}/{body.code}"
        return await _carried_out(deps, body.code, body, who, key)

    @router.post("/{code}/amendments")
    async def amend(code: str, body: Amend, who: Speaker, key: Key = None) -> CooperativeView:
        """Change what is registered."""
        return await _carried_out(deps, code, body, who, key)

    @router.post("/{code}/suspensions")
    async def suspend(code: str, body: Suspend, who: Speaker, key: Key = None) -> CooperativeView:
        """Stop an active cooperative for a time."""
        return await _carried_out(deps, code, body, who, key)

    @router.post("/{code}/resumptions")
    async def resume(code: str, body: Resume, who: Speaker, key: Key = None) -> CooperativeView:
        """Let a suspended cooperative work again."""
        return await _carried_out(deps, code, body, who, key)

    @router.post("/{code}/dissolutions")
    async def dissolve(code: str, body: Dissolve, who: Speaker, key: Key = None) -> CooperativeView:
        """Take a cooperative off the register for good."""
        return await _carried_out(deps, code, body, who, key)


def _reorganising(router: APIRouter, deps: Deps) -> None:
    @router.post("/{code}/conversions")
    async def convert(code: str, body: Convert, who: Speaker, key: Key = None) -> CooperativeView:
        """Let a group go on as a cooperative."""
        return await _carried_out(deps, code, body, who, key)

    @router.post("/{code}/mergers")
    async def merge(code: str, body: Merge, who: Speaker) -> CooperativeView:
        """Let others go into this one; they leave the register."""
        return _answered(deps, await reorganise(deps, code, body, speaker=who.agency or ""))

    @router.post("/{code}/divisions")
    async def divide(code: str, body: Divide, who: Speaker) -> CooperativeView:
        """Make new ones of this one, which leaves the register or goes on smaller."""
        return _answered(deps, await reorganise(deps, code, body, speaker=who.agency or ""))


def _mistakes(router: APIRouter, deps: Deps) -> None:
    @router.post("/{code}/annulments")
    async def annul(code: str, body: Annul, who: Speaker) -> CooperativeView:
        """Take back the latest change, which was told by mistake; it stays in the timeline."""
        return _answered(deps, await take_back(deps, code, body, speaker=who.agency or ""))

    @router.post("/{code}/years/retractions")
    async def retract(code: str, body: RetractYear, who: Speaker) -> CooperativeView:
        """Take back what was told of a year by mistake."""
        return await _told(deps, code, body, who)


def _years(router: APIRouter, deps: Deps) -> None:
    @router.post("/{code}/activities")
    async def report_year(code: str, body: ReportYear, who: Speaker) -> CooperativeView:
        """Tell a year's results: totals of the cooperative, from which averages are computed."""
        return await _told(deps, code, body, who)

    @router.post("/{code}/evaluations")
    async def evaluate(code: str, body: Evaluate, who: Speaker) -> CooperativeView:
        """Tell a year's class."""
        return await _told(deps, code, body, who)


def _reads(router: APIRouter, deps: Deps) -> None:
    @router.get("/{code}")
    async def cooperative(code: str, who: Reader) -> DossierView:
        """One cooperative and all its changes. What is not the reader's to see is not there."""
        dossier, state = await _seen(deps, code, who)
        return dossier_view(state, dossier, local_day(deps.clock.now()))

    @router.get("/{code}/timeline")
    async def timeline(code: str, who: Reader) -> TimelineView:
        """Everything that was told of a cooperative, by business time: changes, years, and by whom."""
        dossier, _ = await _seen(deps, code, who)
        return timeline_view(code, dossier)


async def _seen(deps: Deps, code: str, who: Principal) -> tuple[kept.Dossier, Cooperative]:
    dossier, units = await kept.dossier_of(deps.store, code), units_of(deps, who)
    state = dossier.state
    if state is None or (units is not None and state.unit not in units):
        raise problem(unknown(code))
    return dossier, state


async def _carried_out(deps: Deps, code: str, request: Request, who: Principal, key: str | None) -> CooperativeView:
    # Events and rows have keys of their own making: a caller's key must never be taken for one of those.
    owned = f"request {key}" if key else None
    return _answered(deps, await handle(deps, code, request, speaker=who.agency or "", key=owned))


def _answered(deps: Deps, outcome: Outcome) -> CooperativeView:
    match outcome:
        case Repeated(state=state):
            deps.metrics.count(EVENTS_DUPLICATE, source="http")
            return cooperative_view(state, (), local_day(deps.clock.now()))
        case Cooperative():
            return cooperative_view(outcome, (), local_day(deps.clock.now()))
        case Refused():
            raise problem(outcome)
        case _:
            assert_never(outcome)


async def _told(deps: Deps, code: str, request: ReportYear | Evaluate | RetractYear, who: Principal) -> CooperativeView:
    outcome = await tell_year(deps, code, request, speaker=who.agency or "")
    if isinstance(outcome, Refused):
        raise problem(outcome)
    dossier = await kept.dossier_of(deps.store, code)
    state = outcome.state if isinstance(outcome, Repeated) else outcome
    return cooperative_view(state, dossier.years, local_day(deps.clock.now()))


def problem(refused: Refused) -> Problem:
    """A refusal as the caller sees it."""
    status = _STATUSES.get(refused.code, 422)
    return Problem(status, f"/problems/{refused.code}", _TITLES[status], refused.reason, remedy=refused.remedy)
