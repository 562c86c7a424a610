"""How a query names a figure, so that the events behind it can be looked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from catalogue.model import Indicator
from catalogue.windows import PERIOD_PATTERN, Calendar, Period, Window, local_day, window
from chassis.auth import whose
from chassis.problem import Problem
from services.reporting import store as kept
from services.reporting.asked import AsOf, Reader, ThePeriod, known_at, not_signed, the_period
from services.reporting.deps import Deps
from services.reporting.organisation import NamesName, names_of
from services.reporting.past import Wanted, within
from services.reporting.proofs import Sought, known_by
from services.reporting.views import ConsolidationView

Agency = Annotated[str | None, Query(max_length=32)]
Unit = Annotated[str | None, Query(max_length=5, description="Empty: of the province as a whole")]
Map = Annotated[
    NamesName,
    Query(
        alias="map",
        description="By the names of the day, today's, the former districts', or of who answers for it in a report",
    ),
]
Beside = Annotated[
    str | None,
    Query(
        description="The period whose consolidation or report shows the figure, where it is another",
        json_schema_extra={"pattern": PERIOD_PATTERN},
    ),
]
Signed = Annotated[bool, Query(description="As signed, where the period is; by the decree's calendar")]
Version = Annotated[
    int | None, Query(ge=1, le=999_999, description="As frozen in this version of the period's consolidation")
]
SoFar = Annotated[
    bool, Query(description="From the first of the years for which the indicator has a target to the period's end")
]
_TEXTS = ("indicator", "calendar", "agency", "unit", "map", "as_of", "version", "beside")


@dataclass(frozen=True)
class Figure:
    """What is looked for, the query that names it, and the moment as of which it is asked for."""

    sought: Sought
    query: Mapping[str, str]
    moment: datetime | None


def seeking(deps: Deps) -> Callable[..., Awaitable[Figure]]:
    """What reads the query."""

    TheIndicator = Annotated[Indicator, Depends(the_indicator(deps))]  # noqa: N806
    Shown = Annotated[Period, Depends(_shown)]  # noqa: N806

    def the_cells(
        period: ThePeriod,
        shown: Shown,
        indicator: TheIndicator,
        who: Reader,
        calendar: Calendar = "administrative",
        agency: Agency = None,
        unit: Unit = None,
        map_: Map = "day",
        so_far: SoFar = False,
    ) -> Wanted:
        asked = window(period, calendar)
        over = _so_far(deps, indicator, period, calendar, asked) if so_far else asked
        last_day = window(shown, "administrative").last_day
        names = names_of(deps.plan, map_, local_day(deps.clock.now()), last_day)
        return within(over, indicator, agency=whose(who, agency), unit=unit, names=names)

    async def figure(
        request: Request,
        indicator: TheIndicator,
        wanted: Annotated[Wanted, Depends(the_cells)],
        shown: Shown,
        as_of: AsOf = None,
        signed: Signed = False,
        version: Version = None,
        so_far: SoFar = False,
    ) -> Figure:
        behind = await _frozen(deps, shown, version, signed=signed)
        query = {name: request.query_params[name] for name in _TEXTS if name in request.query_params}
        query |= {name: "true" for name, said in (("signed", signed), ("so_far", so_far)) if said}
        moment = known_at(as_of, None, deps.clock.now())
        return Figure(Sought(indicator, wanted, known_by(as_of, behind)), query, moment)

    return figure


def the_indicator(deps: Deps) -> Callable[[str], Indicator]:
    """What finds the indicator of a query."""

    def found(indicator: Annotated[str, Query(max_length=64)]) -> Indicator:
        return indicator_of(deps, indicator)

    return found


def indicator_of(deps: Deps, code: str) -> Indicator:
    """The indicator of a code.

    Raises:
        Problem: 404 where there is none.
    """
    one = deps.plan.indicator_by_code.get(code)
    if one is None:
        detail = f"Kế hoạch không có chỉ tiêu `{code}`."
        raise Problem(404, "/problems/unknown-indicator", "Không có chỉ tiêu này", detail)
    return one


async def frozen_in(deps: Deps, period: Period, version: int) -> ConsolidationView:
    """What was frozen in a version of a period's consolidation.

    Raises:
        Problem: 404 where there is none.
    """
    frozen = await kept.consolidation_of(deps.store, period.code, version)
    if frozen is None:
        detail = f"Kỳ {period.code} chưa có bản tổng hợp lần {version}."
        raise Problem(404, "/problems/not-consolidated", "Chưa tổng hợp", detail)
    return frozen


def _shown(period: ThePeriod, beside: Beside = None) -> Period:
    return period if beside is None else the_period(beside)


def _so_far(deps: Deps, indicator: Indicator, period: Period, calendar: Calendar, asked: Window) -> Window:
    target = deps.plan.target_of(indicator.code, period.year)
    if target is None:
        detail = f"Chỉ tiêu `{indicator.code}` không có mục tiêu cho năm {period.year}."
        raise Problem(404, "/problems/no-target", "Không có mục tiêu", detail)
    return target.so_far(asked, calendar)


async def _frozen(deps: Deps, period: Period, version: int | None, *, signed: bool) -> ConsolidationView | None:
    if not signed:
        return None if version is None else await frozen_in(deps, period, version)
    frozen = await kept.consolidation_of(deps.store, period.code)
    if frozen is None or frozen.signature is None:
        raise not_signed(period)
    return frozen
