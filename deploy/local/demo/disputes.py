"""A report that declares another figure than its agency's events make: which one of the year that is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from catalogue.model import Indicator, Plan
from catalogue.windows import ONE_DAY, local_day
from contracts.kinds import RETRACTED
from deploy.local.demo import independent, reminders
from deploy.local.demo.chance import Chance
from deploy.local.demo.independent import Fact
from deploy.local.demo.year import Dispute, HandIn, Saying, Year

_TOO_MANY = 7
"""By how much the declared figure is above that of the events."""


def invent(plan: Plan, year: Year) -> Year:
    """The year with one report in dispute: the first that can be, in time, of a period that it reports on alone, with a
    figure of which every event has been sent before.

    Raises:
        LookupError: no report of the year can be.
    """
    held, stages = independent.facts(plan, year), reminders.stage_days(plan)
    for report in year.reports:
        for dispute in _of(plan, report, year.sayings, held, stages):
            reports = [dispute.report if one is report else one for one in year.reports]
            return replace(year, reports=reports, disputes=[dispute])
    raise LookupError("no report of the year can be in dispute")


def _of(
    plan: Plan, report: HandIn, sayings: Sequence[Saying], held: Sequence[Fact], stages: frozenset[date]
) -> Iterator[Dispute]:
    period, day = report.periods[0], local_day(report.at)
    again = Chance.workday(day + ONE_DAY)
    reminded = any(day < stage <= again for stage in stages)
    last = independent.window_of(period, "administrative")[1]
    own = period in independent.PERIODS and len(report.periods) == 1 and report.outcome == "activity"
    if not own or reminded or again > last + timedelta(days=10):
        return
    for task in plan.tasks:
        for indicator in task.indicators if report.agency in plan.owners(task.code, last) else ():
            if _is_plain(indicator) and _is_told(report.agency, indicator, sayings, last, report.at):
                counted = independent.of_agency(plan, held, report.agency, indicator.code, period)
                if counted:
                    declaring = replace(report, declared={indicator.code: counted + _TOO_MANY})
                    yield Dispute(declaring, indicator.code, counted, again)


def _is_plain(indicator: Indicator) -> bool:
    return indicator.measure in ("count", "sum") and indicator.of is None and indicator.speakers == "owners"


def _is_told(agency: str, indicator: Indicator, sayings: Iterable[Saying], last: date, by: datetime) -> bool:
    """Whether the agency's systems have sent by then all they ever say of it up to the window's last day."""
    kinds = {term.kind for term in indicator.terms}
    return not any(
        saying.agency == agency
        and str(saying.event.get("type", "")).removesuffix(RETRACTED) in kinds
        and local_day(datetime.fromisoformat(saying.event["time"])) <= last
        and local_day(saying.sent) >= local_day(by)
        for saying in sayings
        if saying.sound
    )
