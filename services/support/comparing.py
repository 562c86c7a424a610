"""Control totals: what an agency says that it sent, next to what is kept of it, until the two agree.

Counted is what holds: each fact once, in its highest revision, by the business day it names. What is held is not yet
counted, and shown beside.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime

from chassis.health import Health, Pulse
from chassis.metrics import CONTROL_TOTALS_OPEN
from chassis.process import Part
from chassis.store import Document, Stale, StoreUnavailable
from services.support import store as kept
from services.support.deps import Deps
from services.support.facts import holding_in, telling

_log = logging.getLogger(__name__)
_AT_ONCE = 50


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


async def state(deps: Deps, total: Total) -> Compared:
    """Keep what an agency states, in place of what it stated before, and compare.

    Raises:
        Stale: it is stating the same total in another request; come again.
    """
    known = await deps.store.get(kept.TOTALS, total.id)
    compared = await compare(deps, total, deps.clock.now())
    await deps.store.put(kept.TOTALS, total.id, _body(compared), expected=known.version if known else 0)
    return compared


async def compare(deps: Deps, total: Total, stated_at: datetime) -> Compared:
    """What is kept of the kind and the day now."""
    events, added, after = 0, 0, None
    while True:
        found = await telling(deps.store, total.agency, total.kind, total.day, total.day, after=after, limit=_AT_ONCE)
        for _, event in await holding_in(deps.store, found, total.kind, total.day, total.day):
            events += 1
            added += int(getattr(event.data, total.sum_of, None) or 0) if total.sum_of else 0
        if len(found) < _AT_ONCE:
            break
        after = found[-1].id
    held = [
        place.held.event
        for document in await kept.holding(deps.store, total.agency)
        for place in kept.places_in(document)
    ]
    waiting = sum((event.kind, event.day) == (total.kind, total.day) for event in held)
    return Compared(total, stated_at, events, added if total.sum_of else None, waiting)


async def stated(
    deps: Deps, agency: str | None, *, only_open: bool, after: str | None = None, limit: int | None = None
) -> list[Compared]:
    """Totals that were stated, each compared now; one agency's or all."""
    asked = {"agency": agency, "open": True if only_open else None}
    where = {name: value for name, value in asked.items() if value}
    return [
        await compare(deps, _total(one), datetime.fromisoformat(one.body["stated_at"]))
        for one in await deps.store.find(kept.TOTALS, where, after=after, limit=limit)
    ]


def comparing(deps: Deps, health: Health) -> Part:
    """The part that compares open totals again, and measures how many there are."""
    pulse = Pulse()
    measured: set[str] = set()

    async def run() -> None:
        while True:
            try:
                left = await compare_open(deps)
                for agency in measured | left.keys():
                    deps.metrics.set(CONTROL_TOTALS_OPEN, left[agency], agency=agency)
                measured.update(left)
                pulse.beat()
            except (StoreUnavailable, Stale) as error:
                _log.warning("control totals: round failed, it will be repeated: %s", error)
            await asyncio.sleep(deps.settings.totals_seconds)

    health.ready_if("comparing", pulse.within(3 * deps.settings.totals_seconds + deps.settings.stuck_after_seconds))
    return Part("comparing", run=run)


async def compare_open(deps: Deps) -> Counter[str]:
    """Close the open totals that agree by now; how many stay open, by agency.

    Raises:
        Stale: an agency has stated one of them anew meanwhile; come again.
    """
    left: Counter[str] = Counter()
    for document in await deps.store.find(kept.TOTALS, {"open": True}):
        compared = await compare(deps, _total(document), datetime.fromisoformat(document.body["stated_at"]))
        if compared.agrees:
            await deps.store.put(kept.TOTALS, document.id, _body(compared), expected=document.version)
        else:
            left[compared.total.agency] += 1
    return left


def _body(compared: Compared) -> dict[str, object]:
    total = asdict(compared.total) | {"day": compared.total.day.isoformat()}
    return total | {"stated_at": compared.stated_at.isoformat(), "open": not compared.agrees}


def _total(document: Document) -> Total:
    body = document.body
    return Total(
        body["agency"], body["kind"], date.fromisoformat(body["day"]), body["events"], body["sum_of"], body["sum"]
    )
