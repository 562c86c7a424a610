"""Who owes which report by when: section IV of a plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from catalogue.roster import Roster
from catalogue.windows import ONE_DAY, Cycle, Period, last_moment_of

Role = Literal["report", "consolidate"]


@dataclass(frozen=True)
class Duty:
    """An agency's obligation to report, or to consolidate the reports, by the last moment that is still on time."""

    period: str
    agency: str
    role: Role
    to: str
    last_moment: datetime


@dataclass(frozen=True)
class Regime:
    """Reports are due before a day of their period's last month.

    ``strict`` reads "before the 25th" literally, so that the 24th is the last day on time; otherwise the 25th is. The
    consolidator reports to the receiver, and the receiver ``upward``.
    """

    consolidator: str
    receiver: str
    upward: tuple[str, ...]
    strict: bool
    before: Mapping[Role, Mapping[Cycle, int]]

    def last_moment(self, period: Period, role: Role) -> datetime:
        """The last second on time, local time."""
        day = date(period.year, period.last_month, self.before[role][period.cycle])
        return last_moment_of(day - ONE_DAY if self.strict else day)

    def duties(self, period: Period, roster: Roster, since: date) -> tuple[Duty, ...]:
        """The period's duties, of whoever stands on the day each is due; none that fell due before ``since``,
        and none of a period for which no report is due."""
        if not period.is_reported:
            return ()
        report, consolidate = self.last_moment(period, "report"), self.last_moment(period, "consolidate")
        due, then = report.date(), consolidate.date()
        duties: list[Duty] = []
        if due >= since:
            to = roster.successor_on(self.consolidator, due)
            owing = (agency.code for agency in roster.agencies if agency.owes_report and agency.stands_on(due))
            duties.extend(Duty(period.code, agency, "report", to, report) for agency in owing)
        if then >= since:
            agency, to = roster.successor_on(self.consolidator, then), roster.successor_on(self.receiver, then)
            duties.append(Duty(period.code, agency, "consolidate", to, consolidate))
        return tuple(duties)
