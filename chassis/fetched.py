"""What is fetched: where it starts, how it must follow on, how often it may fail. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from chassis.listening import Fatal, Place, Record, Span


@dataclass(frozen=True, slots=True)
class Patience:
    """How often in a row a batch may fail, and the pause after each failure, seconds: doubled from first to longest."""

    failures: int = 8
    first: float = 0.1
    longest: float = 10.0

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 30))


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as fetched, places one after the other, and the term of assignment they were fetched in."""

    term: int
    records: Sequence[Record]

    def by_place(self) -> dict[Place, Sequence[Record]]:
        """The records of each place."""
        return {place: tuple(records) for place, records in groupby(self.records, key=lambda record: record.place)}


class Skipped(Exception):
    """The client left out records that are in the log. They are fetched again."""


class LogWentBack(Exception):
    """A place's offsets start over although it was heard further: the log was cut or made anew under our feet."""


def start_of(place: Place, span: Span, told: int | None, committed: int | None) -> int:
    """The offset to hear first: what the listener's store says, else the group's commit, else the oldest record.

    What the log does not hold any more, it starts without.

    Raises:
        Fatal: the listener has heard more than the log holds, so this is another log.
    """
    if told is not None and told > span.end:
        raise Fatal(f"{place}: heard up to offset {told}, but the log ends at {span.end}: wiped, or the wrong cluster")
    start = told if told is not None else committed
    if start is None:
        return span.first
    if span.first <= start <= span.end:
        return start
    return span.first
