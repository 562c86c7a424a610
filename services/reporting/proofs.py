"""Looking back: figures as of a moment, what changed a signed one, the events that make any. Linear in the ledger."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from catalogue.model import Indicator, Plan
from catalogue.windows import Calendar, Period, Window, window
from chassis.listening import Place
from contracts.envelope import Event, read
from contracts.topics import REGISTRY, SUPPORT
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.fold import entry_of
from services.reporting.ledger import Committed
from services.reporting.model import Row
from services.reporting.past import Change, Past, Positions, Source, heard_by, reached, within, worth
from services.reporting.views import ConsolidationView

PLACES = tuple(Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions))


@dataclass(frozen=True)
class Traced:
    """A figure and the events that make it, by business time."""

    indicator: Indicator
    value: int
    events: list[tuple[Source, list[Row]]]


@dataclass(frozen=True)
class Restated:
    """An indicator of a signed period that some events change: the signed value, that without them, that with them."""

    indicator: Indicator
    signed: int
    before: int
    after: int
    changes: list[Change]


async def past(deps: Deps, wanted: Callable[[Committed], bool] = lambda _: True) -> Past:
    """The state after the wanted beginning of each partition's ledger."""
    found = Past(deps.counting.stocks)
    await _go_on(deps, found, wanted)
    return found


async def as_of(deps: Deps, moment: datetime) -> Past:
    """What was known at a moment."""
    return await past(deps, heard_by(moment))


async def since(deps: Deps, positions: Positions) -> tuple[Past, list[Change]]:
    """What is known now, and every change after the positions."""
    found = await past(deps, partial(reached, positions))
    changes = await _go_on(deps, found, lambda committed: not reached(positions, committed))
    return found, changes


async def since_each(deps: Deps, marks: Sequence[Positions]) -> tuple[Past, list[list[Change]]]:
    """What is known now, and for each of the positions every change after them: one fold of the ledger for all."""
    found = Past(deps.counting.stocks)
    after: list[list[Change]] = [[] for _ in marks]
    for place in PLACES:
        async for committed in kept.ledger_of(deps.store, place, deps.counting):
            changes = await asyncio.to_thread(found.take, committed)
            for positions, mine in zip(marks, after, strict=True):
                if not reached(positions, committed):
                    mine += changes
    return found, after


async def _go_on(deps: Deps, found: Past, wanted: Callable[[Committed], bool]) -> list[Change]:
    changes: list[Change] = []
    for place in PLACES:
        async for committed in kept.ledger_of(deps.store, place, deps.counting):
            if wanted(committed):
                changes += await asyncio.to_thread(found.take, committed)
    return changes


def positions_of(frozen: ConsolidationView) -> Positions:
    """The positions behind a consolidation."""
    return {position.place: (position.epoch, position.offset) for position in frozen.ledger}


async def trace(
    deps: Deps,
    indicator: Indicator,
    asked: Window,
    *,
    agency: str | None = None,
    unit: str | None = None,
    moment: datetime | None = None,
) -> Traced:
    """The events behind an indicator's figure for a window, as known now or at a moment."""
    found = await (as_of(deps, moment) if moment else past(deps))
    events = found.making(within(asked, indicator, agency=agency, unit=unit))
    return Traced(indicator, worth(indicator, (row for _, rows in events for row in rows)), events)


async def restate(deps: Deps, frozen: ConsolidationView) -> list[Restated]:
    """What changed the figures of a consolidation since, by the plan's order; what nothing touched is left out."""
    now, changes = await since(deps, positions_of(frozen))
    signed = signed_values(frozen)
    return list(restated(deps.plan, frozen, now, changes, signed))


def signed_values(frozen: ConsolidationView) -> dict[str, int]:
    """Every indicator's value as it was frozen."""
    return {figure.code: figure.value for task in frozen.summary.tasks for figure in task.indicators}


def restated(
    plan: Plan, frozen: ConsolidationView, now: Past, changes: Sequence[Change], before: Mapping[str, int]
) -> Iterator[Restated]:
    """The indicators that changes touch in a consolidated period; ``before`` are the values without the changes."""
    signed, asked = signed_values(frozen), _window_of(frozen)
    for indicator in _touched(plan, (row for change in changes for row in (*change.removed, *change.added))):
        wanted = within(asked, indicator)
        mine = [change for change in changes if any(map(wanted, (*change.removed, *change.added)))]
        if mine:
            code = indicator.code
            yield Restated(indicator, signed.get(code, 0), before.get(code, 0), now.value(indicator, wanted), mine)


async def preview(deps: Deps, events: Iterable[Event]) -> list[tuple[ConsolidationView, list[Restated]]]:
    """What events that nobody has accepted yet would change in each signed period."""
    now, signed = await past(deps), await kept.signed_periods(deps.store)
    entries = [entry_of(event, deps.counting) for event in events]
    rows = [row for entry in entries for row in (*entry.rows, *now.worth_now(entry.fact))]
    before = {
        frozen.period: {
            indicator.code: now.value(indicator, within(_window_of(frozen), indicator))
            for indicator in _touched(deps.plan, rows)
        }
        for frozen in signed
    }
    heard_at = int(deps.clock.now().timestamp() * 1000)
    heard = [now.hear(Source(entry, "", number, heard_at)) for number, entry in enumerate(entries)]
    changes = [change for change in heard if change is not None]
    return [
        (frozen, list(restated(deps.plan, frozen, now, changes, before[frozen.period])))
        for frozen in sorted(signed, key=lambda frozen: frozen.period)
    ]


def _touched(plan: Plan, rows: Iterable[Row]) -> list[Indicator]:
    codes = {row.indicator for row in rows}
    return [indicator for task in plan.tasks for indicator in task.indicators if indicator.code in codes]


def _window_of(frozen: ConsolidationView) -> Window:
    return window(Period.parse(frozen.period), "administrative")


async def events_of(deps: Deps, sources: Iterable[Source]) -> list[Event]:
    """The events themselves, read from the ledger's bytes. One read."""
    sources = list(sources)
    values = await kept.values_of(deps.store, sorted({source.batch for source in sources}))
    return [read(values[source.batch][source.number]) for source in sources]


async def prove(deps: Deps, period: Period, calendar: Calendar, indicator: Indicator) -> tuple[int, int, int]:
    """The figure as it is told, the same counted anew from nothing but the bytes of its events, and their number."""
    asked = window(period, calendar)
    traced = await trace(deps, indicator, asked)
    events = await events_of(deps, (source for source, _ in traced.events))
    wanted = within(asked, indicator)
    rows = [row for event in events for row in deps.counting.rows(event) if wanted(row)]
    return traced.value, worth(indicator, rows), len(events)


def moment_of(milliseconds: int) -> datetime:
    """A moment that the ledger keeps."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
