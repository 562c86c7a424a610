"""Workbooks over HTTP: the templates, and the rows that come back."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from catalogue.model import Unit
from catalogue.windows import local_day
from chassis.auth import Principal, router, speaker
from chassis.problem import Problem
from chassis.store import Taken
from chassis.workbook.layout import Layout
from chassis.workbook.package import MEDIA_TYPE, NotAWorkbook, TooLarge
from chassis.workbook.read import read
from chassis.workbook.receipts import WorkbookReceiptsView, receipts_of, refused_of
from chassis.workbook.write import template
from contracts.kinds import KINDS
from contracts.topics import SUPPORT
from services.support.deps import Deps
from services.support.forms import layout_of
from services.support.rows import take_rows

_KINDS = {name: kind for name, kind in KINDS.items() if kind.speaker == SUPPORT.speaker}
_FILE: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
_TAKEN_AS = (MEDIA_TYPE, "application/octet-stream")

Agency = Annotated[Principal, Depends(speaker("agency"))]


class TemplateView(BaseModel):
    """A template that the speaker may use today; ``href`` is where it is."""

    kind: str
    title: str
    href: str


class TemplatesView(BaseModel):
    """The templates that the speaker may use today."""

    templates: list[TemplateView]


def workbooks(deps: Deps) -> APIRouter:
    """The routes of templates and of what is filled into them."""
    guarded = router()
    _templates(guarded, deps)
    _uploads(guarded, deps)
    return guarded


def _templates(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/templates")
    async def templates(who: Agency) -> TemplatesView:
        """The kinds of event that the speaker may say today, each with its template."""
        today = local_day(deps.clock.now())
        kinds = [kind for kind in _KINDS.values() if deps.plan.may_say(who.agency or "", kind.name, today)]
        return TemplatesView(
            templates=[
                TemplateView(kind=kind.name, title=kind.title, href=f"/v1/templates/{kind.name}.xlsx") for kind in kinds
            ]
        )

    @router.get("/v1/templates/{kind}.xlsx", response_class=Response, responses={200: {"content": _FILE}})
    async def empty_form(kind: str, who: Agency) -> Response:
        """The template of a kind, to be filled in with Excel. Whether the speaker may say it is judged row by row."""
        layout = _layout(deps, kind, _units(deps, who))
        if layout is None:
            detail = f"Không có mẫu cho loại sự kiện `{kind}`; danh sách mẫu ở /v1/templates."
            raise Problem(404, "/problems/no-such-template", "Không có mẫu này", detail)
        content = await asyncio.to_thread(template, layout, rows=deps.settings.workbook_max_rows)
        return _workbook(content, f"{kind}.xlsx")


def _uploads(router: APIRouter, deps: Deps) -> None:
    reading = asyncio.Semaphore(1)

    @router.post(
        "/v1/workbooks",
        openapi_extra={"requestBody": {"required": True, "content": _FILE}},
        response_model=WorkbookReceiptsView,
        responses={200: {"content": _FILE}},
    )
    async def filled_form(request: Request, who: Agency) -> WorkbookReceiptsView | Response:
        """Send a filled-in template: a receipt for each row. Accept: the type of .xlsx gives the refused rows back."""
        _of_known_type(request)
        content, units = await request.body(), deps.plan.units
        try:
            async with reading:  # one at a time: what a workbook may unpack to is much
                limits = deps.settings.workbook_limits
                filled = await asyncio.to_thread(read, content, lambda name: _layout(deps, name, units), limits)
            judged = await take_rows(deps, who.agency or "", filled, _KINDS[filled.layout.name])
        except NotAWorkbook as error:
            raise _problem(error) from error
        except Taken as taken:
            detail = "Các sự kiện này đang được gửi cùng lúc từ nơi khác; hãy gửi lại tệp."
            raise Problem(409, "/problems/conflict", "Xung đột", detail) from taken
        if MEDIA_TYPE not in request.headers.get("accept", ""):
            return receipts_of(filled, judged)
        layout = _layout(deps, filled.layout.name, _units(deps, who)) or filled.layout
        rows = deps.settings.workbook_max_rows
        again = await asyncio.to_thread(refused_of, filled, judged, layout, rows=rows)
        return _workbook(again, f"{filled.layout.name}.tu-choi.xlsx")


def _layout(deps: Deps, kind: str, units: tuple[Unit, ...]) -> Layout | None:
    return layout_of(_KINDS[kind], units) if kind in _KINDS else None


def _units(deps: Deps, who: Principal) -> tuple[Unit, ...]:
    """The units that the speaker can choose from today: its own, or all that stand."""
    today = local_day(deps.clock.now())
    own = deps.plan.agency(who.agency or "").unit
    return tuple(unit for unit in deps.plan.units_on(today) if own in (None, unit.code))


def _of_known_type(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TAKEN_AS:
        detail = f"Gửi nội dung tệp .xlsx với Content-Type: {MEDIA_TYPE}."
        raise Problem(415, "/problems/media-type", "Loại nội dung không được nhận", detail)


def _problem(error: NotAWorkbook) -> Problem:
    status = 413 if isinstance(error, TooLarge) else 422
    detail = f"{error.reason[:1].upper()}{error.reason[1:]}."
    return Problem(status, f"/problems/{error.code}", "Không nhận được bảng tính", detail, remedy=error.remedy)


def _workbook(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})
