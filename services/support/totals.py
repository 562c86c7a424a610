"""What support keeps of the events that a control total is about."""

from chassis.store import Store
from chassis.totals import Counted, Total
from services.support import store as kept
from services.support.facts import holding_in, telling

_AT_ONCE = 50


async def counted(store: Store, total: Total) -> Counted:
    """How many of the agency's events of the kind and the day hold now, their sum, and how many are held."""
    events, added, after = 0, 0, None
    while True:
        found = await telling(store, total.agency, total.kind, total.day, total.day, after=after, limit=_AT_ONCE)
        for _, event in await holding_in(store, found, total.kind, total.day, total.day):
            events += 1
            added += int(getattr(event.data, total.sum_of, None) or 0) if total.sum_of else 0
        if len(found) < _AT_ONCE:
            break
        after = found[-1].id
    held = [place.held.event for one in await kept.holding(store, total.agency) for place in kept.places_in(one)]
    waiting = sum((event.kind, event.day) == (total.kind, total.day) for event in held)
    return Counted(events, added, waiting)
