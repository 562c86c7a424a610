"""Counting the whole ledger anew from the events' bytes, beside the running services, and comparing figure by figure.

So a catalogue that was changed applies to the past too. Nothing is said, nothing is sent, and what services of the
former catalogue read and write is not touched: the new count has cells of its own. They are used once they are
approved, which they are if every signed figure comes out as it was signed.

What is held in memory is the facts of one partition at a time, and the cells.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

from catalogue.windows import CALENDARS, Period, periods_of, window
from chassis.listening import Fatal, Place
from chassis.metrics import REBUILD_DONE
from services.reporting import batches, statements
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.figures import Question, values
from services.reporting.ledger import CATALOGUE_RUNBOOK, Committed
from services.reporting.obstacles import store as obstacles
from services.reporting.packing import pack_cells
from services.reporting.past import Past, Recount, reached
from services.reporting.proofs import PLACES, positions_of, signed_values
from services.reporting.views import ConsolidationView

_log = logging.getLogger(__name__)
_TOLD = 500
"""So many differences are kept with the progress; the command prints them all."""


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
    """What counting anew comes to, while it goes on and in the end."""

    counting: str
    of: int = 0
    """Batches there were when it began; more may come while it goes on."""
    batches: int = 0
    events: int = 0
    changed: int = 0
    """Batches that come to something else now."""
    compared: int = 0
    identical: bool = True
    """Whether all cells are the same, byte for byte as they are packed."""
    differences: list[Difference] = field(default_factory=list)
    approved: bool = False
    done: bool = False

    @property
    def ratio(self) -> float:
        """How much is done, 0 to 1."""
        return 1.0 if self.done else min(1.0, self.batches / self.of) if self.of else 0.0


Told = Callable[[Rebuilt], None]


@dataclass
class _Signed:
    """A signed consolidation, and what the ledger up to its positions comes to."""

    frozen: ConsolidationView
    anew: Past

    def take(self, committed: Committed) -> None:
        if reached(positions_of(self.frozen), committed):
            self.anew.take(committed)


async def counted(deps: Deps) -> None:
    """See to it that the ledger is counted by this service's catalogue before anything is folded.

    Services of the former catalogue go on meanwhile.

    Raises:
        Fatal: a signed figure would be another, and nobody has said that it may.
    """
    if await deps.store.get("countings", deps.counting.name):
        await batches.use_again(deps.store, deps.counting, deps.clock.now())
        return
    if not await deps.store.find("ledger", limit=1, without=("values", "entries")):
        await batches.approve(deps.store, deps.counting, {}, (), deps.clock.now())
        return
    result = await rebuild(deps, (), lambda done: _log.info("counting anew: %d of %d batches", done.batches, done.of))
    for line in words(result):
        _log.info(line)
    if not result.approved:
        names = ", ".join(sorted({one.indicator for one in result.differences if one.signed}))
        raise Fatal(f"signed figures would be others by this catalogue: {names}; see {CATALOGUE_RUNBOOK}")


async def rebuild(deps: Deps, accepted: Collection[str], told: Told) -> Rebuilt:
    """Count anew, compare, and approve unless a signed figure of an indicator that is not ``accepted`` differs.

    ``told`` is called after every page of the ledger; the progress is kept in the store too.
    """
    result = Rebuilt(deps.counting.name, of=await deps.store.count("ledger"))
    live, anew = Past(deps.counting.stocks), Past(deps.counting.stocks)
    signed = [_Signed(one, Past(deps.counting.stocks)) for one in await kept.signed_periods(deps.store)]
    former = await batches.former(deps.store)
    cells: list[tuple[str, int, dict[str, object]]] = []
    for place in PLACES:
        recount, heard = Recount(deps.counting), 0
        async for before, after in _counted_anew(deps, place, recount, former):
            await asyncio.to_thread(_take, live, before)
            await asyncio.to_thread(_take, anew, after)
            for one in signed:
                await asyncio.to_thread(_take, one, after)
            changed = [new for old, new in zip(before, after, strict=True) if _differs(old, new)]
            await batches.put_recounted(deps.store, deps.counting, changed)
            heard += sum(committed.batch.end - committed.batch.first for committed in after)
            _count(result, after, changed)
            await _tell(deps, result, told)
        cells += kept.snapshots(place, recount.cells, heard, deps.counting)
    await obstacles.stand_all(deps)
    result.identical = _packed(live) == _packed(anew)
    _compare(deps, result, live, anew)
    for one in signed:
        _compare_signed(deps, result, one)
    if not any(one.signed and one.indicator not in accepted for one in result.differences):
        await deps.store.keep_newest("cells", cells)
        await batches.approve(deps.store, deps.counting, anew.positions, accepted, deps.clock.now())
        result.approved = True
    result.done = True
    await _tell(deps, result, told)
    return result


async def _counted_anew(
    deps: Deps, place: Place, recount: Recount, former: str
) -> AsyncIterator[tuple[list[Committed], list[Committed]]]:
    """Every page of a partition's ledger as it is told and as it is now counted."""
    async for page in batches.batches_of(deps.store, place):
        said = await batches.values_of(deps.store, (committed.id for committed in page))
        for committed in page:
            told = zip(committed.batch.entries, said[committed.id], strict=True)
            await statements.keep(deps.store, told, committed.batch.at)
        anew = [await asyncio.to_thread(recount.take, committed, said[committed.id]) for committed in page]
        yield await batches.as_counted(deps.store, former, page), anew


def _take(into: Past | _Signed, page: Sequence[Committed]) -> None:
    for committed in page:
        into.take(committed)


def _differs(old: Committed, new: Committed) -> bool:
    return (list(old.batch.entries), old.batch.replaced) != (list(new.batch.entries), new.batch.replaced)


def _count(result: Rebuilt, after: Sequence[Committed], changed: Sequence[Committed]) -> None:
    result.batches += len(after)
    result.events += sum(len(committed.batch.entries) for committed in after)
    result.changed += len(changed)


async def _tell(deps: Deps, result: Rebuilt, told: Told) -> None:
    deps.metrics.set(REBUILD_DONE, result.ratio)
    at = int(deps.clock.now().timestamp() * 1000)
    body = asdict(replace(result, differences=result.differences[:_TOLD]))
    body |= {"different": len(result.differences), "ratio": result.ratio, "at": at}
    await kept.put_progress(deps.store, result.counting, body)
    told(result)


def _packed(of: Past) -> dict[str, bytes]:
    return {name: pack_cells(cells) for name, cells in of.cells.buckets.items()}


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


def _compare_signed(deps: Deps, result: Rebuilt, one: _Signed) -> None:
    period = one.frozen.period
    now = values(deps.plan, Question(window(Period.parse(period), "administrative")), one.anew.pairs())
    signed = {code: value for code, value in signed_values(one.frozen).items() if code in now}
    result.compared += len(signed)
    result.differences += [
        Difference(period, "administrative", code, value, now[code], signed=True)
        for code, value in signed.items()
        if value != now[code]
    ]


def words(result: Rebuilt) -> Iterator[str]:
    """What came out, a line each."""
    yield f"{result.events} events in {result.batches} batches counted anew, {result.changed} batches otherwise"
    same = "identical byte for byte" if result.identical else "not identical"
    yield f"cells {same}; {result.compared} figures compared, {len(result.differences)} different"
    for one in result.differences:
        what = "signed" if one.signed else "told"
        yield f"{one.period} {one.calendar} {one.indicator}: {what} {one.told}, anew {one.anew}"
    yield "approved" if result.approved else "not approved: a signed figure would be another"
