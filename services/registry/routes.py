"""What registry can be asked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response

from catalogue.windows import local_day
from chassis.auth import Principal, router, speaker
from chassis.problem import Problem
from contracts.kinds.registry import Form
from services.registry import store as kept
from services.registry.decide import unknown
from services.registry.deps import Deps
from services.registry.handlers import handle
from services.registry.model import Cooperative, Refused, Status
from services.registry.requests import Amend, Dissolve, Register, Request, Resume, Suspend, UnitCode
from services.registry.rules import seen_by
from services.registry.views import (
    CooperativesView,
    CooperativeView,
    DossierView,
    cooperative_view,
    dossier_view,
    page_view,
)
from services.registry.workbooks import workbooks

_STATUSES = {
    "unknown": 404,
    "already-registered": 409,
    "stale": 409,
    "conflict": 409,
    "speaker-not-standing": 403,
    "not-a-registrar": 403,
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
Reader = Annotated[Principal, Depends(speaker("agency", "consolidator", "leader"))]
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
    guarded.include_router(workbooks(deps))
    _writes(guarded, deps)
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


def _reads(router: APIRouter, deps: Deps) -> None:
    @router.get("")
    async def cooperatives(
        who: Reader,
        unit: UnitCode | None = None,
        status: Status | None = None,
        form: Form | None = None,
        after: Annotated[str | None, Query(max_length=32, description="The `next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> CooperativesView:
        """Cooperatives in the order of their codes."""
        filters = {"unit": unit, "status": status, "form": form}
        where: dict[str, Any] = {field: value for field, value in filters.items() if value is not None}
        if (units := _units_of(deps, who)) is not None:
            where["unit"] = {"$in": [each for each in units if unit in (None, each)]}
        return page_view(await kept.listed(deps.store, where, after=after, limit=limit + 1), limit)

    @router.get("/{code}")
    async def cooperative(code: str, who: Reader) -> DossierView:
        """One cooperative and all its changes. What is not the reader's to see is not there."""
        dossier, units = await kept.dossier_of(deps.store, code), _units_of(deps, who)
        if dossier.state is None or (units is not None and dossier.state.unit not in units):
            raise problem(unknown(code))
        return dossier_view(dossier.state, dossier.entries)


def _units_of(deps: Deps, who: Principal) -> tuple[str, ...] | None:
    """The units whose cooperatives are shown; None: all."""
    return seen_by(deps.plan, who.agency or "", local_day(deps.clock.now())) if who.role == "agency" else None


async def _carried_out(deps: Deps, code: str, request: Request, who: Principal, key: str | None) -> CooperativeView:
    outcome = await handle(deps, code, request, speaker=who.agency or "", key=key)
    match outcome:
        case Cooperative():
            return cooperative_view(outcome)
        case Refused():
            raise problem(outcome)


def problem(refused: Refused) -> Problem:
    """A refusal as the caller sees it."""
    status = _STATUSES.get(refused.code, 422)
    return Problem(status, f"/problems/{refused.code}", _TITLES[status], refused.reason, remedy=refused.remedy)
