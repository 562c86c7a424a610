"""The register as a workbook over HTTP: the template, and a whole register in one file."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from catalogue.windows import local_day
from chassis.auth import Principal, router, speaker
from chassis.workbook.http import FILE, UPLOAD, Uploads
from chassis.workbook.layout import Layout
from chassis.workbook.receipts import WorkbookReceiptsView
from services.registry.deps import Deps
from services.registry.forms import FORM, layout_of
from services.registry.imports import take_rows

Agency = Annotated[Principal, Depends(speaker("agency"))]


def workbooks(deps: Deps) -> APIRouter:
    """The routes of the register's form."""
    guarded, uploads = router(), Uploads(deps.workbook_limits)

    @guarded.get("/template.xlsx", response_class=Response, responses={200: {"content": FILE}})
    async def empty_form(who: Agency) -> Response:
        """The form in which a register is filled in with Excel, a cooperative a row."""
        return await uploads.empty(_layout(deps, who))

    @guarded.post(
        "/workbook", openapi_extra=UPLOAD, response_model=WorkbookReceiptsView, responses={200: {"content": FILE}}
    )
    async def filled_form(request: Request, who: Agency) -> WorkbookReceiptsView | Response:
        """Register every cooperative in a filled-in form: a receipt for each row. Accept: the type of .xlsx gives the
        refused rows back."""
        filled = await uploads.read(request, {FORM: layout_of(deps.plan.units)}.get)
        judged = await take_rows(deps, who.agency or "", filled)
        return await uploads.answer(request, filled, judged, _layout(deps, who))

    return guarded


def _layout(deps: Deps, who: Principal) -> Layout:
    """The form with the units that the speaker can choose from today."""
    return layout_of(deps.plan.units_for(who.agency or "", local_day(deps.clock.now())))
