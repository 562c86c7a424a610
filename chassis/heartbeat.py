"""Heartbeats: made in one service, passed on by the next, measured at every stage.

A beat takes the way of an event without being one: it is written to the store (one document, overwritten), said by the
relay behind everything that waits to be said, and heard by the same member of the same group, after the events fetched
with it were heard to their end. So a beat that arrives shows that store, relay, broker and listeners all work, and how
late they are; and since it lies on topics of its own, nothing else can come to see it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from chassis.clock import machine_seconds
from chassis.listening import Listener, Place, Record, Span
from chassis.metrics import HEARTBEAT_DELAY, HEARTBEAT_INTERVAL, HEARTBEAT_NEWEST, Metrics
from chassis.outbox import Relay
from chassis.process import Part
from chassis.store import Message, Store, StoreUnavailable
from contracts.heartbeat import Beat, read_beat, write_beat
from contracts.topics import Topic

COLLECTION = "heartbeats"

_log = logging.getLogger(__name__)


class Heart:
    """One service's part in it. ``tells`` is where it says beats; without one it is the last to hear them."""

    def __init__(
        self,
        store: Store,
        relay: Relay,
        metrics: Metrics,
        *,
        tells: Topic | None = None,
        now: Callable[[], float] = machine_seconds,
    ) -> None:
        self._store = store
        self._relay = relay
        self._metrics = metrics
        self._tells = tells
        self._now = now

    async def beat(self) -> None:
        """Make a beat and say it. Raises `StoreUnavailable` if the store does not take it: then nothing is said."""
        now = self._now()
        await self._say(Beat(int(now * 1_000)))
        self._reached("made", now, now)

    def heard(self, stage: str, said: str) -> Callable[[Beat, float], Awaitable[None]]:
        """What to do with a beat that came: measure how long it took to the log (``said``) and to here (``stage``),
        and pass it on."""

        async def arrived(beat: Beat, written: float) -> None:
            made = beat.made / 1_000
            if written:
                self._reached(said, made, written)
            if self._tells is not None:
                await self._say(beat)
            self._reached(stage, made, self._now())

        return arrived

    async def _say(self, beat: Beat) -> None:
        assert self._tells is not None
        await self._store.keep_newest(COLLECTION, [(self._tells.name, beat.made, {"made": beat.made})])
        self._relay.follow(Message(self._tells.name, self._tells.speaker, write_beat(beat)))

    def _reached(self, stage: str, made: float, at: float) -> None:
        if made <= self._metrics.value(HEARTBEAT_NEWEST, stage=stage):
            return  # one that was said twice
        self._metrics.set(HEARTBEAT_NEWEST, made, stage=stage)
        self._metrics.observe(HEARTBEAT_DELAY, max(0.0, at - made), stage=stage)


class Carried:
    """A listener beside whose topics heartbeats are heard; it does not see them."""

    def __init__(
        self,
        listener: Listener,
        topic: Topic,
        arrived: Callable[[Beat, float], Awaitable[None]],
        *,
        only_new: bool = False,
    ) -> None:
        """``only_new``: beats from before the start say nothing, for a group that is another at every start."""
        self._listener = listener
        self._topic = topic
        self._arrived = arrived
        self._only_new = only_new

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """As the listener says; beats go on where the group has committed."""
        beats = {place: span.end for place, span in spans.items() if self._is_beat(place)}
        told = await self._listener.assigned({place: span for place, span in spans.items() if place not in beats})
        return {**told, **beats} if self._only_new else told

    async def revoked(self, places: Collection[Place]) -> None:
        """The listener's places are no longer its own."""
        await self._listener.revoked([place for place in places if not self._is_beat(place)])

    async def hear(self, records: Sequence[Record]) -> None:
        """Let the listener hear what is its own, then take the newest beat. A beat that fails fails alone."""
        events = [record for record in records if record.topic != self._topic.name]
        if events:
            await self._listener.hear(events)
        if len(events) == len(records):
            return
        newest = next(record for record in reversed(records) if record.topic == self._topic.name)
        beat = read_beat(newest.value)
        if beat is None:
            _log.warning("%s: what lies at offset %d is no heartbeat", newest.place, newest.offset)
            return
        try:
            await self._arrived(beat, newest.timestamp / 1_000)
        except StoreUnavailable as error:
            _log.warning("a heartbeat is not passed on: %s", error)

    def _is_beat(self, place: Place) -> bool:
        return place.topic == self._topic.name


def beating(heart: Heart, every: float, metrics: Metrics) -> Part:
    """The part that makes a beat every so many seconds; 0: none."""
    metrics.set(HEARTBEAT_INTERVAL, every)

    async def run() -> None:
        while True:
            try:
                await heart.beat()
            except StoreUnavailable as error:
                _log.warning("no heartbeat: %s", error)
            await asyncio.sleep(every)

    return Part("heartbeat", run=run if every else None)
