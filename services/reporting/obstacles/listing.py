"""Lists of obstacles: a page of those asked for, the longest raised first, at a constant number of reads.

A page is chosen by what each document says of how its obstacle stands; what is shown is read off all that is known.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from catalogue.windows import VIETNAM
from chassis.store import Store
from services.reporting import statements
from services.reporting.deps import Deps
from services.reporting.obstacles.fold import Known
from services.reporting.obstacles.model import PENDING, STATES, Obstacle, Pending, State, instant, raised_at
from services.reporting.obstacles.store import COLLECTION, life_of, of_agencies

_HEAVY = ("told", "steps")


@dataclass(frozen=True)
class Wanted:
    """Which obstacles: of these agencies, in these states, about a task, raised before a moment; None: all."""

    agencies: Collection[str] | None = None
    states: tuple[State, ...] = STATES
    task: str | None = None
    before: datetime | None = None

    def where(self, after: str | None = None) -> dict[str, Any]:
        """What chooses their documents, behind a place."""
        places = {"$gte": f"{after}." if after else ""} | ({"$lt": instant(self.before)} if self.before else {})
        about = {"stands.task": self.task} if self.task is not None else {}
        return of_agencies(self.agencies) | about | {"stands.state": {"$in": list(self.states)}, "stands.place": places}


@dataclass(frozen=True)
class Listed:
    """A page: how many there are by state, since when the oldest that is not closed is open, where the next begins."""

    obstacles: list[Obstacle]
    counts: Mapping[State, int]
    oldest: datetime | None
    next: str | None


def older_than(days: int, today: date) -> datetime:
    """Before when those were raised that have been open for more than so many local days."""
    return datetime.combine(today - timedelta(days=days), time.min, VIETNAM)


async def listed(deps: Deps, wanted: Wanted, *, limit: int, after: str | None) -> Listed:
    """A page of what is wanted, from behind a place. Three reads, and one for each state that is wanted."""
    found = await deps.store.find(COLLECTION, wanted.where(after), order="stands.place", limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    events = await statements.about(deps.store, [one.id for one in page])
    known = {one.id: one for one in Known(deps.plan, events, map(life_of, page)).obstacles}
    counts: Counter[State] = Counter()
    for state in wanted.states:
        counts[state] = await deps.store.count(COLLECTION, replace(wanted, states=(state,)).where())
    still = replace(wanted, states=tuple(state for state in wanted.states if state in PENDING))
    first = await deps.store.find(COLLECTION, still.where(), order="stands.place", limit=1, without=_HEAVY)
    return Listed(
        obstacles=[known[one.id] for one in page if one.id in known],
        counts={state: counts[state] for state in STATES},
        oldest=raised_at(first[0].body["stands"]["place"]) if first else None,
        next=page[-1].body["stands"]["place"] if more else None,
    )


async def pending(store: Store) -> list[Pending]:
    """All that are not closed, in one read."""
    found = await store.find(COLLECTION, {"stands.state": {"$in": list(PENDING)}}, without=_HEAVY)
    return [Pending(one.body["stands"]["state"], raised_at(one.body["stands"]["place"])) for one in found]
