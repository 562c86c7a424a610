"""Held events: judged again when registry has told more, listed, withdrawn by their speaker.

An event leaves its batch's held ones and enters the batch's outbox in one write, so a crash can neither lose it nor say
it twice. An agency's batches are judged oldest first, so events of one key go in the order in which they came.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable

from chassis.health import Health, Pulse
from chassis.metrics import EVENTS_ACCEPTED, HELD_EVENTS, HELD_OLDEST
from chassis.process import Part
from chassis.store import Document, Stale, StoreUnavailable
from contracts.envelope import key_of
from services.support import store as kept
from services.support.decide import Register, decide_again
from services.support.deps import Deps
from services.support.model import Accepted, Held, Sound

_log = logging.getLogger(__name__)
_ATTEMPTS = 10


async def release(deps: Deps, told_of: Collection[str] | None = None) -> int:
    """Judge held events again, of the agencies that wait for one of these cooperatives, or of all; how many went.

    Raises:
        Stale: others kept changing the same batches; come again.
    """
    waiting = await kept.waiting(deps.store)
    if told_of is not None:
        waiting = [one for one in waiting if not one.cooperatives.isdisjoint(told_of)]
    return sum([await release_of(deps, agency) for agency in sorted({one.agency for one in waiting})])


async def release_of(deps: Deps, agency: str) -> int:
    """The same for one agency."""
    gone = 0
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            batches = await kept.holding(deps.store, agency)
            events = [one.event for batch in batches for one in kept.held_in(batch)]
            register = await register_for(deps, events)
            behind: set[str] = set()
            for batch in batches:
                gone += await _release_in(deps, batch, register, behind)
            break
        except Stale:
            if attempt == _ATTEMPTS:
                raise
    if gone:
        deps.relay.wake()
    return gone


async def _release_in(deps: Deps, batch: Document, register: Register, behind: set[str]) -> int:
    outcomes = decide_again([one.event for one in kept.held_in(batch)], register=register, behind=behind)
    released = [outcome.event for outcome in outcomes if isinstance(outcome, Accepted)]
    held = [outcome for outcome in outcomes if isinstance(outcome, Held)]
    behind.update(key_of(one.event.subject) for one in held)
    if released:
        await kept.put_again(deps.store, batch, released, held)
        for event in released:
            deps.metrics.count(EVENTS_ACCEPTED, kind=event.kind)
    return len(released)


async def withdraw(deps: Deps, agency: str, claim: str) -> bool:
    """Take a held event back; whether there was one of this agency with this claim.

    Raises:
        Stale: others kept changing the batch; come again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        for batch in await kept.holding(deps.store, agency):
            held = kept.held_in(batch)
            gone = [one.event for one in held if one.event.claim == claim]
            if gone:
                break
        else:
            return False
        try:
            others = [one for one in held if one.event.claim != claim]
            await kept.withdraw(deps.store, batch, gone[0], others, deps.clock.now())
            break
        except Stale:
            if attempt == _ATTEMPTS:
                raise
    await release_of(deps, agency)
    return True


async def register_for(deps: Deps, events: Iterable[Sound]) -> Register:
    """What registry has told of the cooperatives that the events mention."""
    codes = {code for event in events for code, _ in event.cooperatives}
    return Register(await kept.versions(deps.store, codes), deps.plan.dormant_kinds)


def holding(deps: Deps, health: Health) -> Part:
    """The part that measures what is held, and releases what a crash between two writes left behind."""
    pulse = Pulse()

    async def run() -> None:
        while True:
            try:
                await release(deps)
                await measure(deps)
                pulse.beat()
            except (StoreUnavailable, Stale) as error:
                _log.warning("held events: round failed, it will be repeated: %s", error)
            await asyncio.sleep(deps.settings.held_seconds)

    health.ready_if("holding", pulse.within(3 * deps.settings.held_seconds + deps.settings.stuck_after_seconds))
    return Part("holding", run=run)


async def measure(deps: Deps) -> None:
    """How many events are held now, and since when the oldest."""
    waiting = await kept.waiting(deps.store)
    now = deps.clock.now()
    oldest = min((one.since for one in waiting), default=now)
    deps.metrics.set(HELD_EVENTS, sum(one.events for one in waiting))
    deps.metrics.set(HELD_OLDEST, max(0.0, (now - oldest).total_seconds()))
