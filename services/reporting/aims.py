"""How far indicators have come towards the targets that documents set. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalogue.model import Plan, Target
from catalogue.windows import Calendar, Period, Window
from services.reporting.figures import Question, values
from services.reporting.model import Cell, CellKey


class Aim(NamedTuple):
    """A target, and what its indicator came to from the first of its years to the end of the period."""

    target: Target
    so_far: int


def windows_of(plan: Plan, period: Period, calendar: Calendar, asked: Window) -> list[Window]:
    """The windows over which the period's targets are counted."""
    found = (plan.target_of(code, period.year) for code in plan.indicator_by_code)
    return list(dict.fromkeys(target.so_far(asked, calendar) for target in found if target))


def aims(
    plan: Plan, period: Period, calendar: Calendar, asked: Window, cells: Iterable[tuple[CellKey, Cell]]
) -> Mapping[str, Aim]:
    """By indicator; of the whole province, since that is what targets are set for."""
    targets = {code: target for code in plan.indicator_by_code if (target := plan.target_of(code, period.year))}
    mine = [(key, cell) for key, cell in cells if key.indicator in targets]
    by_window = {over: values(plan, Question(over), mine) for over in windows_of(plan, period, calendar, asked)}
    return {code: Aim(target, by_window[target.so_far(asked, calendar)][code]) for code, target in targets.items()}
