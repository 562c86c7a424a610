"""What reporting can tell of a period: a constant number of reads whatever the number of events."""

import hashlib

from catalogue.windows import Calendar, Period, window
from services.reporting import store as kept
from services.reporting.decide import check_over, register
from services.reporting.deps import Deps
from services.reporting.figures import Dimension, Question, buckets, figures
from services.reporting.views import ConsolidationView, RegisterView, SummaryView, register_view, summary_view


async def summary(
    deps: Deps,
    period: Period,
    calendar: Calendar,
    *,
    agency: str | None = None,
    unit: str | None = None,
    by: Dimension | None = None,
) -> SummaryView:
    """Every indicator's figure as of every event folded so far. Two reads."""
    asked = Question(window(period, calendar), agency, unit, by)
    cells = await kept.read_cells(deps.store, buckets(asked.window))
    reported = frozenset(await kept.reports_of(deps.store, period.code))
    owing = frozenset(duty.agency for duty in deps.plan.duties_for(period.code) if duty.role == "report")
    answers = figures(deps.plan, asked, cells, reported, owing)
    return summary_view(deps.plan, period.code, calendar, asked.window, answers, by is not None)


async def register_of(deps: Deps, period: Period, *, agency: str | None = None) -> RegisterView:
    """How every duty to report for the period stands now, or every duty of one agency. One read."""
    reports = await kept.reports_of(deps.store, period.code)
    duties = tuple(duty for duty in deps.plan.duties_for(period.code) if agency in (None, duty.agency))
    entries = register(duties, reports, deps.clock.now())
    return register_view(deps.plan, period.code, entries)


async def consolidate(deps: Deps, period: Period, by: str, remarks: str | None) -> ConsolidationView:
    """Freeze the period's figures and register.

    Raises:
        Refused: the period is not over.
        Stale: it is consolidated already.
    """
    now = deps.clock.now()
    check_over(period.code, now)
    figures_now = await summary(deps, period, "administrative")
    register_now = await register_of(deps, period)
    frozen = ConsolidationView.model_validate(
        {
            "period": period.code,
            "by": by,
            "consolidated_at": now,
            "remarks": remarks,
            "digest": hashlib.sha256(
                (figures_now.model_dump_json(by_alias=True) + register_now.model_dump_json(by_alias=True)).encode()
            ).hexdigest(),
            "summary": figures_now.model_dump(by_alias=True),
            "register": register_now.model_dump(by_alias=True),
        }
    )
    await kept.put_consolidation(deps.store, frozen)
    return frozen
