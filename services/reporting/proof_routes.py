"""What can be asked about a figure: which events make it, what changed it since it was signed, what late data would."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AwareDatetime

from catalogue.model import Indicator
from catalogue.windows import Calendar, Period, window
from chassis.auth import Principal, speaker, whose
from chassis.comma_separated import comma_separated
from chassis.problem import Problem
from contracts.envelope import Event, Malformed, read
from services.reporting import proofs
from services.reporting import store as kept
from services.reporting.asked import ABOVE, Reader, ThePeriod, known_at
from services.reporting.deps import Deps
from services.reporting.pages import figure_page
from services.reporting.past import Restated
from services.reporting.proof_views import (
    NotesView,
    PreviewView,
    ProvenanceView,
    RebuildsView,
    RebuildView,
    RestatementView,
    SourceView,
    restatement_view,
    source_view,
)
from services.reporting.views import ConsolidationView

AsOf = Annotated[AwareDatetime | None, Query(description="As known at this moment; now, where left out")]
Signed = Annotated[bool, Query(description="As signed, where the period is; by the decree's calendar")]
Version = Annotated[
    int | None, Query(ge=1, le=999_999, description="As frozen in this version of the period's consolidation")
]
_MOST = 1_000
_MOST_NOTES = 100
_COLUMNS = tuple(SourceView.model_fields)


def proving(router: APIRouter, deps: Deps) -> None:
    """The routes."""
    _provenance(router, deps)
    _restatements(router, deps)
    _rebuilds(router, deps)


def _tracing(deps: Deps) -> Callable[..., Awaitable[proofs.Traced]]:
    """What finds the events behind the figure that is asked for."""

    def the_indicator(indicator: Annotated[str, Query(max_length=64)]) -> Indicator:
        found = deps.plan.indicator_by_code.get(indicator)
        if found is None:
            detail = f"Kế hoạch không có chỉ tiêu `{indicator}`."
            raise Problem(404, "/problems/unknown-indicator", "Không có chỉ tiêu này", detail)
        return found

    async def traced(
        period: ThePeriod,
        indicator: Annotated[Indicator, Depends(the_indicator)],
        who: Reader,
        calendar: Calendar = "administrative",
        agency: Annotated[str | None, Query(max_length=32)] = None,
        unit: Annotated[str | None, Query(max_length=5, description="Empty: of the province as a whole")] = None,
        as_of: AsOf = None,
        signed: Signed = False,
        version: Version = None,
    ) -> proofs.Traced:
        asked, chosen = window(period, calendar), whose(who, agency)
        behind = await signed_one(period) if signed else await frozen_one(period, version) if version else None
        return await proofs.trace(deps, indicator, asked, agency=chosen, unit=unit, moment=as_of, behind=behind)

    async def signed_one(period: Period) -> ConsolidationView:
        frozen = await kept.consolidation_of(deps.store, period.code)
        if frozen is None or frozen.signature is None:
            raise _not_signed(period)
        return frozen

    async def frozen_one(period: Period, version: int) -> ConsolidationView:
        frozen = await kept.consolidation_of(deps.store, period.code, version)
        if frozen is None:
            detail = f"Kỳ {period.code} chưa có bản tổng hợp lần {version}."
            raise Problem(404, "/problems/not-consolidated", "Chưa tổng hợp", detail)
        return frozen

    return traced


def _provenance(router: APIRouter, deps: Deps) -> None:
    traced = _tracing(deps)

    @router.get("/v1/periods/{period}/provenance")
    async def provenance(
        period: ThePeriod,
        found: Annotated[proofs.Traced, Depends(traced)],
        after: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
    ) -> ProvenanceView:
        """The events that make a figure; what they add is the figure. An agency sees its own."""
        page = found.events[after : after + limit]
        return ProvenanceView(
            period=period.code,
            indicator=found.indicator.code,
            title=found.indicator.title,
            unit=found.indicator.unit,
            measure=found.indicator.measure,
            value=found.worth.value,
            numerator=found.worth.numerator,
            denominator=found.worth.denominator,
            events=len(found.events),
            sources=[source_view(source, rows, found.indicator) for source, rows in page],
            next=after + limit if after + limit < len(found.events) else None,
        )

    _otherwise(router, deps, traced)


def _otherwise(router: APIRouter, deps: Deps, traced: Callable[..., Awaitable[proofs.Traced]]) -> None:
    @router.get("/periods/{period}/figure", response_class=HTMLResponse)
    async def figure(
        request: Request,
        period: ThePeriod,
        found: Annotated[proofs.Traced, Depends(traced)],
        calendar: Calendar = "administrative",
        after: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
        as_of: AsOf = None,
        signed: Signed = False,
        version: Version = None,
    ) -> HTMLResponse:
        """The same as a page to read."""
        moment, query = known_at(as_of, None, deps.clock.now()), request.query_params
        part = {name: query[name] for name in ("agency", "unit") if name in query}
        part |= {"signed": "true"} if signed else {"version": str(version)} if version else {}
        return HTMLResponse(figure_page(deps.plan, period, calendar, found, after, moment, part))

    @router.get("/v1/periods/{period}/provenance.csv", response_class=Response)
    async def provenance_as_csv(period: ThePeriod, found: Annotated[proofs.Traced, Depends(traced)]) -> Response:
        """The same, whole, as CSV."""
        views = (source_view(source, rows, found.indicator).model_dump(mode="json") for source, rows in found.events)
        content = comma_separated(_COLUMNS, ([view[name] for name in _COLUMNS] for view in views))
        name = f'attachment; filename="nguon-so-lieu-{period.code}.csv"'
        return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _restatements(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/periods/{period}/restatements")
    async def restatements(period: ThePeriod, who: Annotated[Principal, Depends(speaker(*ABOVE))]) -> RestatementView:
        """What changed the figures of a signed period since, event by event."""
        frozen = await kept.consolidation_of(deps.store, period.code)
        if frozen is None or frozen.signature is None:
            raise _not_signed(period)
        return await _view(deps, frozen, await proofs.restate(deps, frozen))

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


def _not_signed(period: Period) -> Problem:
    return Problem(404, "/problems/not-signed", "Chưa ký", f"Kỳ {period.code} chưa ký báo cáo tổng hợp.")


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
