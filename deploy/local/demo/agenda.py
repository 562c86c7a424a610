"""The invented year as a diary: what happens on each day, in the order of its instants."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalogue.windows import local_day
from deploy.local.demo.chance import OPENING
from deploy.local.demo.year import Change, Consolidating, Garbage, HandIn, Saying, Year

_MOST = 400
"""Events in one batch: fewer than support takes at once."""


@dataclass(frozen=True)
class Batch:
    """What an agency's system sends at once."""

    agency: str
    sayings: tuple[Saying, ...]


Deed = Change | Batch | HandIn | Consolidating | Garbage


@dataclass(frozen=True)
class Diary:
    """``before`` has happened already when the clock begins; then come the days, each with its deeds."""

    before: Sequence[Change]
    days: Sequence[tuple[date, Sequence[tuple[datetime, Deed]]]]

    @property
    def deeds(self) -> int:
        return len(self.before) + sum(len(deeds) for _, deeds in self.days)


def diary(year: Year) -> Diary:
    """Every day from the first to the last on which something is done, the idle ones too."""
    before = [change for change in year.changes if change.at < OPENING]
    by_day: defaultdict[date, list[tuple[datetime, Deed]]] = defaultdict(list)
    for at, deed in _deeds(year):
        by_day[local_day(at)].append((at, deed))
    first, last = local_day(OPENING), max(by_day)
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    return Diary(before, [(day, sorted(by_day[day], key=lambda pair: pair[0])) for day in days])


def _deeds(year: Year) -> Iterator[tuple[datetime, Deed]]:
    yield from ((change.at, change) for change in year.changes if change.at >= OPENING)
    yield from ((report.at, report) for report in year.reports)
    yield from ((one.at, one) for one in year.consolidations)
    yield from ((garbage.sent, garbage) for garbage in year.garbage)
    together: defaultdict[tuple[datetime, str], list[Saying]] = defaultdict(list)
    for saying in year.sayings:
        together[saying.sent, saying.agency].append(saying)
    for (sent, agency), sayings in together.items():
        for start in range(0, len(sayings), _MOST):
            yield sent, Batch(agency, tuple(sayings[start : start + _MOST]))
