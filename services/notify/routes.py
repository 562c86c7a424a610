"""What notify can be asked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from chassis.auth import Principal, add, router, speaker, whose
from chassis.letters import letters
from services.notify import store as kept
from services.notify.deps import Deps
from services.notify.looking import Looking
from services.notify.views import NotificationsView, notifications


def routes(deps: Deps, looking: Looking) -> APIRouter:
    """Notify's routes over its dependencies and its loop."""
    guarded = router()

    @guarded.get("/v1/notifications")
    async def reminders(
        who: Annotated[Principal, Depends(speaker("agency", "consolidator", "leader", "operator"))],
        period: Annotated[str | None, Query(max_length=64, examples=["2021-Q2"])] = None,
        agency: Annotated[str | None, Query(max_length=64)] = None,
        after: Annotated[str, Query(max_length=256, description="The `next` of the page before.")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> NotificationsView:
        """Reminders, and news of restated figures: planned, sent, or dropped because the report came in, a later stage
        was reached, or it is no news any more."""
        looked_until = looking.looked_until  # before the read: what it promises must be in what is read after it
        rounds = [held.round for held in await kept.rounds(deps.store, period)]
        return notifications(rounds, agency=whose(who, agency), after=after, limit=limit, looked_until=looked_until)

    add(guarded, letters(deps.dead_letters))
    return guarded
