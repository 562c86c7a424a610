"""What the ledger tells of the past: figures as they were known, what changed since, and which events make a figure.

The ledger keeps every event in the order in which it was heard, with the moment and with what it took back, so each of
these is a walk along some of it that holds no more than what it looks for. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.model import Indicator
from catalogue.windows import Window, stretches
from contracts.envelope import read
from services.reporting.fold import Cells, Counting, apply, entry_of, hear, move, replaced
from services.reporting.ledger import Committed
from services.reporting.model import Cell, CellKey, Entry, Row
from services.reporting.organisation import AS_TOLD, Names
from services.reporting.worth import Worth, of_cells

Positions = Mapping[str, tuple[int, int]]
"""How far each partition of the ledger is looked at: by its place, the log's epoch and the next offset."""
Wanted = Callable[[CellKey], bool]


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

    @property
    def agency(self) -> str:
        """Who told it."""
        return teller(self.source.entry, self.added or self.removed)

    def touches(self, wanted: Wanted) -> bool:
        """Whether any wanted cell is changed; a row of nothing changes none."""
        return any(_weighs(row) and wanted(row.key) for row in (*self.removed, *self.added))

    def of(self, wanted: Wanted) -> "Change | None":
        """What is changed of wanted cells; nothing if none is."""
        removed, added = (
            tuple(row for row in rows if _weighs(row) and wanted(row.key)) for rows in (self.removed, self.added)
        )
        return Change(self.source, removed, added) if removed or added else None


def _weighs(row: Row) -> bool:
    return bool(row.member or row.amount)


@dataclass(frozen=True)
class Restated:
    """An indicator of a signed period that some events change: the signed value, that without them, that with them."""

    indicator: Indicator
    signed: int
    before: int
    after: int
    changes: list[Change]


def teller(entry: Entry, rows: Sequence[Row]) -> str:
    """The agency that told an event with these rows. A fact names it, but that of the register, which is one."""
    speaker = entry.fact.partition(" ")[0]
    return rows[0].key.agency if speaker == "registry" and rows else speaker


def changes(committed: Committed) -> Iterator[Change]:
    """What each event of a batch changed; nothing for those that a higher revision had overtaken."""
    batch = committed.batch
    for number, entry in enumerate(batch.entries):
        if number not in batch.superseded:
            source = Source(entry, committed.id, number, batch.at)
            yield Change(source, batch.replaced.get(number, ()), entry.rows)


class Past:
    """The cells after some of the ledger."""

    def __init__(self, stocks: frozenset[str]) -> None:
        self.cells = Cells(stocks)
        self.positions: dict[str, tuple[int, int]] = {}

    def take(self, committed: Committed) -> None:
        """Fold one batch. The batches of one partition come in their order."""
        self.positions[committed.place] = (committed.epoch, committed.batch.end)
        for change in changes(committed):
            move(self.cells, change.removed, change.added)
        for entry in committed.batch.entries:
            hear(self.cells, entry)

    def value(self, indicator: Indicator, wanted: Wanted) -> int:
        """What an indicator is worth over the wanted cells."""
        return self.worth(indicator, wanted).value

    def worth(self, indicator: Indicator, wanted: Wanted) -> Worth:
        """The same with what an average is of."""
        return of_cells(indicator, [(key, cell) for key, cell in self.pairs() if wanted(key)])

    def pairs(self) -> Iterator[tuple[CellKey, Cell]]:
        """All cells, as `figures` takes them."""
        for bucket in self.cells.buckets.values():
            yield from bucket.items()


class Makers:
    """The events that hold and have rows of wanted cells, after some of the ledger."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._holding: dict[str, tuple[Source, list[Row]]] = {}

    def take(self, committed: Committed) -> None:
        """Walk along one batch."""
        for change in changes(committed):
            rows = [row for row in change.added if self._wanted(row.key)]
            if rows:
                self._holding[change.source.entry.fact] = change.source, rows
            elif change.removed:
                self._holding.pop(change.source.entry.fact, None)

    def events(self) -> list[tuple[Source, list[Row]]]:
        """Each with its wanted rows, by business time and then by fact."""
        return sorted(self._holding.values(), key=lambda pair: (pair[0].entry.time, pair[0].entry.fact))


class Standing:
    """What holds of some facts, after some of the ledger; then events that nobody has accepted are heard on top."""

    def __init__(self, facts: Iterable[str], stocks: frozenset[str]) -> None:
        self._facts = frozenset(facts)
        self._state = Cells(stocks)

    def take(self, committed: Committed) -> None:
        """Walk along one batch."""
        for entry in committed.batch.entries:
            if entry.fact in self._facts:
                apply(self._state, entry)

    def hear(self, source: Source) -> Change | None:
        """What one more event would change; nothing if a higher revision holds or it is known."""
        held = self._state.facts.get(source.entry.fact)
        removed = held.rows if held else ()
        return Change(source, removed, source.entry.rows) if apply(self._state, source.entry) == "counted" else None


class Recount:
    """Counts a partition's batches anew, one after the other, from the events' bytes."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self.cells = Cells(counting.stocks)

    def take(self, committed: Committed, values: Sequence[bytes]) -> Committed:
        """The next batch as it is counted now."""
        entries = [entry_of(read(value), self._counting) for value in values]
        taken, superseded = replaced(self.cells, entries)
        batch = replace(committed.batch, entries=entries, replaced=taken, superseded=superseded)
        anew = replace(committed, counting=self._counting.name, batch=batch)
        self.follow(anew)
        return anew

    def follow(self, committed: Committed) -> None:
        """The next batch is counted so already."""
        for entry in committed.batch.entries:
            apply(self.cells, entry)


def within(
    window: Window,
    indicator: Indicator,
    *,
    agency: str | None = None,
    unit: str | None = None,
    names: Names = AS_TOLD,
) -> Wanted:
    """Whether a cell is part of an indicator's figure for a window, of one agency or unit if asked, by the names of the
    day or by others; the unit "" is what is of the province as a whole."""
    inside = {day.isoformat() for day in stretches(window)}
    last, counted = max(inside), {part.code for part in indicator.counted}

    def wanted(key: CellKey) -> bool:
        if key.indicator not in counted:
            return False
        named = names.of(key)
        return (
            (key.stretch <= last if indicator.measure == "stock" else key.stretch in inside)
            and (agency or named.agency) == named.agency
            and (named.unit if unit is None else unit) == named.unit
        )

    return wanted


def of_window(window: Window, stocks: frozenset[str]) -> Wanted:
    """Whether a cell is part of any indicator's figure for a window."""
    inside = frozenset(day.isoformat() for day in stretches(window))
    last = max(inside)
    return lambda key: key.stretch in inside or (key.stretch <= last and key.indicator in stocks)


def reached(positions: Positions, committed: Committed) -> bool:
    """Whether a batch lies before the positions."""
    return (committed.epoch, committed.batch.end) <= positions.get(committed.place, (0, 0))


def heard_by(moment: datetime) -> Callable[[Committed], bool]:
    """Whether a batch was heard by a moment."""
    milliseconds = int(moment.timestamp() * 1000)
    return lambda committed: committed.batch.at <= milliseconds
