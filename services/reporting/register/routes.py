"""What can be asked of the register, as JSON and as CSV."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from chassis.auth import Principal, whose
from chassis.comma_separated import comma_separated
from services.reporting import queries as periods
from services.reporting.asked import AsOf, Day, Reader, ThePeriod, known_at
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.pages import year_page
from services.reporting.proofs import then_of
from services.reporting.register import queries
from services.reporting.register.tables import REPORTS, TASKS, YEAR, reports_rows, tasks_rows, year_rows
from services.reporting.register.views import TaskRegisterView, YearRegisterView

Year = Annotated[int, Path(ge=2000, le=2099)]


def registering(router: APIRouter, deps: Deps, folding: Folding) -> None:
    """The routes."""
    _tasks(router, deps, folding)
    _years(router, deps)

    @router.get("/v1/periods/{period}/register.csv", response_class=Response)
    async def register_as_csv(period: ThePeriod, who: Reader, as_of: AsOf = None) -> Response:
        """The duties to report, as CSV."""
        moment = known_at(as_of, None, deps.clock.now())
        found = await periods.register_of(deps, period, agency=whose(who, None), moment=moment)
        return _csv(f"so-theo-doi-{period.code}", REPORTS, reports_rows(found))


def _tasks(router: APIRouter, deps: Deps, folding: Folding) -> None:
    @router.get("/v1/periods/{period}/tasks/register")
    async def tasks(period: ThePeriod, who: Reader, as_of: AsOf = None) -> TaskRegisterView:
        """How every task of every owner stands, or stood at a moment; an agency sees its own."""
        await folding.flush()
        then = await then_of(deps, known_at(as_of, None, deps.clock.now()))
        return await queries.task_register_of(deps, period, agency=whose(who, None), then=then)

    @router.get("/v1/periods/{period}/tasks/register.csv", response_class=Response)
    async def tasks_as_csv(period: ThePeriod, who: Reader, as_of: AsOf = None) -> Response:
        """The same as CSV."""
        found = await tasks(period, who, as_of)
        return _csv(f"so-theo-doi-nhiem-vu-{period.code}", TASKS, tasks_rows(found))


def _years(router: APIRouter, deps: Deps) -> None:
    async def found_of(year: int, who: Principal, moment: datetime | None) -> YearRegisterView:
        return await queries.year_register_of(deps, year, agency=whose(who, None), moment=moment)

    @router.get("/v1/years/{year}/register")
    async def year(year: Year, who: Reader, as_of: AsOf = None) -> YearRegisterView:
        """Completeness and timeliness over a year, now or at a moment; an agency sees its own."""
        return await found_of(year, who, known_at(as_of, None, deps.clock.now()))

    @router.get("/years/{year}", response_class=HTMLResponse)
    async def page(year: Year, who: Reader, as_of: AsOf = None, day: Day = None) -> HTMLResponse:
        """The same as a page to read."""
        return HTMLResponse(year_page(deps.plan, await found_of(year, who, known_at(as_of, day, deps.clock.now()))))

    @router.get("/v1/years/{year}/register.csv", response_class=Response)
    async def year_as_csv(year: Year, who: Reader, as_of: AsOf = None) -> Response:
        """The same as CSV."""
        found = await found_of(year, who, known_at(as_of, None, deps.clock.now()))
        return _csv(f"so-theo-doi-nam-{year}", YEAR, year_rows(found))


def _csv(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(comma_separated(titles, rows), media_type="text/csv; charset=utf-8", headers=headers)
