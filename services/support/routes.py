"""What support can be asked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from chassis.auth import Principal, add, router, speaker
from chassis.bodies import DOCUMENTED, events_in
from chassis.letters import letters
from chassis.problem import Problem
from chassis.store import Stale, Taken
from chassis.total_routes import total_routes
from contracts.topics import SUPPORT
from services.support.deps import Deps
from services.support.held import held
from services.support.intake import take_in
from services.support.records import records
from services.support.views import ReceiptsView, receipts_view
from services.support.workbooks import workbooks


def routes(deps: Deps) -> APIRouter:
    """Support's routes over its dependencies."""
    guarded = router()

    @guarded.post("/v1/events", openapi_extra=DOCUMENTED, response_model_exclude_unset=True)
    async def events(request: Request, who: Annotated[Principal, Depends(speaker("agency"))]) -> ReceiptsView:
        """Send one event or a batch: a receipt for each, in order."""
        values = events_in(request.headers, await request.body(), deps.settings.max_events)
        try:
            return receipts_view(await take_in(deps, who.agency or "", values))
        except (Taken, Stale) as conflict:
            detail = "Các sự kiện này đang được gửi cùng lúc từ nơi khác; hãy gửi lại."
            raise Problem(409, "/problems/conflict", "Xung đột", detail) from conflict

    totals = total_routes(deps.totals, SUPPORT.speaker)
    add(guarded, workbooks(deps), held(deps), records(deps), totals, letters(deps.dead_letters))
    return guarded
