"""The restatement ledger: a note whenever later events have changed a signed figure, kept and said once.

Note n of a period is one document with its events in its outbox, and begins where note n-1 ended: its positions are in
it. So whoever looks, however often, whatever crashes and however many copies do, writes the same chain, and of two that
write the same note only one can.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chassis.store import Stale
from services.reporting import batches
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.figures import Question, values
from services.reporting.fold import Cells, move
from services.reporting.ledger import Committed
from services.reporting.messages import figure_restated
from services.reporting.past import Change, Positions, changes, of_window, reached
from services.reporting.proof_views import NoteFigureView, NoteView, change_view, name_of
from services.reporting.proofs import PLACES, events_of, positions_of, signed_values, touched_by, window_of
from services.reporting.views import ConsolidationView

_log = logging.getLogger(__name__)
MOST_CHANGES = 1_000
"""A note that would tell of more events is told before it has all of them: a document must not grow without bound."""


@dataclass
class _Watched:
    """A signed period after some of the ledger: its window's cells, and what its last note told."""

    frozen: ConsolidationView
    cells: Cells
    told: dict[str, int]
    number: int = 0
    positions: dict[str, tuple[int, int]] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)
    unsure: bool = True  # whether the cells may differ from what was told without any event

    def __post_init__(self) -> None:
        self._question = Question(window_of(self.frozen))
        self._wanted = of_window(window_of(self.frozen), self.cells.stocks)

    def take(self, committed: Committed, *, told: bool = False) -> None:
        """Fold the next batch; ``told`` if an earlier note has told of it."""
        if reached(self.positions, committed):
            return
        self.positions[committed.place] = (committed.epoch, committed.batch.end)
        for change in changes(committed):
            mine = change.of(self._wanted)
            if mine is not None:
                move(self.cells, mine.removed, mine.added)
                if not told:
                    self.pending.append(mine)

    def now(self, deps: Deps) -> Mapping[str, int]:
        """Every figure that was signed, as it is now."""
        pairs = [pair for bucket in self.cells.buckets.values() for pair in bucket.items()]
        found = values(deps.plan, self._question, pairs)
        return {code: found.get(code, value) for code, value in self.told.items()}


class Restating:
    """Looks at what was heard since the last look."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._watched: dict[str, _Watched] = {}

    async def look(self) -> int:
        """Keep a note of each signed period that was changed since; how many.

        Only services of the catalogue that was approved last keep any: those of a former one would contradict them.
        """
        if await batches.former(self._deps.store) not in ("", self._deps.counting.name):
            self._watched.clear()
            return 0
        await self._meet()
        kept_before = sum(one.number for one in self._watched.values())
        watched = list(self._watched.values())
        for place in PLACES if watched else ():
            since = min(one.positions.get(str(place), batches.BEGINNING) for one in watched)
            async for committed in batches.ledger_of(self._deps.store, place, self._deps.counting, since):
                await asyncio.to_thread(_take, watched, committed)
                for one in watched:
                    if len(one.pending) >= MOST_CHANGES:
                        await self._note(one)
        for one in watched:
            if one.pending or one.unsure:
                await self._note(one)
        return sum(one.number for one in watched) - kept_before

    async def _meet(self) -> None:
        """Periods that were signed since: walk along the ledger, once for all, to where the last note of each ended, or
        to where it was signed."""
        met: list[tuple[_Watched, Positions]] = []
        for period in sorted(await kept.signed_codes(self._deps.store) - set(self._watched)):
            frozen = await kept.consolidation_of(self._deps.store, period)
            assert frozen is not None
            one = _Watched(frozen, Cells(self._deps.counting.stocks), signed_values(frozen))
            until: Positions = positions_of(frozen)
            for number, positions, note in await kept.notes_of(self._deps.store, period):
                one.number, until = number, positions
                one.told.update({figure.indicator: figure.after for figure in note.figures})
            met.append((one, until))
        for place in PLACES if met else ():
            async for committed in batches.ledger_of(self._deps.store, place, self._deps.counting):
                told = [one for one, until in met if reached(until, committed)]
                if not told:
                    break
                await asyncio.to_thread(_take, told, committed, told=True)
        self._watched |= {one.frozen.period: one for one, _ in met}

    async def _note(self, one: _Watched) -> None:
        period = one.frozen.period
        if self._watched.get(period) is not one:  # overtaken earlier in this look
            return
        now = one.now(self._deps)
        touched = {indicator.code for indicator in touched_by(self._deps.plan, one.pending)}
        codes = [code for code in one.told if code in touched or now[code] != one.told[code]]
        one.unsure = False
        if not codes:
            one.pending.clear()
            return
        note = await self._told(one, codes, now)
        said = [
            figure_restated(one.frozen, note, each, self._counted(each.indicator))
            for each in note.figures
            if each.before != each.after
        ]
        try:
            await kept.put_note(self._deps.store, note, one.positions, said)
        except Stale:
            del self._watched[period]  # another copy has kept it: the next look goes on behind it
            one.pending.clear()
            return
        _log.info("%s: note %d, %d signed figures restated", period, note.number, len(said))
        one.number, one.pending = note.number, []
        one.told.update({code: now[code] for code in codes})
        self._deps.relay.wake()

    def _counted(self, code: str) -> frozenset[str]:
        return frozenset(part.code for part in self._deps.plan.indicator_by_code[code].counted)

    async def _told(self, one: _Watched, codes: Iterable[str], now: Mapping[str, int]) -> NoteView:
        signed, indicators = signed_values(one.frozen), self._deps.plan.indicator_by_code
        sources = {name_of(change): change.source for change in one.pending}
        events = dict(zip(sources, await events_of(self._deps, sources.values()), strict=True))
        codes = [code for code in codes if code in indicators]
        return NoteView(
            period=one.frozen.period,
            number=one.number + 1,
            told_at=self._deps.clock.now(),
            figures=[
                NoteFigureView(
                    indicator=code,
                    title=indicators[code].title,
                    unit=indicators[code].unit,
                    signed=signed[code],
                    before=one.told[code],
                    after=now[code],
                )
                for code in codes
            ],
            changes=[change_view(change, codes, events[name_of(change)]) for change in one.pending],
        )


def _take(watched: Iterable[_Watched], committed: Committed, *, told: bool = False) -> None:
    for one in watched:
        one.take(committed, told=told)
