"""Control totals: what an agency says that it sent, next to what is kept of it, until the two agree.

Counted is what holds: each fact once, in its highest revision, by the business day it names. What is held is not yet
counted, and shown beside.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from chassis.clock import Clock
from chassis.health import Health, Pulse
from chassis.metrics import CONTROL_TOTALS_OPEN, Metrics
from chassis.process import Part
from chassis.settings import ServiceSettings
from chassis.store import Document, Stale, Store, StoreUnavailable

COLLECTION = "totals"
INDEXES = ("agency", "open")

_AGAIN = 20  # totals that agreed, compared once more in each round

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Total:
    """What an agency says of a kind's events of a day: how many, and what one of their fields adds up to."""

    agency: str
    kind: str
    day: date
    events: int
    sum_of: str | None
    sum: int | None

    @property
    def id(self) -> str:
        """Its name; stated again, it takes the place of the one before."""
        return f"{self.agency} {self.kind} {self.day.isoformat()}"


class Counted(NamedTuple):
    """What is kept of a total's events: how many hold, what the field adds up to in them, and how many are held."""

    events: int
    sum: int
    held: int


@dataclass(frozen=True)
class Compared:
    """A total next to what is kept. ``held`` events may explain a difference."""

    total: Total
    stated_at: datetime
    events: int
    sum: int | None
    held: int

    @property
    def agrees(self) -> bool:
        return (self.events, self.sum) == (self.total.events, self.total.sum)


class ControlTotals:
    """The control totals of one service; `count` says what the service keeps of a total's events."""

    def __init__(
        self, store: Store, clock: Clock, metrics: Metrics, count: Callable[[Total], Awaitable[Counted]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._count = count
        self._measured: set[str] = set()
        self._looked_to: str | None = None

    async def state(self, total: Total) -> Compared:
        """Keep what an agency states, in place of what it stated before, and compare.

        Raises:
            Stale: it is stating the same total in another request; come again.
        """
        known = await self._store.get(COLLECTION, total.id)
        compared = await self._compare(total, self._clock.now())
        await self._store.put(COLLECTION, total.id, _body(compared), expected=known.version if known else 0)
        return compared

    async def stated(
        self, agency: str | None, *, only_open: bool, after: str | None = None, limit: int | None = None
    ) -> list[Compared]:
        """Totals that were stated, each compared now; one agency's or all."""
        asked = {"agency": agency, "open": True if only_open else None}
        where = {name: value for name, value in asked.items() if value}
        return [
            await self._compare(_total(one), datetime.fromisoformat(one.body["stated_at"]))
            for one in await self._store.find(COLLECTION, where, after=after, limit=limit)
        ]

    async def compare_open(self) -> Counter[str]:
        """Close the open totals that agree by now; how many stay open, by agency.

        Raises:
            Stale: an agency has stated one of them anew meanwhile; come again.
        """
        left: Counter[str] = Counter()
        for document in await self._store.find(COLLECTION, {"open": True}):
            compared = await self._compare(_total(document), datetime.fromisoformat(document.body["stated_at"]))
            if compared.agrees:
                await self._store.put(COLLECTION, document.id, _body(compared), expected=document.version)
            else:
                left[compared.total.agency] += 1
        return left

    async def look_again(self, most: int = _AGAIN) -> None:
        """Open what agreed and does so no more, since a later event came or took back; some totals each time, in turn,
        so that a round stays short however many there are.

        Raises:
            Stale: an agency has stated one of them anew meanwhile; come again.
        """
        agreed = await self._store.find(COLLECTION, {"open": False}, after=self._looked_to, limit=most)
        for document in agreed:
            compared = await self._compare(_total(document), datetime.fromisoformat(document.body["stated_at"]))
            if not compared.agrees:
                await self._store.put(COLLECTION, document.id, _body(compared), expected=document.version)
        self._looked_to = agreed[-1].id if len(agreed) == most else None

    async def measure(self) -> None:
        """Compare the open totals again, and some of the others, and measure how many are open."""
        await self.look_again()
        left = await self.compare_open()
        for agency in self._measured | left.keys():
            self._metrics.set(CONTROL_TOTALS_OPEN, left[agency], agency=agency)
        self._measured.update(left)

    async def _compare(self, total: Total, stated_at: datetime) -> Compared:
        kept = await self._count(total)
        return Compared(total, stated_at, kept.events, kept.sum if total.sum_of else None, kept.held)


def comparing(totals: ControlTotals, health: Health, settings: ServiceSettings) -> Part:
    """The part that compares open totals again and again."""
    pulse = Pulse()

    async def run() -> None:
        while True:
            try:
                await totals.measure()
                pulse.beat()
            except (StoreUnavailable, Stale) as error:
                _log.warning("control totals: round failed, it will be repeated: %s", error)
            await asyncio.sleep(settings.totals_seconds)

    health.ready_if("comparing", pulse.within(3 * settings.totals_seconds + settings.stuck_after_seconds))
    return Part("comparing", run=run)


def _body(compared: Compared) -> dict[str, object]:
    total = asdict(compared.total) | {"day": compared.total.day.isoformat()}
    return total | {"stated_at": compared.stated_at.isoformat(), "open": not compared.agrees}


def _total(document: Document) -> Total:
    body = document.body
    return Total(
        body["agency"], body["kind"], date.fromisoformat(body["day"]), body["events"], body["sum_of"], body["sum"]
    )
