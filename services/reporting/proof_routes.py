"""What can be asked of changes: what changed a figure since it was signed, what late data would, how a rebuild does."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import HTMLResponse

from chassis.auth import Principal, speaker
from chassis.problem import Problem
from contracts.envelope import Event, Malformed, read
from services.reporting import proofs
from services.reporting import store as kept
from services.reporting.asked import ABOVE, ThePeriod, not_signed
from services.reporting.deps import Deps
from services.reporting.past import Restated
from services.reporting.proof_views import (
    NotesView,
    PreviewView,
    RebuildsView,
    RebuildView,
    RestatementView,
    name_of,
    restatement_view,
)
from services.reporting.provenance.pages import ROWS, restatements_page
from services.reporting.provenance.restated import lines, told
from services.reporting.provenance.seeking import indicator_of
from services.reporting.views import ConsolidationView

_MOST = 1_000
_MOST_NOTES = 100


def proving(router: APIRouter, deps: Deps) -> None:
    """The routes."""
    _restatements(router, deps)
    _rebuilds(router, deps)


def _restatements(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/periods/{period}/restatements")
    async def restatements(period: ThePeriod, who: Annotated[Principal, Depends(speaker(*ABOVE))]) -> RestatementView:
        """What changed the figures of a signed period since, event by event."""
        frozen = await kept.consolidation_of(deps.store, period.code)
        if frozen is None or frozen.signature is None:
            raise not_signed(period)
        return await _view(deps, frozen, await proofs.restate(deps, frozen))

    @router.get("/periods/{period}/restatements", response_class=HTMLResponse)
    async def restatements_as_page(
        period: ThePeriod,
        who: Annotated[Principal, Depends(speaker(*ABOVE))],
        indicator: Annotated[str | None, Query(max_length=64)] = None,
        after: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    ) -> HTMLResponse:
        """The same as a page to read, of one indicator or of every one that was touched."""
        chosen = None if indicator is None else indicator_of(deps, indicator)
        frozen = await kept.consolidation_of(deps.store, period.code)
        if frozen is None or frozen.signature is None:
            raise not_signed(period)
        restated = [one for one in await proofs.restate(deps, frozen) if chosen in (None, one.indicator)]
        page = told(restated)[after : after + ROWS]
        sources = {name_of(one.change): one.change.source for one in page}
        events = dict(zip(sources, await proofs.events_of(deps, sources.values()), strict=True))
        parts = lines(page, events)
        signed = proofs.signed_told(frozen)
        return HTMLResponse(restatements_page(deps.plan, frozen, signed, restated, parts, chosen, after))

    @router.get("/v1/periods/{period}/restatement-notes")
    async def restatement_notes(
        period: ThePeriod,
        who: Annotated[Principal, Depends(speaker(*ABOVE))],
        after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=_MOST_NOTES)] = 20,
    ) -> NotesView:
        """The notes of the restatement ledger, each as it was said on Kafka; none while the period is not signed."""
        notes = [note for _, _, note in await kept.notes_of(deps.store, period.code, after, limit)]
        return NotesView(notes=notes, next=notes[-1].number if len(notes) == limit else None)

    @router.post("/v1/previews")
    async def preview(
        events: Annotated[list[dict[str, Any]], Body(min_length=1, max_length=_MOST)],
        who: Annotated[Principal, Depends(speaker("agency", "consolidator"))],
    ) -> PreviewView:
        """What events would change in signed periods if they were accepted; nothing is kept. An agency's own only."""
        asked = [_event(event, number, who) for number, event in enumerate(events)]
        by_name = {_name(event): event for event in asked}
        return PreviewView(
            periods=[
                restatement_view(frozen, restated, by_name)
                for frozen, restated in await proofs.preview(deps, asked)
                if restated
            ]
        )


def _rebuilds(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/rebuilds")
    async def rebuilds(who: Annotated[Principal, Depends(speaker(*ABOVE, "operator"))]) -> RebuildsView:
        """How far each new count of the ledger is, or what it came to, the newest first."""
        return RebuildsView(rebuilds=[RebuildView.model_validate(one) for one in await kept.progress(deps.store)])


async def _view(deps: Deps, frozen: ConsolidationView, restated: list[Restated]) -> RestatementView:
    sources = {change.source.entry[:3]: change.source for one in restated for change in one.changes}
    events = await proofs.events_of(deps, sources.values())
    return restatement_view(frozen, restated, {_name(event): event for event in events})


def _event(event: dict[str, Any], number: int, who: Principal) -> Event:
    told = event.get("agency", who.agency)
    if who.agency is not None and told != who.agency:
        detail = f"Sự kiện thứ {number + 1} ghi cơ quan khác với người gửi ({who.agency})."
        raise Problem(403, "/problems/other-agency", "Không được phép", detail)
    try:
        return read(msgspec.json.encode({**event, "agency": told}))
    except UnicodeEncodeError as error:
        detail = f"Sự kiện thứ {number + 1} có ký tự không hợp lệ."
        raise Problem(422, "/problems/malformed", "Sự kiện không đọc được", detail) from error
    except Malformed as error:
        detail = f"Sự kiện thứ {number + 1}, {error.pointer}: {error.reason}"
        raise Problem(422, "/problems/malformed", "Sự kiện không đọc được", detail) from error


def _name(event: Event) -> str:
    return f"{event.fact} {event.envelope.revision} {event.envelope.id}"
