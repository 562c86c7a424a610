"""Counting the whole ledger anew from the events' bytes, beside the running service, and comparing figure by figure.

So a catalogue that was changed applies to the past too. Nothing is said, nothing is sent; a service that counts so uses
the new rows once they are approved, which they are if every signed figure comes out as it was signed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial

from catalogue.windows import CALENDARS, Period, periods_of, window
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.figures import Question, values
from services.reporting.ledger import Committed
from services.reporting.past import Past, reached, recounted
from services.reporting.proofs import PLACES, positions_of, signed_values


@dataclass(frozen=True)
class Difference:
    """A figure that comes out otherwise: ``told`` is what is told now, or what was signed (``signed``)."""

    period: str
    calendar: str
    indicator: str
    told: int
    anew: int
    signed: bool


@dataclass
class Rebuilt:
    """What counting anew came to."""

    events: int = 0
    batches: int = 0
    changed: int = 0
    """Batches whose rows are others now."""
    compared: int = 0
    identical: bool = True
    """Whether all cells are the same, down to every amount and mention."""
    differences: list[Difference] = field(default_factory=list)
    approved: bool = False


async def rebuild(deps: Deps, accepted: Collection[str], told: Callable[[Rebuilt], None]) -> Rebuilt:
    """Count anew, compare, and approve unless a signed figure of an indicator that is not ``accepted`` differs.

    ``told`` is called after every page of the ledger.
    """
    result, live, anew = Rebuilt(), Past(deps.counting.stocks), Past(deps.counting.stocks)
    async for before, after in _counted_anew(deps):
        for committed in before:
            await asyncio.to_thread(live.take, committed)
        for committed in after:
            await asyncio.to_thread(anew.take, committed)
        changed = [new for old, new in zip(before, after, strict=True) if list(old.batch.entries) != new.batch.entries]
        await kept.put_recounted(deps.store, deps.counting, changed)
        result.batches += len(after)
        result.events += sum(len(committed.batch.entries) for committed in after)
        result.changed += len(changed)
        told(result)
    result.identical = dict(live.pairs()) == dict(anew.pairs())
    _compare(deps, result, live, anew)
    await _compare_signed(deps, result)
    if not any(one.signed and one.indicator not in accepted for one in result.differences):
        await kept.approve(deps.store, deps.counting, anew.positions, accepted)
        result.approved = True
    return result


async def _counted_anew(deps: Deps) -> AsyncIterator[tuple[list[Committed], list[Committed]]]:
    """Every page of the ledger as it is and as it is now counted."""
    for place in PLACES:
        async for page in kept.batches_of(deps.store, place):
            said = await kept.values_of(deps.store, (committed.id for committed in page))
            anew = [recounted(committed, said[committed.id], deps.counting) for committed in page]
            yield page, anew


def _compare(deps: Deps, result: Rebuilt, live: Past, anew: Past) -> None:
    before, after = list(live.pairs()), list(anew.pairs())
    years = sorted({int(key.stretch[:4]) + late for key, _ in (*before, *after) for late in (0, 1)})
    for period in (period for year in years for period in periods_of(year)):
        for calendar in CALENDARS:
            asked = Question(window(period, calendar))
            told, now = values(deps.plan, asked, before), values(deps.plan, asked, after)
            result.compared += len(now)
            result.differences += [
                Difference(period.code, calendar, code, told[code], now[code], signed=False)
                for code in now
                if told[code] != now[code]
            ]


async def _compare_signed(deps: Deps, result: Rebuilt) -> None:
    for frozen in await kept.signed_periods(deps.store):
        then, behind = Past(deps.counting.stocks), partial(reached, positions_of(frozen))
        async for _, page in _counted_anew(deps):
            for committed in filter(behind, page):
                await asyncio.to_thread(then.take, committed)
        asked = Question(window(Period.parse(frozen.period), "administrative"))
        now = values(deps.plan, asked, then.pairs())
        signed = {code: value for code, value in signed_values(frozen).items() if code in now}
        result.compared += len(signed)
        result.differences += [
            Difference(frozen.period, "administrative", code, value, now[code], signed=True)
            for code, value in signed.items()
            if value != now[code]
        ]


def words(result: Rebuilt) -> Iterator[str]:
    """What came out, a line each."""
    yield f"{result.events} events in {result.batches} batches counted anew, {result.changed} batches otherwise"
    yield f"{result.compared} figures compared, {len(result.differences)} different"
    for one in result.differences:
        what = "signed" if one.signed else "told"
        yield f"{one.period} {one.calendar} {one.indicator}: {what} {one.told}, anew {one.anew}"
    yield "approved" if result.approved else "not approved: a signed figure would be another"
