"""Looking at the log without hearing it: where it starts and ends. A consumer of no group, of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.listening import BrokerUnavailable, Place, Span

_WITHIN = 10.0
_POLL_MS = 20


class Looker:
    """Asks the broker about its log. Every method raises `BrokerUnavailable` if it does not answer in time."""

    def __init__(self, build: Callable[[], Awaitable[Callable[..., AIOKafkaConsumer]]]) -> None:
        self._build = build
        self._consumer: AIOKafkaConsumer | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Connect."""
        with _unavailable("cannot connect"):
            # Answers at once also when there is nothing, and never holds records it is not going to read.
            async with asyncio.timeout(_WITHIN):
                consumer = (await self._build())(fetch_max_wait_ms=10, max_partition_fetch_bytes=1)
                await consumer.start()
        self._consumer = consumer

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def spans(self, places: Collection[Place]) -> Mapping[Place, Span]:
        """The offsets the places hold now.

        The end is the high watermark of a fetch: brokers may list the first offset of the last batch, plus one,
        as the latest (Tansu 0.6 does), and what the log really holds decides whether it is still the same log.
        """
        if not places:
            return {}
        partitions = [TopicPartition(*place) for place in places]
        with _unavailable("no answer about where the log starts and ends"):
            async with self._turn, asyncio.timeout(_WITHIN):
                consumer = self._asked()
                # The client is told of all topics first: asked about unknown ones it learns of one after the other.
                consumer.assign(partitions)
                try:
                    firsts = await consumer.beginning_offsets(partitions)
                    ends = await _fetched_ends(consumer, partitions)
                finally:
                    consumer.unsubscribe()
        return {Place(*at): Span(firsts[at], ends[at]) for at in partitions}

    async def listed_ends(self, places: Collection[Place]) -> Mapping[Place, int]:
        """The ends as listed: cheap, and never past the real ones."""
        if not places:
            return {}
        partitions = [TopicPartition(*place) for place in places]
        with _unavailable("no answer about where the log ends"):
            async with asyncio.timeout(_WITHIN):
                ends = await self._asked().end_offsets(partitions)
        return {Place(*at): ends[at] for at in partitions}

    async def next_at(self, place: Place, offset: int) -> int:
        """The offset of the first record at or after `offset`, which there must be."""
        at = TopicPartition(*place)
        with _unavailable(f"{place}: no answer about offset {offset}"):
            async with self._turn, asyncio.timeout(_WITHIN):
                consumer = self._asked()
                consumer.assign([at])
                try:
                    consumer.seek(at, offset)
                    found: int = (await consumer.getone()).offset
                    return found
                finally:
                    consumer.unsubscribe()

    async def ping(self) -> None:
        """Ask for anything."""
        with _unavailable("no answer"):
            await self._asked().topics()

    def _asked(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise BrokerUnavailable("not connected")
        return self._consumer


async def _fetched_ends(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> Mapping[TopicPartition, int]:
    """The ends of what is assigned, as fetched."""
    listed = await consumer.end_offsets(partitions)
    for at in partitions:
        consumer.seek(at, listed[at])
    while any(consumer.highwater(at) is None for at in partitions):
        await consumer.getmany(timeout_ms=_POLL_MS)
    return {at: max(listed[at], consumer.highwater(at)) for at in partitions}


@contextmanager
def _unavailable(what: str) -> Iterator[None]:
    try:
        yield
    except (KafkaError, TimeoutError) as error:
        raise BrokerUnavailable(f"{what}: {error!r}") from error
