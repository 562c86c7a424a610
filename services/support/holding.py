"""Held events: judged again when registry or their account has told more, listed, withdrawn by their speaker.

An event leaves its document's held ones and enters the document's outbox in one write, so a crash can neither lose it
nor say it twice. An agency's held events are judged in the order in which they came.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from chassis.health import Health, Pulse
from chassis.metrics import EVENTS_ACCEPTED, HELD_EVENTS, HELD_OLDEST
from chassis.process import Part
from chassis.store import Document, Stale, StoreUnavailable
from contracts.envelope import key_of
from services.support import store as kept
from services.support.decide import Queue, Register, decide_again
from services.support.deps import Deps
from services.support.model import OVERDRAWN, Accepted, Held, Sound
from services.support.store import Place
from services.support.turns import left_for_later

_log = logging.getLogger(__name__)
_ATTEMPTS = 10
_LOOKED_AT = 200
"""So many documents with messages not yet said are looked at; where there are more, what has released something before
releases no more for now."""


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
            gone += await _release_of(deps, await kept.holding(deps.store, agency))
            break
        except Stale:
            if attempt == _ATTEMPTS:
                raise
    if gone:
        deps.relay.wake()
    return gone


async def _release_of(deps: Deps, documents: Sequence[Document]) -> int:
    waiting = [(document, place) for document in documents for place in kept.places_in(document)]
    waiting.sort(key=lambda one: one[1].arrival)
    events = [place.held.event for _, place in waiting]
    accounts = {one.id: account for one in documents if (account := kept.account_in(one))}
    queue = Queue(await register_for(deps, events), accounts=accounts)
    outcomes = await _in_order(deps, waiting, decide_again(events, queue=queue))
    gone = 0
    for document in _in_turn(waiting, outcomes):
        mine = [(place, outcome) for (at, place), outcome in zip(waiting, outcomes, strict=True) if at is document]
        released = [outcome.event for _, outcome in mine if isinstance(outcome, Accepted)]
        left = [replace(place, held=outcome) for place, outcome in mine if isinstance(outcome, Held)]
        await kept.put_again(deps.store, document, released, left)
        for event in released:
            deps.metrics.count(EVENTS_ACCEPTED, kind=event.kind)
        gone += len(released)
    return gone


async def _in_order(
    deps: Deps, waiting: Sequence[tuple[Document, Place]], outcomes: Sequence[Accepted | Held]
) -> list[Accepted | Held]:
    """The outcomes, but that those stay held that would be said out of turn, until the relay has said more."""
    going = [place for place, outcome in enumerate(outcomes) if isinstance(outcome, Accepted)]
    turns = [(at.id, _key(place.held)) for at, place in map(waiting.__getitem__, going)]
    released_before = {at.id for at, _ in map(waiting.__getitem__, going) if at.body["events"]}
    unsaid = await deps.store.unsent(kept.BATCHES, _LOOKED_AT) if released_before else []
    if len(unsaid) == _LOOKED_AT:
        later = frozenset(place for place, (document, _) in enumerate(turns) if document in released_before)
    else:
        later = left_for_later(turns, [(one.id, {message.key for message in one.messages}) for one in unsaid])
    left = {going[place] for place in later}
    return [waiting[place][1].held if place in left else outcome for place, outcome in enumerate(outcomes)]


def _key(held: Held) -> str:
    """What the event keeps its place among: nothing waits behind one that would overdraw its account."""
    return held.event.step.account if held.code == OVERDRAWN and held.event.step else key_of(held.event.subject)


def _in_turn(waiting: Sequence[tuple[Document, Place]], outcomes: Sequence[Accepted | Held]) -> list[Document]:
    """The documents from which events go, the one whose first came first at the head."""
    going = [at for (at, _), outcome in zip(waiting, outcomes, strict=True) if isinstance(outcome, Accepted)]
    return list({document.id: document for document in going}.values())


async def withdraw(deps: Deps, agency: str, claim: str) -> bool:
    """Take a held event back; whether there was one of this agency with this claim.

    Raises:
        Stale: others kept changing the document; come again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        for document in await kept.holding(deps.store, agency):
            places = kept.places_in(document)
            gone = [place.held.event for place in places if place.held.event.claim == claim]
            if gone:
                break
        else:
            return False
        try:
            others = [place for place in places if place.held.event.claim != claim]
            await kept.withdraw(deps.store, document, gone[0], others, deps.clock.now())
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
