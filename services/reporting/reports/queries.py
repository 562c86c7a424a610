"""What reporting can tell of agencies' reports: a constant number of reads whatever the number of events."""

from datetime import datetime

from catalogue.windows import Period, local_day, window
from services.reporting import queries
from services.reporting.decide import on_time
from services.reporting.deps import Deps
from services.reporting.figures import buckets
from services.reporting.obstacles.decide import seen_by
from services.reporting.obstacles.store import every
from services.reporting.obstacles.views import obstacle_view
from services.reporting.proofs import Then
from services.reporting.reports import store as kept
from services.reporting.reports.draft import DraftView, draft
from services.reporting.reports.gathered import by_agency, discrepancies
from services.reporting.reports.model import Report
from services.reporting.reports.views import DiscrepancyView, FullReportView, full_view, report_view
from services.reporting.store import consolidation_of, read_cells


def punctual(deps: Deps, report: Report) -> bool:
    """Whether the report meets its duty: by the first version that was handed in."""
    duties = deps.plan.duties_for(report.period)
    return any(on_time(duty, report.first_submitted_at) for duty in duties if duty.agency == report.agency)


async def report_told(
    deps: Deps, agency: str, period: str, version: int | None = None, moment: datetime | None = None
) -> FullReportView | None:
    """A version of a report, the newest if none is named, with the report's history; now, or as they were known at a
    moment. Three reads."""
    newest = await kept.report_of(deps.store, agency, period)
    if newest is None:
        return None
    frozen = await consolidation_of(deps.store, period)
    signed_at = frozen.signature.signed_at if frozen and frozen.signature else None
    versions = await kept.versions_of(deps.store, newest.report)
    if moment is not None:
        versions = [known for report in versions if (known := report.at(moment)) is not None]
    short = [report_view(one, punctual(deps, one), signed_at) for one in versions]
    for report, view in zip(versions, short, strict=True):
        if version in (None, report.version):
            return full_view(report, view, short)
    return None


async def discrepancies_of(
    deps: Deps, period: Period, agency: str | None = None, then: Then | None = None
) -> list[DiscrepancyView]:
    """Declared figures of the newest reports that are not what the events make, of one agency or all; now, or as known
    ``then``. Two reads, but for the past."""
    asked = window(period, "administrative")
    cells = then.cells if then else await read_cells(deps.store, buckets(asked), deps.counting)
    reports = await kept.reports_of(deps.store, period.code, then.moment if then else None)
    counted = by_agency(deps.plan, asked, cells)
    return discrepancies(deps.plan, (one for one in reports.values() if agency in (None, one.agency)), counted)


async def draft_of(deps: Deps, agency: str, period: Period, then: Then | None = None) -> DraftView:
    """The agency's report for the period as it writes itself, with what it answers for, whoever told it; now, or as it
    would have written itself ``then``, beside the figures of now."""
    moment = then.moment if then else None
    summary = await queries.summary(deps, period, "administrative", agency=agency, map_="answering", then=then)
    register = await queries.register_of(deps, period, agency=agency, moment=moment)
    now = moment or deps.clock.now()
    found = await every(deps, seen_by(deps.plan, agency, local_day(now)), moment)
    return draft(
        deps.plan,
        agency,
        summary,
        register,
        await report_told(deps, agency, period.code, moment=moment),
        await discrepancies_of(deps, period, agency, then),
        [obstacle_view(deps.plan, one, now) for one in found],
    )
