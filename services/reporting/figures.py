"""From cells to figures: what an indicator is worth in a window. Pure.

Flows are summed over the window's stretches, cooperatives united, stocks summed over every stretch up to the window's
last day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from catalogue.model import Indicator, Plan, Task
from catalogue.windows import Window, stretches
from services.reporting.fold import STOCKS
from services.reporting.model import Cell, CellKey, Figure

Dimension = Literal["agency", "unit"]


@dataclass(frozen=True)
class Question:
    """Which figures are asked for: a window, optionally of one agency or unit, optionally broken down."""

    window: Window
    agency: str | None = None
    unit: str | None = None
    by: Dimension | None = None


def buckets(window: Window) -> list[str]:
    """The buckets of cells that hold the window's figures."""
    return [*(day.isoformat() for day in stretches(window)), STOCKS]


def figures(
    plan: Plan,
    question: Question,
    cells: Iterable[tuple[CellKey, Cell]],
    reported: frozenset[str],
    owing: frozenset[str],
) -> dict[str, Figure]:
    """Every indicator's figure, by its code.

    ``reported`` are the agencies whose report for the period is in, ``owing`` those that owe one.
    """
    found = _sorted_out(plan, question, cells)
    return {
        indicator.code: _figure(
            question, indicator, found[indicator.code], _expected(plan, task, question), reported, owing
        )
        for task in plan.tasks
        for indicator in task.indicators
    }


def values(plan: Plan, question: Question, cells: Iterable[tuple[CellKey, Cell]]) -> dict[str, int]:
    """Every indicator's value alone, by its code."""
    found = _sorted_out(plan, question, cells)
    return {
        indicator.code: value_of(indicator, (cell for _, cell in found[indicator.code]))
        for task in plan.tasks
        for indicator in task.indicators
    }


def _sorted_out(
    plan: Plan, question: Question, cells: Iterable[tuple[CellKey, Cell]]
) -> dict[str, list[tuple[CellKey, Cell]]]:
    """The cells that the question asks for, by indicator."""
    inside = {day.isoformat() for day in stretches(question.window)}
    last = max(inside)
    stocks = {one.code for task in plan.tasks for one in task.indicators if one.measure == "stock"}
    found: dict[str, list[tuple[CellKey, Cell]]] = {
        indicator.code: [] for task in plan.tasks for indicator in task.indicators
    }
    for key, cell in cells:
        asked = (question.agency or key.agency) == key.agency and (question.unit or key.unit) == key.unit
        in_time = key.stretch <= last if key.indicator in stocks else key.stretch in inside
        if asked and in_time and key.indicator in found:
            found[key.indicator].append((key, cell))
    return found


def _expected(plan: Plan, task: Task, question: Question) -> frozenset[str]:
    owners = frozenset(plan.owners(task.code, question.window.last_day))
    return owners & {question.agency} if question.agency else owners


def _figure(
    question: Question,
    indicator: Indicator,
    cells: Sequence[tuple[CellKey, Cell]],
    expected: frozenset[str],
    reported: frozenset[str],
    owing: frozenset[str],
) -> Figure:
    heard = {key.agency for key, _ in cells}
    newest = max((cell.newest for _, cell in cells), default=0)
    return Figure(
        indicator=indicator.code,
        value=value_of(indicator, (cell for _, cell in cells)),
        newest=datetime.fromtimestamp(newest / 1000, UTC) if newest else None,
        expected=len(expected),
        in_=sum(1 for agency in expected if agency in (reported if agency in owing else heard)),
        breakdown=_breakdown(indicator, cells, question.by),
    )


def value_of(indicator: Indicator, cells: Iterable[Cell]) -> int:
    """What an indicator is worth over cells."""
    if indicator.measure == "distinct":
        return len({member for cell in cells for member in cell.members})
    return sum(cell.amount for cell in cells)


def _breakdown(indicator: Indicator, cells: Sequence[tuple[CellKey, Cell]], by: Dimension | None) -> Mapping[str, int]:
    if by is None:
        return {}
    part: Callable[[CellKey], str] = (lambda key: key.agency) if by == "agency" else (lambda key: key.unit)
    groups: dict[str, list[Cell]] = {}
    for key, cell in cells:
        groups.setdefault(part(key), []).append(cell)
    return {name: value_of(indicator, groups[name]) for name in sorted(groups)}
