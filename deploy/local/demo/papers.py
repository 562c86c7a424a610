"""Invented reports and consolidations: most in time, some late, some nil, a few excused, a few never."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from catalogue.model import Duty, Plan
from catalogue.windows import VIETNAM, local_day
from deploy.local.demo.chance import Chance
from deploy.local.demo.year import Consolidating, HandIn

YEAR = 2021
_TOGETHER = {f"{year}-Q{quarter}": f"{year}{half}" for year in (2020, YEAR) for quarter, half in ((2, "-H1"), (4, ""))}
"""Which longer period the same document usually reports on."""


def hand_ins(plan: Plan, chance: Chance) -> list[HandIn]:
    """Every agency's reports for the year, and for what the year before still owes, in the order of their instants."""
    found: list[HandIn] = []
    for duty in (*plan.duties(YEAR - 1), *plan.duties(YEAR)):
        if duty.role != "report" or duty.period in _TOGETHER.values():
            continue
        longer = _TOGETHER.get(duty.period)
        habit = chance.random()
        if habit < 0.04:
            continue  # never, nor for the longer period
        periods = (duty.period, longer) if longer and chance.random() < 0.85 else (duty.period,)
        first = _hand_in(duty, periods, chance, habit)
        found.append(first)
        if longer and len(periods) == 1 and chance.random() < 0.8:
            found.append(replace(first, at=first.at + timedelta(minutes=10), periods=(longer,)))
    return sorted(found, key=lambda report: report.at)


def _hand_in(duty: Duty, periods: tuple[str, ...], chance: Chance, habit: float) -> HandIn:
    last = local_day(duty.last_moment)
    late = habit < 0.14
    days = chance.randint(1, 9) if late else -chance.randint(0, 9)
    day = chance.workday(last + timedelta(days), 1 if late else -1)
    at = datetime.combine(day, time(8), VIETNAM) + timedelta(minutes=chance.randint(10, 8 * 60))
    outcome = "nil" if habit > 0.92 else "excused" if 0.89 < habit <= 0.92 else "activity"
    number = f"{chance.randint(11, 399)}/BC-{duty.agency}"
    return HandIn(at, duty.agency, periods, outcome, number)


def consolidations(plan: Plan) -> list[Consolidating]:
    """Each period is frozen in the afternoon before the last day to consolidate it."""
    due = {duty.period: duty.last_moment for duty in plan.duties(YEAR) if duty.role == "consolidate"}
    return sorted(
        (
            Consolidating(datetime.combine(local_day(moment) - timedelta(days=1), time(15), VIETNAM), period)
            for period, moment in due.items()
        ),
        key=lambda one: (one.at, one.period),
    )
