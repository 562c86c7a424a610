"""What a document wants of an indicator over some years. Pure.

The plan itself sets no number: each target names the document that does.
"""

from dataclasses import dataclass

from catalogue.roster import Certainty
from catalogue.shares import thousandths
from catalogue.windows import Calendar, Period, Window, window


@dataclass(frozen=True)
class Target:
    """A document's number for an indicator: at least ``at_least`` from the first to the last of its years, taken
    together; ``up_to`` is the upper end where the document gives a range."""

    code: str
    indicator: str
    first_year: int
    last_year: int
    at_least: int
    up_to: int | None
    source: str
    certainty: Certainty

    @property
    def years(self) -> str:
        """``2021-2025``, or the one year."""
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"

    def covers(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def so_far(self, asked: Window, calendar: Calendar) -> Window:
        """From the first day of its years to the asked window's last day."""
        return Window(window(Period(self.first_year, ""), calendar).first_day, asked.last_day)

    def progress(self, value: int) -> int:
        """A value in thousandths of what is to be reached."""
        return thousandths(value, self.at_least)
