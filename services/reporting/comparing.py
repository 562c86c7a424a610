"""What a period's figures are compared with, and how that is said. Pure.

A quarter and a half-year are compared with the one before and with the same one of the year before; a year with the
year before, which is both. Nothing is compared with a time before the plan, when nothing could be told: a figure of
then, be it a flow or a stock, is not zero but unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.model import Plan
from catalogue.phrases import Turn
from catalogue.windows import Calendar, Period, Window, window
from services.reporting.summary_views import FigureView
from services.reporting.words import number


@dataclass(frozen=True)
class Earlier:
    """A period that figures are compared with: what a column of it is called, and what it is called in a sentence."""

    period: Period
    heading: str
    named: str
    field: Literal["previous", "last_year"]

    def of(self, figure: FigureView) -> int | None:
        """The figure of that period, where anything is known of it."""
        return figure.previous if self.field == "previous" else figure.last_year


def earlier(period: Period) -> tuple[Earlier, ...]:
    """The periods that one is compared with, each once."""
    before, last_year = period.previous, period.last_year
    if before == last_year:
        return (Earlier(before, "Năm trước", before.name, "previous"),)
    return (
        Earlier(before, "Kỳ trước", before.name, "previous"),
        Earlier(last_year, "Cùng kỳ năm trước", f"cùng kỳ năm {last_year.year}", "last_year"),
    )


def tellable(plan: Plan, asked: Window) -> bool:
    """Whether anything could be told of a window: unless it lies wholly before the plan was signed."""
    return asked.last_day >= plan.heading.signed_on


def comparisons(plan: Plan, period: Period, calendar: Calendar, figure: FigureView) -> Iterator[str]:
    """How a figure stands to that of each earlier period, in the words of the plan: `tăng 1 lớp (25%) so với quý I năm
    2022`; nothing where both are zero."""
    for one in earlier(period):
        then = one.of(figure)
        known = tellable(plan, window(one.period, calendar))
        if then is not None and known and not figure.value == then == 0:
            yield _told(plan, figure, then, one.named)


def _told(plan: Plan, figure: FigureView, then: int, named: str) -> str:
    difference = abs(figure.value - then)
    return plan.phrases.comparisons[_turn(figure, then)].format(
        difference=number(difference),
        percent=_percent(difference, then) if then > 0 else "",
        unit=figure.unit,
        earlier=named,
    )


def _turn(figure: FigureView, then: int) -> Turn:
    """From nothing and from below zero there is no percentage, and a loss is not nothing."""
    if then == 0:
        return "empty" if figure.measure == "stock" else "new"
    if figure.value == then:
        return "same"
    if figure.value > then:
        return "more" if then > 0 else "risen"
    return "less" if then > 0 else "fallen"


def _percent(difference: int, then: int) -> str:
    """To one decimal, rounded half up, with a comma: ``12,5``."""
    whole, part = divmod((2000 * difference + then) // (2 * then), 10)
    return f"{number(whole)},{part}" if part else number(whole)
