"""A consolidated period as documents: Word, workbook and JSON, of the consolidating agency or of the province."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.reporting.asked import FrozenOf, refusal
from services.reporting.deps import Deps
from services.reporting.document import docx, xlsx
from services.reporting.document.heading import Heading, Sender, heading
from services.reporting.document.opening import opening
from services.reporting.document.paper_view import PaperView, paper_view
from services.reporting.model import Refused
from services.reporting.views import ConsolidationView

From = Annotated[Sender, Query(alias="from", description="Who issues it: the consolidator, or the province above it")]
Number = Annotated[
    int | None, Query(ge=1, le=99_999, description="The document's number; else the signature's, or room for one")
]
IssuedOn = Annotated[
    date | None, Query(description="The day it is issued; else of the signature, or the consolidation")
]
_DOCUMENTS = {
    "docx": (docx.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (xlsx.render, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def documents(router: APIRouter, deps: Deps, frozen_of: FrozenOf) -> None:
    """The routes; ``frozen_of`` finds the consolidation of the path's period."""
    headed = _headed(deps)

    @router.get("/v1/periods/{period}/consolidation.json")
    async def paper(
        frozen: Annotated[ConsolidationView, Depends(frozen_of)],
        sender: From = "consolidator",
        number: Number = None,
        issued_on: IssuedOn = None,
    ) -> PaperView:
        """The same as the documents, for programs: what stands around the words, and what was frozen."""
        return paper_view(headed(frozen, sender, number, issued_on), sender, frozen)

    @router.get("/v1/periods/{period}/consolidation.{form}", response_class=Response)
    def document(  # in a thread: laying out takes most of a second
        frozen: Annotated[ConsolidationView, Depends(frozen_of)],
        form: Literal["docx", "xlsx"],
        sender: From = "consolidator",
        number: Number = None,
        issued_on: IssuedOn = None,
    ) -> Response:
        """The consolidated report as Word or Excel, in the name and to the agencies of the day it is issued."""
        render, media_type = _DOCUMENTS[form]
        head = headed(frozen, sender, number, issued_on)
        content = render(deps.plan, frozen, head, sender, opening(deps.address))
        name = f'attachment; filename="bao-cao-{head.letterhead.agency}-{frozen.period}.{form}"'
        return Response(content, media_type=media_type, headers={"Content-Disposition": name})


def _headed(deps: Deps) -> Callable[[ConsolidationView, Sender, int | None, date | None], Heading]:
    def headed(frozen: ConsolidationView, sender: Sender, number: int | None, issued_on: date | None) -> Heading:
        try:
            return heading(deps.plan, frozen, sender, number=number, issued_on=issued_on)
        except Refused as refused:
            raise refusal(refused) from refused

    return headed
