"""Held events over HTTP: what waits, and taking it back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from chassis.auth import Principal, router, speaker, whose
from chassis.problem import Problem
from chassis.store import Document, Stale
from services.support import store as kept
from services.support.deps import Deps
from services.support.holding import withdraw

Looking = Annotated[Principal, Depends(speaker("agency", "consolidator", "operator"))]


class HeldView(BaseModel):
    """An event that is kept and not yet said. ``held`` names it here; ``code``, ``reason`` and ``remedy`` say what it
    waits for, as it was last judged."""

    held: str
    agency: str
    id: str
    kind: str
    subject: str
    since: datetime
    code: str
    pointer: str
    reason: str
    remedy: str


class HeldPage(BaseModel):
    """Held events, oldest first; ``next`` goes on, absent at the end."""

    held: list[HeldView]
    next: str | None = None


def held(deps: Deps) -> APIRouter:
    """The routes of held events."""
    guarded = router(prefix="/v1/held")

    @guarded.get("")
    async def waiting(
        who: Looking,
        agency: str | None = None,
        after: Annotated[str | None, Query(max_length=128, description="`next` of the page before")] = None,
        batches: Annotated[int, Query(ge=1, le=100, description="most batches looked through")] = 20,
    ) -> HeldPage:
        """What is held of an agency's events, and what each waits for; an agency sees its own."""
        found = await kept.holding(deps.store, whose(who, agency), after=after, limit=batches)
        events = [view for batch in found for view in _views(batch)]
        return HeldPage(held=events, next=found[-1].id if len(found) == batches else None)

    @guarded.delete("/{held}", status_code=204)
    async def take_back(held: str, who: Annotated[Principal, Depends(speaker("agency"))]) -> None:
        """Withdraw a held event: it will not be said. To say it after all, send it under another id."""
        try:
            found = await withdraw(deps, who.agency or "", held)
        except Stale as error:
            raise Problem(409, "/problems/conflict", "Xung đột", "Sự kiện đang được xử lý; hãy thử lại.") from error
        if not found:
            detail = "Không có sự kiện này trong các sự kiện đang giữ: đã phát đi, đã rút, hoặc của cơ quan khác."
            raise Problem(404, "/problems/not-held", "Không có sự kiện đang giữ", detail)

    return guarded


def _views(document: Document) -> list[HeldView]:
    return [
        HeldView(
            held=place.held.event.claim,
            agency=document.body["agency"],
            id=place.held.event.id,
            kind=place.held.event.kind,
            subject=place.held.event.subject,
            since=place.since,
            code=place.held.code,
            pointer=place.held.pointer,
            reason=place.held.reason,
            remedy=place.held.remedy,
        )
        for place in kept.places_in(document)
    ]
