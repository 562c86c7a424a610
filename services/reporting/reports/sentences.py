"""The sentences of a draft: a figure as good official Vietnamese, from the templates of the catalogue. Pure."""

from dataclasses import dataclass

from catalogue.model import Plan
from catalogue.windows import Calendar, Period, window
from services.reporting.comparing import comparisons
from services.reporting.summary_views import FigureView
from services.reporting.words import day, number, uncapitalised


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
        turns = comparisons(self.plan, self.period, self.calendar, figure)
        return (phrase.some if figure.value else phrase.none).format(
            title=uncapitalised(indicator.title),
            Title=indicator.title,
            value=number(figure.value),
            unit=indicator.unit,
            period=self.period.name,
            until=day(window(self.period, self.calendar).last_day),
            comparison="".join(f", {turn}" for turn in turns),
        )
