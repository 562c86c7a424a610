"""The register of a year: every agency's reports for its six periods. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from catalogue.model import Plan
from services.reporting.model import RegisterEntry
from services.reporting.register.rates import apart, days_late, rate
from services.reporting.register.views import (
    AgencyYearEntryView,
    AgencyYearView,
    PeriodRatesView,
    YearRegisterView,
    rate_view,
)


def year_view(plan: Plan, year: int, periods: Mapping[str, Sequence[RegisterEntry]], now: datetime) -> YearRegisterView:
    """The year, from the entries of each of its periods."""
    everything = [entry for entries in periods.values() for entry in entries]
    obliged, asked = apart(plan, everything, lambda entry: entry.duty.agency)
    agencies: dict[str, list[RegisterEntry]] = {agency.code: [] for agency in plan.agencies}
    for entry in everything:
        agencies[entry.duty.agency].append(entry)
    return YearRegisterView(
        year=year,
        agencies=[_agency(plan, code, entries, now) for code, entries in agencies.items() if entries],
        periods=[_period(plan, period, entries) for period, entries in periods.items()],
        obliged=rate_view(rate(obliged)),
        requested=rate_view(rate(asked)),
    )


def _agency(plan: Plan, code: str, entries: Sequence[RegisterEntry], now: datetime) -> AgencyYearView:
    return AgencyYearView(
        agency=code,
        name=plan.agency(code).name,
        bound=plan.agency(code).bound,
        periods=[
            AgencyYearEntryView(
                period=entry.duty.period,
                state=entry.state,
                on_time=entry.on_time,
                overdue=entry.overdue,
                late_days=days_late(entry, now),
                version=entry.report.version if entry.report else None,
                report_state=entry.report.state if entry.report else None,
            )
            for entry in entries
        ],
        rate=rate_view(rate(entries)),
    )


def _period(plan: Plan, period: str, entries: Sequence[RegisterEntry]) -> PeriodRatesView:
    obliged, asked = apart(plan, entries, lambda entry: entry.duty.agency)
    return PeriodRatesView(period=period, obliged=rate_view(rate(obliged)), requested=rate_view(rate(asked)))
