"""Completeness and timeliness, as counts of duties. Pure.

The duties come from the plan's table and each is counted once, so a report handed in twice or without a duty adds
nothing, and bodies that are asked, not obliged, have a rate of their own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from catalogue.model import Plan
from catalogue.windows import local_day
from services.reporting.model import RegisterEntry
from services.reporting.register.model import Rate, TaskEntry

E = TypeVar("E", RegisterEntry, TaskEntry)


def rate(entries: Iterable[RegisterEntry | TaskEntry]) -> Rate:
    """Of duties to report, or of tasks, each by when it was met itself, whatever its agency's report is. An excuse
    meets the duty: the agency has said why there is nothing."""
    duties = due = met = on_time = 0
    for entry in entries:
        is_met = entry.state != "missing"
        duties += 1
        met += is_met
        due += is_met or entry.overdue
        on_time += is_met and entry.on_time is True
    return Rate(duties, due, met, on_time)


def apart(plan: Plan, entries: Iterable[E], agency: Callable[[E], str]) -> tuple[list[E], list[E]]:
    """Those of agencies that the plan obliges, and those of bodies that it asks ("đề nghị")."""
    obliged: list[E] = []
    asked: list[E] = []
    for entry in entries:
        (asked if plan.agency(agency(entry)).bound == "requested" else obliged).append(entry)
    return obliged, asked


def days_late(entry: RegisterEntry, now: datetime) -> int:
    """Local days between the last day on time and the day of the first version, or today where none is in or it was
    returned; 0 if not late."""
    done = entry.report.first_submitted_at if entry.report and entry.state != "missing" else now
    return max(0, (local_day(done) - local_day(entry.duty.last_moment)).days)
