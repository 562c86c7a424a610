"""What the ledger tells of the past: figures as they were known, what changed since, and which events make a figure.

The ledger keeps every event in the order in which it was heard, with the moment, so each of these is a fold of some of
it. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.model import Indicator
from catalogue.windows import Window, stretches
from contracts.envelope import read
from services.reporting.figures import value_of
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.ledger import Committed
from services.reporting.model import Cell, CellKey, Entry, Row

Positions = Mapping[str, tuple[int, int]]
"""How far each partition of the ledger is looked at: by its place, the log's epoch and the next offset."""


@dataclass(frozen=True)
class Source:
    """Where an event lies: the batch of the ledger, and its number among the batch's events."""

    entry: Entry
    batch: str
    number: int
    heard_at: int  # milliseconds since 1970 UTC


@dataclass(frozen=True)
class Change:
    """What hearing one event changed: the rows that its fact was worth before, and those it is worth since."""

    source: Source
    removed: tuple[Row, ...]
    added: tuple[Row, ...]


class Past:
    """The state after some of the ledger; every fact that holds knows the event that says so."""

    def __init__(self, stocks: frozenset[str]) -> None:
        self.cells = Cells(stocks)
        self.positions: dict[str, tuple[int, int]] = {}
        self._standing: dict[str, Source] = {}

    def take(self, committed: Committed) -> list[Change]:
        """Fold one batch; what it changed. The batches of one partition come in their order."""
        batch = committed.batch
        self.positions[committed.place] = (committed.epoch, batch.end)
        changes = []
        for number, entry in enumerate(batch.entries):
            change = self.hear(Source(entry, committed.id, number, batch.at))
            if change is not None:
                changes.append(change)
        return changes

    def hear(self, source: Source) -> Change | None:
        """Fold one event; nothing if a higher revision holds or it is known."""
        held = self.cells.facts.get(source.entry.fact)
        removed = held.rows if held else ()
        if apply(self.cells, source.entry) != "counted":
            return None
        self._standing[source.entry.fact] = source
        return Change(source, removed, source.entry.rows)

    def worth_now(self, fact: str) -> tuple[Row, ...]:
        """The rows that a fact stands for."""
        held = self.cells.facts.get(fact)
        return held.rows if held else ()

    def value(self, indicator: Indicator, wanted: Callable[[CellKey], bool]) -> int:
        """What an indicator is worth over the wanted cells."""
        return value_of(indicator, (cell for key, cell in self.pairs() if wanted(key)))

    def pairs(self) -> Iterator[tuple[CellKey, Cell]]:
        """All cells, as `figures` takes them."""
        for bucket in self.cells.buckets.values():
            yield from bucket.items()

    def making(self, wanted: Callable[[Row], bool]) -> list[tuple[Source, list[Row]]]:
        """The events that hold and have such rows, with these rows, by business time and then by fact."""
        found = [
            (source, rows)
            for source in self._standing.values()
            if (rows := [row for row in source.entry.rows if wanted(row)])
        ]
        return sorted(found, key=lambda pair: (pair[0].entry.time, pair[0].entry.fact))


def within(
    window: Window, indicator: Indicator, *, agency: str | None = None, unit: str | None = None
) -> Callable[[Row | CellKey], bool]:
    """Whether a row or a cell is part of an indicator's figure for a window, of one agency or unit if asked."""
    inside = {day.isoformat() for day in stretches(window)}
    last = max(inside)

    def wanted(row: Row | CellKey) -> bool:
        return (
            row.indicator == indicator.code
            and (row.stretch <= last if indicator.measure == "stock" else row.stretch in inside)
            and (agency or row.agency) == row.agency
            and (unit or row.unit) == row.unit
        )

    return wanted


def worth(indicator: Indicator, rows: Iterable[Row]) -> int:
    """What rows of one indicator come to."""
    if indicator.measure == "distinct":
        return len({row.member for row in rows})
    return sum(row.amount for row in rows)


def recounted(committed: Committed, values: Sequence[bytes], counting: Counting) -> Committed:
    """A batch with the rows that this counting gives its events."""
    entries = [entry_of(read(value), counting) for value in values]
    return replace(committed, counting=counting.name, batch=replace(committed.batch, entries=entries))


def reached(positions: Positions, committed: Committed) -> bool:
    """Whether a batch lies before the positions."""
    return (committed.epoch, committed.batch.end) <= positions.get(committed.place, (0, 0))


def heard_by(moment: datetime) -> Callable[[Committed], bool]:
    """Whether a batch was heard by a moment."""
    milliseconds = int(moment.timestamp() * 1000)
    return lambda committed: committed.batch.at <= milliseconds
