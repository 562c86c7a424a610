"""One subscription: what keeps a listener from ever missing a record, whatever fails.

Kafka's client moves its position when it hands records over, and FastStream goes on after an exception. So here every
failure moves the position back, only what was heard is committed, and a gap in the offsets is looked at by another
consumer before it is believed.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, count
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind

from chassis import tracing
from chassis.clock import machine_seconds
from chassis.fetched import Batch, LogWentBack, Patience, Skipped, start_of
from chassis.following import tell
from chassis.health import Verdict
from chassis.listening import Fatal, Listener, Place, Record
from chassis.looking import Looker
from chassis.metrics import (
    COMMIT_FAILURES,
    EVENT_DELAY,
    EVENTS_HEARD,
    HEAR_FAILURES,
    HEAR_SECONDS,
    LAG_EVENTS,
    LAG_SECONDS,
    LOG_SEEN,
    Metrics,
)
from chassis.progress import Progress

_log = logging.getLogger(__name__)
_COMMIT_WITHIN = 5.0


class Hearing(ConsumerRebalanceListener):  # type: ignore[misc]
    """A listener's membership in a consumer group."""

    def __init__(
        self,
        group: str,
        listener: Listener,
        looker: Looker,
        fail: Callable[[Exception], None],
        metrics: Metrics,
        patience: Patience,
        *,
        name: str = "",
    ) -> None:
        """`name` is what metrics call it, where the group's own name is another at every start."""
        self.group = group
        self._name = name or group
        self.consumer: Callable[[], AIOKafkaConsumer] = AIOKafkaConsumer
        self.tasks: Callable[[], Sequence[asyncio.Task[Any]]] = list
        self._listener = listener
        self._looker = looker
        self._fail = fail
        self._metrics = metrics
        self._patience = patience
        self._turn = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._settling: set[asyncio.Task[None]] = set()
        self._unsettled_since: float | None = time.monotonic()
        self._failures = 0
        self.term = 0
        # From the start on: of a counter that appears with its first failure nobody can tell that it rose.
        for metric in (HEAR_FAILURES, COMMIT_FAILURES):
            metrics.count(metric, 0, group=self._name)
        self.progress: dict[Place, Progress] = {}

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Called by the client before it rejoins. What was fetched before is not heard any more."""
        self.term += 1
        self._unsettled_since = time.monotonic()
        async with self._turn:
            await self._let_go()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Called by the client after it joined. Nothing is fetched until the listener has said where to start.

        The settling is a task of its own: the client sends no heartbeats before this returns, and it swallows errors.
        """
        self.term += 1
        self.consumer().pause(*assigned)
        places = frozenset(Place(place.topic, place.partition) for place in assigned)
        task = asyncio.create_task(self._settle(self.term, places))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def hear(self, batch: Batch) -> None:
        """Hear a batch, or leave everything as if it had never been fetched. Raises nothing."""
        async with self._turn:
            fetched = {at: records for at, records in batch.by_place().items() if at in self.progress}
            if not fetched or batch.term != self.term or self._stopping.is_set():
                return
            error = await self._try(fetched)
        if error is not None:
            self._failures += 1
            await self._bear(error, self._failures)

    async def stop(self) -> None:
        """Finish what is being heard, hear nothing more, and let the listener drop its places."""
        self._stopping.set()
        for task in self._settling:
            task.cancel()
        async with self._turn:
            await self._let_go()

    async def watch(self) -> None:
        """Look at the log's end, for lag and liveness, and at FastStream's fetching, which would go on in silence."""
        for task in self.tasks():
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                _log.critical("%s: fetching failed", self.group, exc_info=error)
                self._give_up(RuntimeError(f"{self.group}: fetching failed: {error!r}"))
        listed = await self._looker.listed_ends(self.progress.keys())
        now = time.monotonic()
        self._metrics.set(LOG_SEEN, machine_seconds(), group=self._name)
        for place in listed.keys() & self.progress.keys():
            if (progress := self.progress.get(place)) is None:
                continue
            labels = self._labels(place)
            fetched = self.consumer().highwater(TopicPartition(*place))
            if fetched is not None and fetched < progress.position:
                await self._look_again(place)
            progress.seen(max(listed[place], fetched or 0), now)
            self._metrics.set(LAG_EVENTS, progress.lag, **labels)
            self._metrics.set(LAG_SECONDS, progress.waiting(now), **labels)

    async def _look_again(self, place: Place) -> None:
        """Whether the log really ends below what was heard; after a change of leader it may seem so for a moment."""
        heard = self.progress[place].position
        end = (await self._looker.spans([place]))[place].end
        if end < heard and place in self.progress:
            self._give_up(LogWentBack(f"{place}: heard up to {heard}, but the log now ends at {end}"))

    def settled(self) -> Verdict:
        """Well once the group has told us our places and the listener has taken them."""
        return Verdict(self._unsettled_since is None, f"{len(self.progress)} places")

    def moving(self, limit: float) -> Verdict:
        """Well unless something has been waiting for `limit` seconds and nothing moves."""
        if self._unsettled_since is not None:
            age = time.monotonic() - self._unsettled_since
            return Verdict(age <= limit, f"{self.group}: joining for {age:.0f} s")
        stuck = [f"{place}" for place, progress in self.progress.items() if progress.lag and progress.idle > limit]
        return Verdict(not stuck, f"{self.group}: stuck at {', '.join(stuck)}" if stuck else f"{self.group}: moving")

    async def _settle(self, term: int, places: Collection[Place]) -> None:
        for failures in count(1):
            try:
                async with self._turn:
                    if term == self.term and not self._stopping.is_set():
                        await self._take(places)
                return
            except Exception as error:  # noqa: BLE001 - a listener may fail in any way; _bear logs and counts it
                if not await self._bear(error, failures):
                    return

    async def _take(self, places: Collection[Place]) -> None:
        consumer = self.consumer()
        spans = await self._looker.spans(places)
        told = await self._listener.assigned(spans)
        # Whoever held a place meanwhile may have heard more than it held when it was looked at.
        grown = [place for place, offset in told.items() if offset > spans[place].end]
        spans = {**spans, **await self._looker.spans(grown)}
        now = time.monotonic()
        for place, span in spans.items():
            committed = None if place in told else await consumer.committed(TopicPartition(*place))
            start = start_of(place, span, told.get(place), committed)
            wanted = told.get(place, committed)
            if wanted not in (start, None):
                _log.warning("%s: offset %d is outside the log, which holds %d to %d", place, wanted, *span)
            consumer.seek(TopicPartition(*place), start)
            self.progress[place] = Progress(start, now)
        consumer.resume(*(TopicPartition(*place) for place in places))
        self._unsettled_since = None
        _log.info("%s: hearing %s", self.group, ", ".join(map(str, sorted(places))) or "nothing")

    async def _let_go(self) -> None:
        held = frozenset(self.progress)
        self.progress.clear()
        for place in held:
            self._metrics.forget(LAG_EVENTS, **self._labels(place))
            self._metrics.forget(LAG_SECONDS, **self._labels(place))
        if not held:
            return
        try:
            await self._listener.revoked(held)
        except Exception as error:  # noqa: BLE001 - the client would swallow it
            _log.exception("%s: could not let go of its places", self.group)
            self._give_up(error)

    async def _try(self, fetched: Mapping[Place, Sequence[Record]]) -> Exception | None:
        began = time.monotonic()
        try:
            for place, records in fetched.items():
                await self._check(place, records[0].offset)
            records = list(chain.from_iterable(fetched.values()))
            values = (record.value for record in records)
            with tracing.batch(f"hear {self._name}", SpanKind.CONSUMER, values):
                await self._listener.hear(records)
        except BaseException as error:
            for place in fetched:
                self.consumer().seek(TopicPartition(*place), self.progress[place].position)
            self._metrics.count(HEAR_FAILURES, group=self._name)
            if isinstance(error, Exception):
                return error
            if not self._stopping.is_set():
                self._give_up(RuntimeError(f"{self.group}: the listener was broken off by {error!r}"))
            raise
        self._failures = 0
        now = time.monotonic()
        self._metrics.observe(HEAR_SECONDS, now - began, group=self._name)
        for place, records in fetched.items():
            self._measure(place, records)
            self.progress[place].heard(records[-1].offset + 1, now)
        await self._commit({TopicPartition(*place): records[-1].offset + 1 for place, records in fetched.items()})
        return None

    def _measure(self, place: Place, records: Sequence[Record]) -> None:
        tell(_log, (record.value for record in records), "heard by %s", self._name)
        self._metrics.count(EVENTS_HEARD, len(records), topic=place.topic)
        if written := records[0].timestamp:
            waited = max(0.0, machine_seconds() - written / 1_000)
            self._metrics.observe(EVENT_DELAY, waited, group=self._name, topic=place.topic)

    async def _check(self, place: Place, first: int) -> None:
        """Whether what was fetched follows on what was heard."""
        due = self.progress[place].position
        if first < due:
            raise LogWentBack(f"{place}: offset {first} came after everything below {due} was heard")
        if first > due and await self._looker.next_at(place, due) != first:
            raise Skipped(f"{place}: offset {first} came when {due} was due")

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        try:
            async with asyncio.timeout(_COMMIT_WITHIN):
                await self.consumer().commit(offsets)
        except (KafkaError, TimeoutError) as error:
            self._metrics.count(COMMIT_FAILURES, group=self._name)
            _log.warning("%s: commit failed, the records may come again: %s", self.group, type(error).__name__)

    async def _bear(self, error: Exception, failures: int) -> bool:
        """Whether to go on after so many failures in a row; if so, after a pause."""
        _log.error("%s: failure %d of %d", self.group, failures, self._patience.failures, exc_info=error)
        if isinstance(error, Fatal | LogWentBack) or failures >= self._patience.failures:
            self._give_up(error)
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), self._patience.pause(failures))
        return not self._stopping.is_set()

    def _give_up(self, error: Exception) -> None:
        """Hear nothing more, and let the process end of it."""
        self._stopping.set()
        self._fail(error)

    def _labels(self, place: Place) -> dict[str, str]:
        return {"group": self._name, "topic": place.topic, "partition": str(place.partition)}
