"""The sentences of a draft: a figure as good official Vietnamese, from the templates of the catalogue. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.model import Indicator, Plan
from catalogue.phrases import Turn
from catalogue.windows import Calendar, Period, window
from services.reporting.summary_views import FigureView
from services.reporting.words import day, number, period_name, uncapitalised


@dataclass(frozen=True)
class Writer:
    """Writes the sentences on a period's figures."""

    plan: Plan
    period: Period
    calendar: Calendar = "administrative"

    def sentence(self, figure: FigureView) -> str:
        """The sentence on one figure, as it compares with earlier periods."""
        indicator = self.plan.indicator_by_code[figure.code]
        phrase = self.plan.phrases.of(indicator)
        return (phrase.some if figure.value else phrase.none).format(
            title=uncapitalised(indicator.title),
            Title=indicator.title,
            value=number(figure.value),
            unit=indicator.unit,
            period=period_name(self.period),
            until=day(window(self.period, self.calendar).last_day),
            comparison="".join(f", {turn}" for turn in self._turns(indicator, figure)),
        )

    def _turns(self, indicator: Indicator, figure: FigureView) -> Iterator[str]:
        before, last_year = self.period.previous, self.period.last_year
        if before is not None and figure.previous is not None and self._counted(before):
            yield from self._turn(indicator, figure.value, figure.previous, period_name(before))
        if figure.last_year is not None and self._counted(last_year):
            named = period_name(last_year) if self.period.cycle == "year" else f"cùng kỳ năm {last_year.year}"
            yield from self._turn(indicator, figure.value, figure.last_year, named)

    def _counted(self, period: Period) -> bool:
        """Whether anything could be told of the period: the plan had begun before it ended."""
        return window(period, self.calendar).last_day >= self.plan.heading.signed_on

    def _turn(self, indicator: Indicator, value: int, earlier: int, named: str) -> Iterator[str]:
        if value == earlier == 0:
            return
        turn: Turn = "more" if value > earlier else "less" if value < earlier else "same"
        if (earlier <= 0 and value > 0) or (indicator.measure == "average" and earlier == 0):
            turn = "new"
        difference = abs(value - earlier)
        yield self.plan.phrases.comparisons[turn].format(
            difference=number(difference), percent=_percent(difference, earlier), unit=indicator.unit, earlier=named
        )


def _percent(difference: int, earlier: int) -> str:
    """To one decimal, rounded half up, with a comma: ``12,5``."""
    if not earlier:
        return "0"
    permille = (2000 * difference + abs(earlier)) // (2 * abs(earlier))
    whole, part = divmod(permille, 10)
    return f"{number(whole)},{part}" if part else number(whole)
