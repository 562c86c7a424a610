"""What the register can tell: a constant number of reads whatever the number of events, duties or reports."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from catalogue.model import Plan
from catalogue.windows import Period, periods_of, window
from services.reporting import store as kept
from services.reporting.decide import register
from services.reporting.deps import Deps
from services.reporting.figures import buckets
from services.reporting.proofs import Then
from services.reporting.register import tasks
from services.reporting.register.model import Paper
from services.reporting.register.views import TaskRegisterView, YearRegisterView, task_register_view
from services.reporting.register.years import year_view
from services.reporting.reports.model import Report
from services.reporting.reports.store import reports_in, reports_of
from services.reporting.worth import Pairs

_PLAN = "plan.issued"


async def task_register_of(
    deps: Deps,
    period: Period,
    *,
    agency: str | None = None,
    cells: Pairs | None = None,
    reports: Mapping[str, Report] | None = None,
    then: Then | None = None,
) -> TaskRegisterView:
    """How every task of every owner stands for the period, or those of one agency; now, or as it was known ``then``. By
    given cells and reports, or those there are. Three reads: cells, papers, reports; up to six where papers are new."""
    moment = then.moment if then else None
    if then is not None:
        cells = then.cells
    if cells is None:
        wanted = buckets(window(period, "administrative"))
        cells = await kept.read_cells(deps.store, wanted, deps.counting)
    told = await deps.papers.told(deps.store, deps.counting)
    if reports is None:
        reports = await reports_of(deps.store, period.code, moment)
    standing = tasks.known(deps.plan, period, told, moment)
    heard = tasks.heard(deps.plan, period, cells, [paper for _, paper in standing])
    entries = tasks.entries(deps.plan, period, heard, reports, moment or deps.clock.now())
    issued = [paper for kind, paper in standing if kind == _PLAN]
    view = task_register_view(
        deps.plan,
        period.code,
        [entry for entry in entries if agency in (None, entry.agency)],
        [(code, paper) for code, paper in _plans(deps.plan, period, issued) if agency in (None, code)],
    )
    return view.model_copy(update={"as_of": moment})


def _plans(plan: Plan, period: Period, issued: Iterable[Paper]) -> list[tuple[str, Paper | None]]:
    """Who owes a report for the period should have a plan of its own (section IV.1): each with its newest."""
    newest = {paper.agency: paper for paper in sorted(issued, key=lambda paper: paper.at)}
    duties = plan.duties_for(period.code)
    return [(duty.agency, newest.get(duty.agency)) for duty in duties if duty.role == "report"]


async def year_register_of(
    deps: Deps,
    year: int,
    *,
    agency: str | None = None,
    reports: Mapping[str, Mapping[str, Report]] | None = None,
    moment: datetime | None = None,
) -> YearRegisterView:
    """Every report duty of a year's periods, and what rates they make, or those of one agency; by given reports of each
    period, or those there are. Now in one read, or as it stood at a moment in two."""
    now, plan = moment or deps.clock.now(), deps.plan
    periods = [period.code for period in periods_of(year)]
    if reports is None:
        reports = await reports_in(deps.store, periods, moment)
    view = year_view(
        plan,
        year,
        {
            code: register(
                tuple(duty for duty in plan.duties_for(code) if agency in (None, duty.agency)), reports[code], now
            )
            for code in periods
        },
        now,
    )
    return view.model_copy(update={"as_of": moment})
