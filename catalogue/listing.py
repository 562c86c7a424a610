"""What the command line lists of a plan, as rows for JSON and for a table. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from catalogue.model import Indicator, Plan
from catalogue.windows import CALENDARS, periods_of, window

Row = dict[str, Any]


def tasks(plan: Plan, on: date) -> Iterator[Row]:
    """Every task in the plan's order, with who leads and cooperates on the day."""
    for task in plan.tasks:
        yield {
            "code": task.code,
            "ascii_code": task.ascii_code,
            "section": task.section,
            "position": task.position,
            "kind": task.kind,
            "title": task.title,
            "gloss": task.gloss,
            "leads": list(plan.owners(task.code, on)),
            "cooperating": list(plan.cooperating(task.code, on)),
            "documents": list(task.documents),
            "by": task.by.isoformat() if task.by else None,
            "indicators": [_indicator(plan, indicator) for indicator in task.indicators],
        }


def indicators(plan: Plan) -> Iterator[Row]:
    """Every indicator in the plan's order; of an average, what is divided by what; what documents want of it."""
    for task in plan.tasks:
        for indicator in task.indicators:
            yield _indicator(plan, indicator)


def targets(plan: Plan) -> Iterator[Row]:
    """What documents want of indicators, with the document."""
    for target in plan.targets:
        yield asdict(target) | {"title": plan.indicator_by_code[target.indicator].title, "years": target.years}


def _indicator(plan: Plan, indicator: Indicator) -> Row:
    of, per = (part and part.code for part in (indicator.of, indicator.per))
    targets = [f"{one.at_least} ({one.years})" for one in plan.targets if one.indicator == indicator.code]
    return asdict(replace(indicator, of=None, per=None)) | {"of": of, "per": per, "targets": targets}


def agencies(plan: Plan, on: date | None) -> Iterator[Row]:
    """The agencies that stand on the day, or all."""
    for agency in plan.agencies if on is None else plan.agencies_on(on):
        yield _dated(asdict(agency))


def units(plan: Plan, on: date | None) -> Iterator[Row]:
    """The units that stand on the day, or all."""
    for unit in plan.units if on is None else plan.units_on(on):
        yield _dated(asdict(unit))


def windows(year: int) -> Iterator[Row]:
    """The days of the year's periods, in both calendars."""
    for period in periods_of(year):
        for calendar in CALENDARS:
            days = window(period, calendar)
            yield {
                "period": period.code,
                "calendar": calendar,
                "first_day": days.first_day.isoformat(),
                "last_day": days.last_day.isoformat(),
            }


def duties(plan: Plan, year: int) -> Iterator[Row]:
    """Who owes what to whom for the year's periods."""
    for duty in plan.duties(year):
        yield asdict(duty) | {"last_moment": duty.last_moment.isoformat()}


def _dated(row: Row) -> Row:
    """Days as ISO 8601; no first day for what stood before anything the plan counts."""
    begins, ends = row["valid_from"], row["valid_to"]
    return row | {
        "valid_from": None if begins == date.min else begins.isoformat(),
        "valid_to": None if ends is None else ends.isoformat(),
    }
