"""The register's workbooks over HTTP: the templates, and what is filled into them, a whole register in one file too."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from catalogue.model import Unit
from catalogue.windows import local_day
from chassis.auth import Principal, speaker
from chassis.problem import Problem
from chassis.workbook.http import FILE, UPLOAD, TemplatesView, Uploads, templates_at
from chassis.workbook.layout import Layout
from chassis.workbook.receipts import WorkbookReceiptsView
from services.registry.deps import Deps
from services.registry.forms import FORMS, layout_of
from services.registry.imports import take_rows

Agency = Annotated[Principal, Depends(speaker("agency"))]


def workbooks(router: APIRouter, deps: Deps) -> None:
    """The routes of the register's forms."""
    uploads = Uploads(deps.workbook_limits)

    @router.get("/templates")
    async def templates(who: Agency) -> TemplatesView:
        """What can be told of cooperatives with Excel, each with its template."""
        return templates_at("/v1/cooperatives/templates", (form.kind for form in FORMS.values()))

    @router.get("/templates/{kind}.xlsx", response_class=Response, responses={200: {"content": FILE}})
    async def empty_form(kind: str, who: Agency) -> Response:
        """The template of a kind, to be filled in with Excel, a cooperative a row."""
        layout = _layout(kind, _units(deps, who))
        if layout is None:
            detail = f"Không có mẫu cho loại `{kind}`; danh sách mẫu ở /v1/cooperatives/templates."
            raise Problem(404, "/problems/no-such-template", "Không có mẫu này", detail)
        return await uploads.empty(layout)

    @router.post(
        "/workbook", openapi_extra=UPLOAD, response_model=WorkbookReceiptsView, responses={200: {"content": FILE}}
    )
    async def filled_form(request: Request, who: Agency) -> WorkbookReceiptsView | Response:
        """Carry out every row of a filled-in template: a receipt for each. Accept: the type of .xlsx gives the refused
        rows back."""
        filled = await uploads.read(request, lambda name: _layout(name, deps.plan.units))
        judged = await take_rows(deps, who.agency or "", filled)
        layout = _layout(filled.layout.name, _units(deps, who)) or filled.layout
        return await uploads.answer(request, filled, judged, layout)


def _layout(kind: str, units: tuple[Unit, ...]) -> Layout | None:
    return layout_of(FORMS[kind], units) if kind in FORMS else None


def _units(deps: Deps, who: Principal) -> tuple[Unit, ...]:
    return deps.plan.units_for(who.agency or "", local_day(deps.clock.now()))
