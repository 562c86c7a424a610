"""What both documents tell of the plan, before any layout: its tasks by section, who answers for them. Pure."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from catalogue.model import Plan
from services.reporting.summary_views import TaskView
from services.reporting.views import ConsolidationView, RegisterEntryView

_FEW = 3


def sections(plan: Plan, tasks: Iterable[TaskView]) -> Iterator[tuple[str, list[TaskView]]]:
    """The tasks by section, in the plan's order, each section as ``code. title``."""
    for code, title, of_section in by_section(plan, tasks):
        yield f"{code}. {title}", of_section


def by_section(plan: Plan, tasks: Iterable[TaskView]) -> Iterator[tuple[str, str, list[TaskView]]]:
    """The tasks by section, in the plan's order, with the section's code and title."""
    titles = {section.code: section.title for section in plan.sections}
    for code, of_section in groupby(tasks, key=lambda task: task.section):
        yield code, titles[code], list(of_section)


def leads(plan: Plan, task: TaskView) -> str:
    """Who answers for the task, by name while they are few."""
    names = [plan.agency(code).name for code in task.leads]
    return "; ".join(names) if len(names) <= _FEW else f"{len(names)} cơ quan, đơn vị"


def bound(frozen: ConsolidationView, *, requested: bool) -> list[RegisterEntryView]:
    """The duties of those that the plan orders to report, or of those that it only asks ("đề nghị")."""
    return [duty for duty in frozen.register_.duties if (duty.bound == "requested") == requested]
