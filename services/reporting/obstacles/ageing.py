"""How long obstacles stay open, as a metric."""

import asyncio
import logging
from functools import partial

from chassis.metrics import OBSTACLES_OLDEST, OBSTACLES_OPEN
from chassis.process import Part
from chassis.store import StoreUnavailable
from services.reporting.deps import Deps
from services.reporting.obstacles.listing import pending
from services.reporting.obstacles.model import ageing
from services.reporting.obstacles.store import stand_all

_log = logging.getLogger(__name__)


async def measure(deps: Deps) -> None:
    """Count the obstacles that are not closed, by state and age. One read, of those alone."""
    counts, oldest = ageing(await pending(deps.store), deps.clock.now())
    for (state, age), number in counts.items():
        deps.metrics.set(OBSTACLES_OPEN, number, state=state, age=age)
    deps.metrics.set(OBSTACLES_OLDEST, oldest)


def minding(deps: Deps, every: float) -> Part:
    """The part that notes how all stand, once, and measures every so many seconds, or never where that is 0; a store
    that is away for a while only makes it wait."""

    async def run() -> None:
        while True:
            try:
                await measure(deps)
            except StoreUnavailable:
                _log.warning("obstacles are not measured: the store cannot be reached")
            await asyncio.sleep(every)

    return Part("obstacles", start=partial(stand_all, deps), run=run if every else None)
