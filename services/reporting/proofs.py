"""Looking back: figures as of a moment, what changed a signed one, the events that make any. Linear in the ledger."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from catalogue.model import Indicator, Plan
from catalogue.windows import Calendar, Period, Window, window
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
    Source,
    Standing,
    changes,
    heard_by,
    reached,
    within,
)
from services.reporting.views import ConsolidationView
from services.reporting.worth import Worth, of_rows

PLACES = tuple(Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions))


@dataclass(frozen=True)
class Traced:
    """A figure and the events that make it, by business time."""

    indicator: Indicator
    worth: Worth
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
    """The cells after the wanted beginning of each partition's ledger."""
    found = Past(deps.counting.stocks)
    await _along(deps, found.take, wanted)
    return found


async def as_of(deps: Deps, moment: datetime) -> Past:
    """What was known at a moment."""
    return await past(deps, heard_by(moment))


async def since(deps: Deps, positions: Positions) -> tuple[Past, list[Change]]:
    """What is known now, and every change after the positions."""
    found, after = Past(deps.counting.stocks), list[Change]()

    def take(committed: Committed) -> None:
        found.take(committed)
        if not reached(positions, committed):
            after.extend(changes(committed))

    await _along(deps, take)
    return found, after


async def since_each(deps: Deps, marks: Sequence[Positions]) -> tuple[Past, list[list[Change]]]:
    """What is known now, and for each of the positions every change after them: one walk along the ledger for all."""
    found = Past(deps.counting.stocks)
    after: list[list[Change]] = [[] for _ in marks]

    def take(committed: Committed) -> None:
        found.take(committed)
        for positions, mine in zip(marks, after, strict=True):
            if not reached(positions, committed):
                mine.extend(changes(committed))

    await _along(deps, take)
    return found, after


async def _along(
    deps: Deps, take: Callable[[Committed], None], wanted: Callable[[Committed], bool] = lambda _: True
) -> None:
    """Walk along the wanted beginning of each partition's ledger, in a thread beside the event loop."""
    for place in PLACES:
        async for committed in batches.ledger_of(deps.store, place, deps.counting):
            if not wanted(committed):
                break
            await asyncio.to_thread(take, committed)


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
    found = Makers(within(asked, indicator, agency=agency, unit=unit))
    await _along(deps, found.take, heard_by(moment) if moment else lambda _: True)
    events = found.events()
    return Traced(indicator, of_rows(indicator, [row for _, rows in events for row in rows]), events)


async def restate(deps: Deps, frozen: ConsolidationView) -> list[Restated]:
    """What changed the figures of a consolidation since, by the plan's order; what nothing touched is left out."""
    now, after = await since(deps, positions_of(frozen))
    return list(restated(deps.plan, frozen, now, after, signed_values(frozen)))


def signed_values(frozen: ConsolidationView) -> dict[str, int]:
    """Every indicator's value as it was frozen."""
    return {figure.code: figure.value for task in frozen.summary.tasks for figure in task.indicators}


def restated(
    plan: Plan, frozen: ConsolidationView, now: Past, after: Sequence[Change], before: Mapping[str, int]
) -> Iterator[Restated]:
    """The indicators that changes touch in a consolidated period; ``before`` are the values without the changes."""
    signed, asked = signed_values(frozen), _window_of(frozen)
    for indicator in _touched(plan, after):
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
    before = {frozen.period: _values(deps.plan, frozen, now, would) for frozen in signed}
    for change in would:
        move(now.cells, change.removed, change.added)
    return [(frozen, list(restated(deps.plan, frozen, now, would, before[frozen.period]))) for frozen in signed]


def _values(plan: Plan, frozen: ConsolidationView, now: Past, after: Iterable[Change]) -> dict[str, int]:
    asked = _window_of(frozen)
    return {one.code: now.value(one, within(asked, one)) for one in _touched(plan, after)}


def _touched(plan: Plan, after: Iterable[Change]) -> list[Indicator]:
    codes = {row.indicator for change in after for row in (*change.removed, *change.added)}
    indicators = plan.indicator_by_code.values()
    return [one for one in indicators if any(part.code in codes for part in one.counted)]


def _window_of(frozen: ConsolidationView) -> Window:
    return window(Period.parse(frozen.period), "administrative")


async def events_of(deps: Deps, sources: Iterable[Source]) -> list[Event]:
    """The events themselves, read from the ledger's bytes. One read."""
    sources = list(sources)
    values = await batches.values_of(deps.store, sorted({source.batch for source in sources}))
    return [read(values[source.batch][source.number]) for source in sources]


async def prove(deps: Deps, period: Period, calendar: Calendar, indicator: Indicator) -> tuple[int, int, int]:
    """The figure as it is told, the same counted anew from nothing but the bytes of its events, and their number."""
    asked = window(period, calendar)
    traced = await trace(deps, indicator, asked)
    events = await events_of(deps, (source for source, _ in traced.events))
    wanted = within(asked, indicator)
    rows = [row for event in events for row in deps.counting.rows(event) if wanted(row.key)]
    return traced.worth.value, of_rows(indicator, rows).value, len(events)


def moment_of(milliseconds: int) -> datetime:
    """A moment that the ledger keeps."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
