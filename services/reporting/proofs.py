"""Looking back: figures as of a moment, what changed a signed one, the events that make any. Linear in the ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from catalogue.model import Indicator, Plan
from catalogue.windows import Period, Window, window
from chassis.listening import Place
from contracts.envelope import Event, read
from contracts.topics import REGISTRY, SUPPORT
from services.reporting import batches
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.fold import entry_of, move
from services.reporting.ledger import Committed
from services.reporting.model import Row
from services.reporting.past import (
    Change,
    Makers,
    Past,
    Positions,
    Restated,
    Source,
    Standing,
    Wanted,
    changes,
    heard_by,
    of_window,
    reached,
    within,
)
from services.reporting.provenance.corrected import Corrected
from services.reporting.views import ConsolidationView
from services.reporting.worth import Pairs, Worth, of_rows

_STREAMED = 16
PLACES = tuple(Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions))


@dataclass(frozen=True)
class Then:
    """A moment gone by, and all cells as they were known at it."""

    moment: datetime
    cells: Pairs


@dataclass(frozen=True)
class Sought:
    """Whose events are looked for: an indicator's cells, in some beginning of each partition's ledger."""

    indicator: Indicator
    wanted: Wanted
    known: Callable[[Committed], bool] = lambda _: True


@dataclass(frozen=True)
class Traced:
    """A figure and the events that make it, by business time."""

    indicator: Indicator
    worth: Worth
    events: list[tuple[Source, list[Row]]]


async def past(deps: Deps, wanted: Callable[[Committed], bool] = lambda _: True) -> Past:
    """The cells after the wanted beginning of each partition's ledger."""
    found = Past(deps.counting.stocks)
    await _along(deps, found.take, wanted)
    return found


async def then_of(deps: Deps, moment: datetime | None) -> Then | None:
    """What was known at a moment, if one is given."""
    return None if moment is None else Then(moment, list((await past(deps, heard_by(moment))).pairs()))


async def since(deps: Deps, signed: Sequence[ConsolidationView]) -> tuple[Past, list[list[Change]]]:
    """What is known now, and for each consolidation what has changed of its window's cells since: one walk for all."""
    found = Past(deps.counting.stocks)
    looked = [(positions_of(one), of_window(window_of(one), deps.counting.stocks), list[Change]()) for one in signed]

    def take(committed: Committed) -> None:
        found.take(committed)
        for positions, wanted, after in looked:
            if not reached(positions, committed):
                after.extend(mine for change in changes(committed) if (mine := change.of(wanted)))

    await _along(deps, take)
    return found, [after for _, _, after in looked]


async def _along(
    deps: Deps,
    take: Callable[[Committed], None],
    wanted: Callable[[Committed], bool] = lambda _: True,
    page: int = batches.PAGE,
) -> None:
    """Walk along the wanted beginning of each partition's ledger, in a thread beside the event loop."""
    async for committed in _batches(deps, wanted, page):
        await asyncio.to_thread(take, committed)


async def _batches(deps: Deps, wanted: Callable[[Committed], bool], page: int) -> AsyncIterator[Committed]:
    """The wanted beginning of each partition's ledger, so many batches with a read."""
    for place in PLACES:
        async for committed in batches.ledger_of(deps.store, place, deps.counting, page=page):
            if not wanted(committed):
                break
            yield committed


def positions_of(frozen: ConsolidationView) -> Positions:
    """The positions behind a consolidation."""
    return {position.place: (position.epoch, position.offset) for position in frozen.ledger}


def known_by(moment: datetime | None, behind: ConsolidationView | None) -> Callable[[Committed], bool]:
    """The beginning of the ledger that is behind a consolidation, or was known at a moment; else all of it."""
    if behind is not None:
        return partial(reached, positions_of(behind))
    return heard_by(moment) if moment else lambda _: True


async def trace(deps: Deps, sought: Sought) -> Traced:
    """The events behind a figure."""
    found = Makers(sought.wanted)
    await _along(deps, found.take, sought.known)
    events = found.events()
    return Traced(sought.indicator, of_rows(sought.indicator, [row for _, rows in events for row in rows]), events)


async def each(deps: Deps, sought: Sought) -> AsyncIterator[list[tuple[Source, list[Row]]]]:
    """The same events batch after batch, in the order in which each partition heard them; no more of them is held than
    a page of the ledger. What is heard meanwhile is left out."""
    found, reach = Corrected(sought.wanted), dict[str, tuple[int, int]]()

    def take(committed: Committed) -> None:
        reach[committed.place] = (committed.epoch, committed.batch.end)
        found.take(committed)

    await _along(deps, take, sought.known, page=_STREAMED)
    async for committed in _batches(deps, partial(reached, reach), _STREAMED):
        events = await asyncio.to_thread(found.events, committed)
        if events:
            yield events


async def restate(deps: Deps, frozen: ConsolidationView) -> list[Restated]:
    """What changed the figures of a consolidation since, by the plan's order; what nothing touched is left out."""
    now, [after] = await since(deps, [frozen])
    return list(restated(deps.plan, frozen, now, after, signed_values(frozen)))


def signed_values(frozen: ConsolidationView) -> dict[str, int]:
    """Every indicator's value as it was frozen."""
    return {figure.code: figure.value for task in frozen.summary.tasks for figure in task.indicators}


def signed_told(frozen: ConsolidationView) -> dict[str, int]:
    """Every indicator's value as it was frozen that says something: without averages of none."""
    indicators = (figure for task in frozen.summary.tasks for figure in task.indicators)
    return {figure.code: figure.value for figure in indicators if figure.denominator != 0}


def restated(
    plan: Plan, frozen: ConsolidationView, now: Past, after: Sequence[Change], before: Mapping[str, int]
) -> Iterator[Restated]:
    """The indicators that changes touch in a consolidated period; ``before`` are the values without the changes."""
    signed, asked = signed_values(frozen), window_of(frozen)
    for indicator in touched_by(plan, after):
        wanted = within(asked, indicator)
        mine = [change for change in after if change.touches(wanted)]
        if mine:
            code = indicator.code
            yield Restated(indicator, signed.get(code, 0), before.get(code, 0), now.value(indicator, wanted), mine)


async def preview(deps: Deps, events: Iterable[Event]) -> list[tuple[ConsolidationView, list[Restated]]]:
    """What events that nobody has accepted yet would change in each signed period."""
    entries = [entry_of(event, deps.counting) for event in events]
    now, standing = Past(deps.counting.stocks), Standing((entry.fact for entry in entries), deps.counting.stocks)

    def take(committed: Committed) -> None:
        now.take(committed)
        standing.take(committed)

    await _along(deps, take)
    signed = sorted(await kept.signed_periods(deps.store), key=lambda frozen: frozen.period)
    heard_at = int(deps.clock.now().timestamp() * 1000)
    heard = [standing.hear(Source(entry, "", number, heard_at)) for number, entry in enumerate(entries)]
    would = [change for change in heard if change is not None]
    inside = [(frozen, of_window(window_of(frozen), deps.counting.stocks)) for frozen in signed]
    mine = [[part for one in would if (part := one.of(wanted))] for _, wanted in inside]
    before = [_values(deps.plan, frozen, now, after) for frozen, after in zip(signed, mine, strict=True)]
    for change in would:
        move(now.cells, change.removed, change.added)
    return [
        (frozen, list(restated(deps.plan, frozen, now, after, values)))
        for frozen, after, values in zip(signed, mine, before, strict=True)
    ]


def _values(plan: Plan, frozen: ConsolidationView, now: Past, after: Iterable[Change]) -> dict[str, int]:
    asked = window_of(frozen)
    return {one.code: now.value(one, within(asked, one)) for one in touched_by(plan, after)}


def touched_by(plan: Plan, after: Iterable[Change]) -> list[Indicator]:
    """The indicators whose figures some changes may change, averages too."""
    codes = {row.indicator for change in after for row in (*change.removed, *change.added)}
    indicators = plan.indicator_by_code.values()
    return [one for one in indicators if any(part.code in codes for part in one.counted)]


def window_of(frozen: ConsolidationView) -> Window:
    """The window that a consolidation's figures cover."""
    return window(Period.parse(frozen.period), "administrative")


async def events_of(deps: Deps, sources: Iterable[Source]) -> list[Event]:
    """The events themselves, read from the ledger's bytes. One read."""
    sources = list(sources)
    values = await batches.values_of(deps.store, sorted({source.batch for source in sources}))
    return [read(values[source.batch][source.number]) for source in sources]
