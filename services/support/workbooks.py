"""Workbooks over HTTP: the templates, and the rows that come back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from catalogue.model import Unit
from catalogue.windows import local_day
from chassis.auth import Principal, router, speaker
from chassis.problem import Problem
from chassis.store import Stale, Taken
from chassis.workbook.http import FILE, UPLOAD, TemplatesView, Uploads, templates_at
from chassis.workbook.layout import Layout
from chassis.workbook.receipts import WorkbookReceiptsView
from contracts.kinds import KINDS
from contracts.topics import SUPPORT
from services.support.deps import Deps
from services.support.forms import layout_of
from services.support.rows import take_rows

_KINDS = {name: kind for name, kind in KINDS.items() if kind.speaker == SUPPORT.speaker}

Agency = Annotated[Principal, Depends(speaker("agency"))]


def workbooks(deps: Deps) -> APIRouter:
    """The routes of templates and of what is filled into them."""
    guarded, uploads = router(), Uploads(deps.settings.workbook_limits)
    _templates(guarded, deps, uploads)
    _uploads(guarded, deps, uploads)
    return guarded


def _templates(router: APIRouter, deps: Deps, uploads: Uploads) -> None:
    @router.get("/v1/templates")
    async def templates(who: Agency) -> TemplatesView:
        """The kinds of event that the speaker may say today, each with its template."""
        today = local_day(deps.clock.now())
        kinds = [kind for kind in _KINDS.values() if deps.plan.may_say(who.agency or "", kind.name, today)]
        return templates_at("/v1/templates", kinds)

    @router.get("/v1/templates/{kind}.xlsx", response_class=Response, responses={200: {"content": FILE}})
    async def empty_form(kind: str, who: Agency) -> Response:
        """The template of a kind, to be filled in with Excel. Whether the speaker may say it is judged row by row."""
        layout = _layout(kind, _units(deps, who))
        if layout is None:
            detail = f"Không có mẫu cho loại sự kiện `{kind}`; danh sách mẫu ở /v1/templates."
            raise Problem(404, "/problems/no-such-template", "Không có mẫu này", detail)
        return await uploads.empty(layout)


def _uploads(router: APIRouter, deps: Deps, uploads: Uploads) -> None:
    @router.post(
        "/v1/workbooks",
        openapi_extra=UPLOAD,
        response_model=WorkbookReceiptsView,
        responses={200: {"content": FILE}},
    )
    async def filled_form(request: Request, who: Agency) -> WorkbookReceiptsView | Response:
        """Send a filled-in template: a receipt for each row. Accept: the type of .xlsx gives the refused rows back."""
        filled = await uploads.read(request, lambda name: _layout(name, deps.plan.units))
        name = filled.layout.name
        try:
            judged = await take_rows(deps, who.agency or "", filled, _KINDS[name])
        except (Taken, Stale) as conflict:
            detail = "Các sự kiện này đang được gửi cùng lúc từ nơi khác; hãy gửi lại tệp."
            raise Problem(409, "/problems/conflict", "Xung đột", detail) from conflict
        return await uploads.answer(request, filled, judged, _layout(name, _units(deps, who)) or filled.layout)


def _layout(kind: str, units: tuple[Unit, ...]) -> Layout | None:
    return layout_of(_KINDS[kind], units) if kind in _KINDS else None


def _units(deps: Deps, who: Principal) -> tuple[Unit, ...]:
    return deps.plan.units_for(who.agency or "", local_day(deps.clock.now()))
