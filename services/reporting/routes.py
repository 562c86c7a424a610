"""What reporting can be asked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from catalogue.windows import Calendar, local_day, quarter_of
from chassis.auth import Principal, add, router, speaker, whose
from chassis.letters import letters
from chassis.problem import Problem
from services.reporting import queries
from services.reporting import store as kept
from services.reporting.asked import ABOVE, AsOf, Day, Reader, ThePeriod, known_at, refusal
from services.reporting.deps import Deps
from services.reporting.document.routes import documents
from services.reporting.figures import Dimension
from services.reporting.handlers import Folding
from services.reporting.model import Refused
from services.reporting.obstacles.routes import minding_obstacles
from services.reporting.organisation import NamesName
from services.reporting.pages import period_page
from services.reporting.proof_routes import proving
from services.reporting.proofs import then_of
from services.reporting.provenance.routes import tracing
from services.reporting.provenance.seeking import Map
from services.reporting.register.queries import task_register_of
from services.reporting.register.routes import registering
from services.reporting.reports.estimate_routes import expecting
from services.reporting.reports.page_routes import report_pages
from services.reporting.reports.queries import discrepancies_of
from services.reporting.reports.routes import reporting
from services.reporting.summary_views import SummaryView
from services.reporting.views import (
    ConsolidationView,
    LedgerView,
    RegisterView,
    ledger_view,
)

OwnMap = Annotated[
    NamesName | None,
    Query(alias="map", description="The same; left out, an agency sees what it answers for"),
]


class ConsolidationBody(BaseModel):
    remarks: Annotated[str | None, Field(max_length=20_000)] = None


class SignatureBody(BaseModel):
    """``digest`` names the consolidation that the signer saw; ``basis`` is the legal one."""

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    document: Annotated[str, Field(pattern=r"\S", max_length=64)]
    basis: Annotated[str, Field(pattern=r"\S", max_length=500)]


def routes(deps: Deps, folding: Folding) -> APIRouter:
    """Reporting's routes over its dependencies and its fold."""
    guarded = router()
    _first(guarded, deps)
    _figures(guarded, deps, folding)
    reporting(guarded, deps, folding)
    report_pages(guarded, deps, folding)
    expecting(guarded, deps)
    _consolidations(guarded, deps, folding)
    tracing(guarded, deps)
    proving(guarded, deps)
    minding_obstacles(guarded, deps)
    registering(guarded, deps, folding)
    _ledger(guarded, deps, folding)
    add(guarded, letters(deps.dead_letters))
    return guarded


def _first(router: APIRouter, deps: Deps) -> None:
    @router.get(
        "/", status_code=303, response_class=Response, responses={303: {"description": "The page of today's quarter"}}
    )
    async def first(who: Reader) -> Response:
        """Where a person begins who knows no more than the service's address: the page of today's quarter."""
        return RedirectResponse(f"/periods/{quarter_of(local_day(deps.clock.now())).code}", 303)


def _figures(router: APIRouter, deps: Deps, folding: Folding) -> None:
    @router.get("/v1/periods/{period}/summary")
    async def summary(
        period: ThePeriod,
        who: Reader,
        calendar: Calendar = "administrative",
        agency: Annotated[str | None, Query(max_length=32)] = None,
        unit: Annotated[str | None, Query(max_length=5)] = None,
        by: Dimension | None = None,
        map_: Map = "day",
        as_of: AsOf = None,
    ) -> SummaryView:
        """Every task's figures for a period, of every event folded so far or by a moment; an agency sees what it told
        itself (by today's names, also what those told in whose place it stands; by the names of its report, all that it
        answers for)."""
        chosen = whose(who, agency)
        await folding.flush()
        then = await then_of(deps, known_at(as_of, None, deps.clock.now()))
        return await queries.summary(deps, period, calendar, agency=chosen, unit=unit, by=by, map_=map_, then=then)

    @router.get("/v1/periods/{period}/register")
    async def register(period: ThePeriod, who: Reader, as_of: AsOf = None) -> RegisterView:
        """Who owes a report for the period, and how each duty stands, or stood at a moment; an agency sees its own."""
        moment = known_at(as_of, None, deps.clock.now())
        return await queries.register_of(deps, period, agency=whose(who, None), moment=moment)

    @router.get("/periods/{period}", response_class=HTMLResponse)
    async def page(
        period: ThePeriod,
        who: Reader,
        calendar: Calendar = "administrative",
        by: Dimension | None = None,
        map_: OwnMap = None,
        as_of: AsOf = None,
        day: Day = None,
    ) -> HTMLResponse:
        """The same as a page to read. An agency's own has the figures of its report, unless it asks otherwise."""
        agency, own = whose(who, None), who.role == "agency"
        under: NamesName = map_ or ("answering" if own else "day")
        moment = known_at(as_of, day, deps.clock.now())
        await folding.flush()
        then = await then_of(deps, moment)
        summary = await queries.summary(deps, period, calendar, agency=agency, by=by, map_=under, then=then)
        register = await queries.register_of(deps, period, agency=agency, moment=moment)
        tasks = await task_register_of(deps, period, agency=agency, then=then)
        frozen = await kept.consolidation_at(deps.store, period.code, moment)
        open_ = await discrepancies_of(deps, period, agency, then)
        shown = period_page(deps.plan, summary, register, tasks, frozen, by, discrepancies=open_, own=own)
        return HTMLResponse(shown)


def _consolidations(router: APIRouter, deps: Deps, folding: Folding) -> None:
    @router.post("/v1/periods/{period}/consolidation", status_code=201)
    async def consolidate(
        period: ThePeriod,
        who: Annotated[Principal, Depends(speaker("consolidator"))],
        body: ConsolidationBody | None = None,
    ) -> ConsolidationView:
        """Freeze the period's figures and register; again, until it is signed, means a new version."""
        await folding.flush()
        by = deps.plan.consolidator(local_day(deps.clock.now()))
        try:
            frozen = await queries.consolidate(deps, period, by, body.remarks if body else None)
        except Refused as refused:
            raise refusal(refused) from refused
        deps.relay.wake()
        return frozen

    @router.post("/v1/periods/{period}/signature", status_code=201)
    async def sign(
        period: ThePeriod, who: Annotated[Principal, Depends(speaker("consolidator"))], body: SignatureBody
    ) -> ConsolidationView:
        """Sign the newest consolidation: its figures stand, and what changes later is told apart from them."""
        by = deps.plan.consolidator(local_day(deps.clock.now()))
        try:
            signed = await queries.sign(deps, period, by, body.digest, body.document, body.basis)
        except Refused as refused:
            raise refusal(refused) from refused
        deps.relay.wake()
        return signed

    async def frozen_of(
        period: ThePeriod,
        who: Annotated[Principal, Depends(speaker(*ABOVE))],
        version: Annotated[int | None, Query(ge=1, le=100_000, description="The newest, where left out")] = None,
    ) -> ConsolidationView:
        frozen = await kept.consolidation_of(deps.store, period.code, version)
        if frozen is None:
            which = f"chưa có bản tổng hợp lần {version}" if version else "chưa được tổng hợp và chốt số liệu"
            raise Problem(404, "/problems/not-consolidated", "Chưa tổng hợp", f"Kỳ {period.code} {which}.")
        return frozen

    @router.get("/v1/periods/{period}/consolidation")
    async def consolidation(frozen: Annotated[ConsolidationView, Depends(frozen_of)]) -> ConsolidationView:
        """The frozen figures and register, in any of their versions."""
        return frozen

    documents(router, deps, frozen_of)


def _ledger(router: APIRouter, deps: Deps, folding: Folding) -> None:
    @router.get("/v1/ledger")
    async def ledger(who: Annotated[Principal, Depends(speaker(*ABOVE, "operator"))]) -> LedgerView:
        """How far each partition is folded, and what was counted, ignored and put aside."""
        held = list(folding.partitions.items())  # partitions may come and go while the broker is asked
        return ledger_view([(partition, (await deps.bus.span(place)).end) for place, partition in held])
