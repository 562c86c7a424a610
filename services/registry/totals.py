"""What the register keeps of the events that a control total is about."""

from chassis.store import Store
from chassis.totals import Counted, Total
from services.registry import store as kept

_AT_ONCE = 200


async def counted(store: Store, total: Total) -> Counted:
    """How many of the agency's changes and years of the kind and the day hold now, and their sum; nothing is held."""
    events, added, after = 0, 0, None
    while True:
        found = await kept.telling(store, total.agency, total.kind, total.day, after=after, limit=_AT_ONCE)
        for data in (data for _, told in found for data in told):
            events += 1
            added += int(getattr(data, total.sum_of, None) or 0) if total.sum_of else 0
        if len(found) < _AT_ONCE:
            return Counted(events, added, 0)
        after = found[-1][0]
