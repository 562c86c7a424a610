"""The relay: says what documents' outboxes hold, again and again until the broker has acknowledged it.

Order per key: a document's messages go in the order they were put, documents in the order they were queued, and a
failure ends the round, so nothing overtakes what failed. After a crash between the acknowledgement and its mark the
messages go again: every consumer counts them once.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from chassis.health import Health, Pulse
from chassis.listening import BrokerUnavailable
from chassis.metrics import OUTBOX_DEPTH, OUTBOX_OLDEST, Metrics
from chassis.process import Part
from chassis.settings import ServiceSettings
from chassis.store import Message, Store, StoreUnavailable, Unsent

Publish = Callable[[Sequence[Message]], Awaitable[None]]

_log = logging.getLogger(__name__)
_AT_ONCE = 100


class Relay:
    """Relays the outboxes of some collections; one at work per process."""

    def __init__(
        self,
        store: Store,
        collections: Sequence[str],
        publish: Publish,
        metrics: Metrics,
        *,
        poll_seconds: float = 1.0,
        longest_pause: float = 10.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._collections = tuple(collections)
        self._publish = publish
        self._metrics = metrics
        self._poll = poll_seconds
        self._longest_pause = longest_pause
        self._now = now
        self._woken = asyncio.Event()
        self._empty = asyncio.Event()
        self._front: dict[str, tuple[tuple[str, int], float]] = {}
        self._behind: dict[str, Message] = {}
        self.pulse = Pulse()
        """Beats with every round that ended well."""

    def wake(self) -> None:
        """Something was put: say it now rather than at the next poll."""
        self._empty.clear()
        self._woken.set()

    def follow(self, message: Message) -> None:
        """Say this once nothing that was put before it waits any more; kept in memory only, the newest of its topic."""
        self._behind[message.topic] = message
        self.wake()

    async def run(self) -> None:
        """Relay until cancelled."""
        failures = 0
        while True:
            self._woken.clear()
            try:
                more = await self.round()
            except (BrokerUnavailable, StoreUnavailable) as error:
                failures += 1
                _log.warning("relay: round failed, it will be repeated: %s", error)
                await asyncio.sleep(min(self._longest_pause, 0.1 * 2.0 ** min(failures, 20)))
                continue
            failures = 0
            self.pulse.beat()
            if not more and not self._woken.is_set():
                self._empty.set()
                await self._wait()

    async def round(self) -> bool:
        """Say what is waiting, at most some documents of each collection; returns whether more may be waiting.

        What is put while the round goes on wakes the next one.
        """
        more = False
        for collection in self._collections:
            waiting = await self._store.unsent(collection, _AT_ONCE)
            await self._measure(collection, waiting)
            if waiting:
                await self._publish([message for unsent in waiting for message in unsent.messages])
                await self._store.sent(collection, waiting)
                more = more or len(waiting) == _AT_ONCE
        if not more and self._behind:
            behind, self._behind = self._behind, {}
            await self._publish(list(behind.values()))
        return more

    async def drained(self, within: float) -> bool:
        """Whether everything put so far has been said within so many seconds."""
        self.wake()
        try:
            await asyncio.wait_for(self._empty.wait(), within)
        except TimeoutError:
            return False
        return True

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), self._poll)
        except TimeoutError:
            return

    async def _measure(self, collection: str, waiting: Sequence[Unsent]) -> None:
        """How many wait, and for how long the same messages have been the next to go."""
        now = self._now()
        depth = await self._store.waiting(collection) if len(waiting) == _AT_ONCE else len(waiting)
        since = now
        if waiting:
            front = (waiting[0].id, waiting[0].start)
            known = self._front.get(collection)
            since = known[1] if known and known[0] == front else now
            self._front[collection] = (front, since)
        else:
            self._front.pop(collection, None)
        self._metrics.set(OUTBOX_DEPTH, depth, collection=collection)
        self._metrics.set(OUTBOX_OLDEST, now - since, collection=collection)


def relaying(relay: Relay, health: Health, settings: ServiceSettings) -> Part:
    """The part that relays; it stops when everything put so far has been said, or its time is over."""

    async def drain() -> None:
        if not await relay.drained(settings.drain_seconds / 2):
            _log.warning("relay: stopped before everything was said; it will be said after the next start")

    health.ready_if("relay", relay.pulse.within(settings.stuck_after_seconds))
    return Part("relay", run=relay.run, stop=drain)
