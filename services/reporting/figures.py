"""From cells to figures: what an indicator is worth in a window. Pure.

Flows are summed over the window's stretches, cooperatives united, stocks summed over every stretch up to the window's
last day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from catalogue.model import Indicator, Plan, Task
from catalogue.windows import Window, stretches
from services.reporting.fold import STOCKS
from services.reporting.model import Cell, CellKey, Figure
from services.reporting.organisation import AS_TOLD, Names
from services.reporting.worth import Pairs, Worth, of_cells

Dimension = Literal["agency", "unit"]


@dataclass(frozen=True)
class Question:
    """Which figures are asked for: a window, optionally of one agency or unit, optionally broken down; all by the names
    of the day, or by others."""

    window: Window
    agency: str | None = None
    unit: str | None = None
    by: Dimension | None = None
    names: Names = AS_TOLD


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
    return {code: worth.value for code, worth in _worths(plan, question, cells).items()}


def told(plan: Plan, question: Question, cells: Iterable[tuple[CellKey, Cell]]) -> dict[str, int]:
    """Every indicator's value that says something, by its code: without averages of none."""
    worths = _worths(plan, question, cells)
    return {code: worth.value for code, worth in worths.items() if worth.denominator != 0}


def _worths(plan: Plan, question: Question, cells: Iterable[tuple[CellKey, Cell]]) -> dict[str, Worth]:
    found = _sorted_out(plan, question, cells)
    return {code: of_cells(indicator, found[code]) for code, indicator in plan.indicator_by_code.items()}


def _sorted_out(plan: Plan, question: Question, cells: Iterable[tuple[CellKey, Cell]]) -> dict[str, Pairs]:
    """The cells that the question asks for, by indicator; an average has those of its two."""
    inside = {day.isoformat() for day in stretches(question.window)}
    last = max(inside)
    stocks = {code for code, one in plan.indicator_by_code.items() if one.measure == "stock"}
    found: dict[str, list[tuple[CellKey, Cell]]] = {code: [] for code in plan.indicator_by_code}
    for own, cell in cells:
        key = question.names.of(own)
        asked = (question.agency or key.agency) == key.agency and (question.unit or key.unit) == key.unit
        in_time = key.stretch <= last if key.indicator in stocks else key.stretch in inside
        if asked and in_time and key.indicator in found:
            found[own.indicator].append((own, cell))
    return {
        code: [pair for part in indicator.counted for pair in found[part.code]]
        for code, indicator in plan.indicator_by_code.items()
    }


def _expected(plan: Plan, task: Task, question: Question) -> frozenset[str]:
    """Who answers on the window's last day, by the names of that day; of the agency asked for, if one is."""
    owners = plan.owners(task.code, question.window.last_day)
    return frozenset(one for one in owners if question.agency in (None, question.names.agencies.get(one, one)))


def _figure(
    question: Question,
    indicator: Indicator,
    cells: Pairs,
    expected: frozenset[str],
    reported: frozenset[str],
    owing: frozenset[str],
) -> Figure:
    heard = {key.agency for key, _ in cells}
    newest = max((cell.newest for _, cell in cells), default=0)
    worth = of_cells(indicator, cells)
    return Figure(
        indicator=indicator.code,
        value=worth.value,
        newest=datetime.fromtimestamp(newest / 1000, UTC) if newest else None,
        expected=len(expected),
        in_=sum(1 for agency in expected if agency in (reported if agency in owing else heard)),
        breakdown=_breakdown(indicator, cells, question),
        numerator=worth.numerator,
        denominator=worth.denominator,
    )


def _breakdown(indicator: Indicator, cells: Pairs, question: Question) -> Mapping[str, int]:
    """Each part's own worth, without averages of none: sets that overlap and averages do not add up to the whole, all
    else does."""
    if question.by is None:
        return {}
    by_agency = question.by == "agency"
    groups: dict[str, list[tuple[CellKey, Cell]]] = {}
    for own, cell in cells:
        key = question.names.of(own)
        groups.setdefault(key.agency if by_agency else key.unit, []).append((own, cell))
    worths = ((name, of_cells(indicator, groups[name])) for name in sorted(groups))
    return {name: worth.value for name, worth in worths if worth.denominator != 0}
