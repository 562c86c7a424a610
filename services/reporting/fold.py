"""The fold: from canonical events to cells.

A fact (speaker, kind, subject) is worth what its highest (revision, id) says, and nothing once that is a retraction; a
cell is the sum over all facts. So cells are a function of the *set* of events heard: duplicates, batch splits, order
and replays can't change them. The state is changed in place, by `apply` alone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

from catalogue.model import Indicator, Plan, Term
from catalogue.windows import local_day, stretch_of
from contracts.envelope import Event
from contracts.shapes import Shape
from services.reporting.model import Cell, CellKey, Entry, Row, cell_key

RULES = 3
"""Counts the ways in which `Counting` has read the same plan: raised when it would read an event otherwise."""
_Places = tuple[tuple[str, Literal[1, -1]], ...]


class Counting:
    """What a plan counts: for each kind of event, the indicators and terms that take it. ``name`` tells one counting
    from another: two that would count an event differently have different names."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.name = _name_of(plan)
        self.stocks = frozenset(
            indicator.code for task in plan.tasks for indicator in task.indicators if indicator.measure == "stock"
        )
        self._by_kind: dict[str, list[tuple[str, Indicator, Term]]] = {}
        for task in plan.tasks:
            for indicator in task.indicators:
                for term in indicator.terms:
                    self._by_kind.setdefault(term.kind, []).append((task.code, indicator, term))
        self._counts_for = lru_cache(maxsize=65_536)(self._is_owner)

    def rows(self, event: Event) -> tuple[Row, ...]:
        """What the event adds to cells; nothing for a retraction or where no indicator takes it."""
        data = event.data
        if not isinstance(data, Shape):
            return ()
        day = local_day(event.envelope.time)
        stretch = stretch_of(day).isoformat()
        agency = event.envelope.agency
        here, moved = _places(data)
        return tuple(
            Row(cell_key(indicator.code, stretch, agency, unit), member, times * amount)
            for task, indicator, term in self._by_kind.get(event.kind.name, ())
            if (indicator.speakers == "any" or self._counts_for(task, agency, day)) and _holds(term.where, data)
            for unit, times in (moved if term.moved else here)
            for member, amount in _amounts(indicator, term, data)
        )

    def _is_owner(self, task: str, agency: str, day: date) -> bool:
        return agency in self._plan.owners(task, day)


def _name_of(plan: Plan) -> str:
    counted = [
        [
            task.code,
            [plan.owners(task.code, day) for day in (date.min, *plan.roster.turns)],
            [
                [one.code, one.measure, one.speakers, list(map(_taken, one.terms)), [part.code for part in one.counted]]
                for one in task.indicators
            ],
        ]
        for task in plan.tasks
    ]
    return hashlib.sha256(msgspec.json.encode([RULES, counted])).hexdigest()[:16]


def _taken(term: Term) -> list[object]:
    return [term.kind, term.field, term.sign, term.moved, sorted(term.where.items())]


def _holds(where: Mapping[str, tuple[object, ...]], data: Shape) -> bool:
    return all(getattr(data, name) in allowed for name, allowed in where.items())


def _places(data: Shape) -> tuple[_Places, _Places]:
    """Where what an event says counts, and how often; and where what it says of a cooperative that moved does. Of one
    that moved, what else changed counts where it was until then: all of it goes over from there."""
    unit, before = data.unit or "", getattr(data, "previous_unit", None)
    return (((unit, 1),), ()) if before is None else (((before, 1),), ((before, -1), (unit, 1)))


def _amounts(indicator: Indicator, term: Term, data: Shape) -> Iterable[tuple[str, int]]:
    """Pairs of cooperative ("" unless cooperatives are counted) and amount."""
    if indicator.measure == "distinct":
        one = getattr(data, "cooperative", None)
        return ((code, 1) for code in dict.fromkeys((one,) if one else getattr(data, "cooperatives", ())))
    amount = 1 if term.field is None else getattr(data, term.field)
    return (("", term.sign * int(amount)),) if amount is not None else ()


class Held(msgspec.Struct, gc=False):
    """What holds of a fact: its highest revision, and the rows it stands for."""

    revision: int
    id: str
    rows: tuple[Row, ...]


Effect = Literal["counted", "superseded", "duplicate"]


STOCKS = "stocks"
"""The bucket of all stock cells: a stock as of a day needs every stretch before it."""


@dataclass(slots=True)
class Cells:
    """The folded state of one partition of a topic.

    Cells lie in buckets, which are written and read whole: one per stretch, and one for all stocks.
    """

    stocks: frozenset[str]
    facts: dict[str, Held] = field(default_factory=dict)
    passed: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    """Of facts that were stated more than once: what was heard of them and does not hold, by revision and id."""
    buckets: dict[str, dict[CellKey, Cell]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """Buckets that changed since they were last written."""


def entry_of(event: Event, counting: Counting) -> Entry:
    """What the ledger keeps of an event."""
    envelope = event.envelope
    milliseconds = int(envelope.time.timestamp() * 1000)
    return Entry(event.fact, envelope.revision, envelope.id, milliseconds, counting.rows(event))


def effect(state: Cells, entry: Entry) -> Effect:
    """What applying the entry would do: count, count nothing because a higher revision holds, or nothing at all."""
    held, stated = state.facts.get(entry.fact), (entry.revision, entry.id)
    if held is None or stated > (held.revision, held.id):
        return "counted"
    heard = stated == (held.revision, held.id) or stated in state.passed.get(entry.fact, ())
    return "duplicate" if heard else "superseded"


def new_entries(state: Cells, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that are not duplicates, neither of what the state has heard nor of each other."""
    fresh: dict[tuple[str, int, str], Entry] = {}
    for entry in entries:
        if effect(state, entry) != "duplicate":
            fresh.setdefault((entry.fact, entry.revision, entry.id), entry)
    return list(fresh.values())


def replaced(state: Cells, entries: Iterable[Entry]) -> tuple[dict[int, tuple[Row, ...]], frozenset[int]]:
    """What applying new entries one after the other would take back: by an entry's number the rows that its fact is
    worth before it, and the numbers of those that count nothing because a higher revision holds."""
    standing: dict[str, Held] = {}
    taken: dict[int, tuple[Row, ...]] = {}
    superseded = []
    for number, entry in enumerate(entries):
        held = standing.get(entry.fact) or state.facts.get(entry.fact)
        if held is not None and (entry.revision, entry.id) <= (held.revision, held.id):
            superseded.append(number)
            continue
        if held is not None and held.rows:
            taken[number] = held.rows
        standing[entry.fact] = Held(entry.revision, entry.id, entry.rows)
    return taken, frozenset(superseded)


def apply(state: Cells, entry: Entry) -> Effect:
    """Fold one entry into the state."""
    outcome = effect(state, entry)
    if outcome == "duplicate":
        return outcome
    held = state.facts.get(entry.fact)
    if outcome == "counted":
        move(state, held.rows if held else (), entry.rows)
        state.facts[entry.fact] = Held(entry.revision, entry.id, entry.rows)
    if held is not None:
        gone = held if outcome == "counted" else entry
        state.passed.setdefault(entry.fact, set()).add((gone.revision, gone.id))
    hear(state, entry)
    return outcome


def move(state: Cells, removed: Iterable[Row], added: Iterable[Row]) -> None:
    """Take some rows out of the cells and put others in."""
    for row in removed:
        _add(state, row, -1)
    for row in added:
        _add(state, row, 1)


def hear(state: Cells, entry: Entry) -> None:
    """Let the entry's cells know how new it is."""
    for row in entry.rows:
        cell = _cell(state, row)
        cell.newest = max(cell.newest, entry.time)


def _cell(state: Cells, row: Row) -> Cell:
    key = row.key
    name = STOCKS if key.indicator in state.stocks else key.stretch
    state.touched.add(name)
    bucket = state.buckets.get(name)
    if bucket is None:
        bucket = state.buckets[name] = {}
    cell = bucket.get(key)
    if cell is None:
        cell = bucket[key] = Cell(0, {}, 0)
    return cell


def _add(state: Cells, row: Row, times: Literal[1, -1]) -> None:
    cell = _cell(state, row)
    if not row.member:
        cell.amount += times * row.amount
        return
    mentions = cell.members.get(row.member, 0) + times
    if mentions:
        cell.members[row.member] = mentions
    else:
        del cell.members[row.member]
