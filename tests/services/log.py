"""A topic read from its beginning, as anyone outside would read it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer

from contracts.envelope import Event, read
from contracts.topics import Topic
from tests.kit.wait import until


class Log:
    """What has been read of a topic so far."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.events: list[Event] = []

    async def read_until(self, done: Callable[[list[Event]], bool], *, what: str) -> list[Event]:
        """Everything read, once that is enough."""

        async def enough() -> bool:
            fetched = await self._consumer.getmany(timeout_ms=200)
            self.events += [read(record.value) for records in fetched.values() for record in records]
            return done(self.events)

        await until(enough, within=60, what=what)
        return self.events

    async def read_to_the_end(self) -> list[Event]:
        """Everything read, once the reader stands at the end the topic has now."""
        ends = await self._consumer.end_offsets(self._consumer.assignment())

        async def there() -> bool:
            return all([await self._consumer.position(place) >= end for place, end in ends.items()])

        while not await there():
            await self.read_until(lambda _: True, what="a fetch")
        return self.events


@asynccontextmanager
async def log_of(topic: Topic, bootstrap: str) -> AsyncIterator[Log]:
    """Read the topic from its beginning."""
    consumer = AIOKafkaConsumer(topic.name, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        yield Log(consumer)
    finally:
        await consumer.stop()
