"""Which reminders the year must bring, computed plainly: by duty, stage and the day its report came."""

from collections.abc import Iterable
from datetime import date, timedelta

from catalogue.model import Plan
from catalogue.windows import local_day
from deploy.local.demo.chance import OPENING
from deploy.local.demo.year import Dispute, HandIn

STAGES = {"7-days": -7, "3-days": -3, "1-day": -1, "same-day": 0, "overdue": 1}
_YEARS = (2020, 2021)
"""The reports for 2020 fall due ten days after the clock begins."""


def stage_days(plan: Plan) -> frozenset[date]:
    """The days on which a reminder may fall due."""
    return frozenset(day for _, day in _stages(plan).values())


def expected(plan: Plan, reports: Iterable[HandIn], disputes: Iterable[Dispute] = ()) -> set[str]:
    """``AGENCY/PERIOD/STAGE`` of every reminder: its day came, and the report had not come on an earlier day; and of
    every letter that a report was returned. No day of a reminder lies between a return and the next version."""
    returned = {f"{one.report.agency}/{one.period}/returned-1" for one in disputes}
    came: dict[tuple[str, str], date] = {}
    for report in reports:
        for period in report.periods:
            came.setdefault((report.agency, period), report.at.date())
    return returned | {
        f"{agency}/{period}/{stage}"
        for (agency, period, stage), (_, day) in _stages(plan).items()
        if day >= OPENING.date() and came.get((agency, period), date.max) >= day
    }


def _stages(plan: Plan) -> dict[tuple[str, str, str], tuple[date, date]]:
    found = {}
    for year in _YEARS:
        for duty in plan.duties(year):
            if duty.role == "report":
                last = local_day(duty.last_moment)
                for stage, days in STAGES.items():
                    found[duty.agency, duty.period, stage] = (last, last + timedelta(days=days))
    return found
