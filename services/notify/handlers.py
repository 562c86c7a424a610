"""What notify does when it hears: know which reports are in, and which signed figures are restated."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from chassis.listening import Place, Record, Span
from contracts.topics import REPORTING
from services.notify import store as kept
from services.notify.deps import Deps
from services.notify.fold import news
from services.notify.model import Notes, Reports, Restated, Said


class ReportListener:
    """The listener on reporting's topic.

    Each copy of notify hears the whole topic, from its oldest record, at every start: it is small, and only who has
    heard all of it may say that a report is missing. What the broker no longer keeps is read from the store.
    """

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._known: dict[str, Said] = {}
        self._notes: dict[tuple[str, int], dict[str, Restated]] = {}
        self._assigned: set[Place] = set()
        self._behind: dict[Place, int] = {}
        self.caught_up = asyncio.Event()
        """Set while everything is heard that was in the log when it was assigned to us."""

    @property
    def reports(self) -> Reports:
        """What is known of each report now."""
        return self._known

    @property
    def notes(self) -> Notes:
        """What is known of each restatement note now."""
        return self._notes

    async def load(self) -> None:
        """Read what earlier runs have kept."""
        self._note(await kept.restated(self._deps.store))
        self._known.update(news(self._known, (await kept.reports(self._deps.store)).values()))

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Begin with the oldest record of every place."""
        await self._deps.dead_letters.load()
        self._assigned.update(spans)
        self._behind.update({place: span.end for place, span in spans.items() if span.first < span.end})
        self._judge()
        return {place: span.first for place, span in spans.items()}

    async def revoked(self, places: Collection[Place]) -> None:
        """Until they are ours again, we may be missing reports."""
        self._assigned.difference_update(places)
        for place in places:
            self._behind.pop(place, None)
        self._judge()

    async def hear(self, records: Sequence[Record]) -> None:
        """Keep what is news; what cannot be read goes to the dead letters."""
        letters = self._deps.dead_letters
        heard = [each for record in records if (each := await letters.admit(record)) is not None]
        restated = [each for each in heard if isinstance(each, Restated) and not self._has(each)]
        if restated:
            await kept.keep_restated(self._deps.store, restated)
            self._note(restated)
        fresh = news(self._known, [each for each in heard if isinstance(each, Said)])
        if fresh:
            await kept.keep_reports(self._deps.store, fresh.values())
            self._known.update(fresh)
        for record in records:
            if record.offset + 1 >= self._behind.get(record.place, record.offset + 2):
                del self._behind[record.place]
        self._judge()

    def _has(self, one: Restated) -> bool:
        return one.indicator in self._notes.get((one.period, one.sequence), ())

    def _note(self, restated: Iterable[Restated]) -> None:
        for one in restated:
            self._notes.setdefault((one.period, one.sequence), {})[one.indicator] = one

    def _judge(self) -> None:
        if len(self._assigned) >= REPORTING.partitions and not self._behind:
            self.caught_up.set()
        else:
            self.caught_up.clear()
