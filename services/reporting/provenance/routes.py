"""Which events make a figure: as JSON page by page, as a page to read, whole as CSV."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from chassis.comma_separated import comma_separated, lines
from services.reporting import proofs
from services.reporting.asked import ThePeriod
from services.reporting.deps import Deps
from services.reporting.pages import figure_page
from services.reporting.proof_views import ProvenanceView, source_view
from services.reporting.provenance.seeking import Figure, seeking
from services.reporting.provenance.tables import COLUMNS, row

After = Annotated[int, Query(ge=0, le=100_000_000)]
_MOST = 1_000


def tracing(router: APIRouter, deps: Deps) -> None:
    """The routes."""
    asked = seeking(deps)

    @router.get("/v1/periods/{period}/provenance")
    async def provenance(
        period: ThePeriod,
        figure: Annotated[Figure, Depends(asked)],
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
    ) -> ProvenanceView:
        """The events that make a figure; what they add is the figure. An agency sees its own."""
        found = await proofs.trace(deps, figure.sought)
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

    @router.get("/periods/{period}/figure", response_class=HTMLResponse)
    async def figure_as_page(
        period: ThePeriod, figure: Annotated[Figure, Depends(asked)], after: After = 0
    ) -> HTMLResponse:
        """The same as a page to read; of a moment gone by, also what it is now."""
        found = await proofs.trace(deps, figure.sought)
        newest = replace(figure.sought, known=lambda _: True)
        then = (figure.moment, (await proofs.trace(deps, newest)).worth) if figure.moment else None
        return HTMLResponse(figure_page(deps.plan, period, found, figure.query, after, then))

    @router.get("/v1/periods/{period}/provenance.csv", response_class=Response)
    async def provenance_as_csv(period: ThePeriod, figure: Annotated[Figure, Depends(asked)]) -> StreamingResponse:
        """The same, whole, as CSV, in the order in which each partition heard the events."""
        name = f'attachment; filename="nguon-so-lieu-{period.code}.csv"'
        content = _exported(deps, figure.sought)
        return StreamingResponse(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


async def _exported(deps: Deps, sought: proofs.Sought) -> AsyncIterator[bytes]:
    yield comma_separated(tuple(COLUMNS), [])
    async for events in proofs.each(deps, sought):
        yield lines(row(source_view(source, rows, sought.indicator)) for source, rows in events)
