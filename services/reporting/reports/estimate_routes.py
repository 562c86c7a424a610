"""Who expects what of an indicator (ước thực hiện): declared in reports, so made of no events."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from catalogue.model import Indicator
from catalogue.windows import Period, local_day, window
from chassis.auth import whose
from services.reporting.asked import AsOf, Reader, ThePeriod, known_at
from services.reporting.deps import Deps
from services.reporting.organisation import names_of
from services.reporting.provenance.seeking import Agency, Map, Version, frozen_in, the_indicator
from services.reporting.reports import store as kept
from services.reporting.reports.gathered import expected_of
from services.reporting.reports.pages import estimates_page
from services.reporting.reports.views import EstimatesView, EstimateView


def expecting(router: APIRouter, deps: Deps) -> None:
    """The routes."""

    async def found(
        period: ThePeriod,
        indicator: Annotated[Indicator, Depends(the_indicator(deps))],
        who: Reader,
        agency: Agency = None,
        map_: Map = "day",
        as_of: AsOf = None,
        version: Version = None,
    ) -> EstimatesView:
        if version is not None:
            told = (await frozen_in(deps, period, version)).estimates
        else:
            told = expected_of(deps.plan, (await kept.reports_of(deps.store, period.code, as_of)).values())
        today, last_day = local_day(deps.clock.now()), window(period, "administrative").last_day
        chosen, named = whose(who, agency), names_of(deps.plan, map_, today, last_day).agencies
        mine = [one for one in told if chosen in (None, named.get(one.agency, one.agency))]
        return _view(period, indicator, [one for one in mine if one.indicator == indicator.code])

    Found = Annotated[EstimatesView, Depends(found)]  # noqa: N806

    @router.get("/v1/periods/{period}/estimates")
    async def estimates(view: Found) -> EstimatesView:
        """Who expects what of an indicator, now, at a moment, or as it was frozen; an agency sees its own."""
        return view

    @router.get("/periods/{period}/estimates", response_class=HTMLResponse)
    async def estimates_as_page(view: Found, version: Version = None, as_of: AsOf = None) -> HTMLResponse:
        """The same as a page to read."""
        frozen = await frozen_in(deps, Period.parse(view.period), version) if version is not None else None
        moment = frozen.consolidated_at if frozen else known_at(as_of, None, deps.clock.now())
        return HTMLResponse(estimates_page(view, moment, version))


def _view(period: Period, indicator: Indicator, told: list[EstimateView]) -> EstimatesView:
    return EstimatesView(
        period=period.code,
        indicator=indicator.code,
        title=indicator.title,
        unit=indicator.unit,
        estimate=sum(one.estimate for one in told),
        estimates=told,
    )
