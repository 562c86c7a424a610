"""What a report says of each of its agency's tasks, and since which version it has said so. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from catalogue.model import Task
from contracts.kinds.reporting import Outcome
from services.reporting.reports.model import Contents, Report

Said = Literal["activity", "nil", "excused"]


def said_of(task: Task, outcome: Outcome, contents: Contents) -> Said | None:
    """What is said of the task: by a mark, by words on it, by the figures that are declared (nil where all are zero),
    or as a whole; nothing, where it is only said that there was activity elsewhere."""
    if task.code in contents.marks:
        return contents.marks[task.code].outcome
    declared = [contents.declared[one.code] for one in task.indicators if one.code in contents.declared]
    if contents.words.get(task.code, "").strip() or any(declared):
        return "activity"
    if declared:
        return "nil"
    return None if outcome == "activity" else outcome


def document_of(task: Task, report: Report) -> str | None:
    """The number of the document by which the report says that nothing happened for the task, or that it is excused."""
    mark = report.contents.marks.get(task.code)
    return mark.document if mark else report.document


def told_since(
    tasks: Iterable[Task], outcome: Outcome, contents: Contents, earlier: Report | None, now: datetime
) -> Mapping[str, datetime]:
    """When each task that something is said of was first told of without a version between that said nothing of it."""
    before = earlier.told if earlier else {}
    return {task.code: before.get(task.code, now) for task in tasks if said_of(task, outcome, contents)}
