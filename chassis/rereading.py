"""Going back in the log after a store was put back: a topic read as a whole, a group's place moved back."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.broker import Bus
from chassis.listening import BrokerUnavailable, Fatal, Place
from contracts.topics import Topic

_POLL_MS = 500
_ALONE_WITHIN = 60.0


async def whole_log(bus: Bus, topic: Topic) -> AsyncIterator[list[bytes]]:
    """Every record's value that the topic holds now, some at a time, in order within a partition.

    Raises:
        BrokerUnavailable: the broker does not say what it holds.
    """
    places = [Place(topic.name, number) for number in range(topic.partitions)]
    left = {TopicPartition(*place): span for place, span in (await bus.spans(places)).items() if span.first < span.end}
    if not left:
        return
    reader = await bus.reader(enable_auto_commit=False)
    await reader.start()
    try:
        reader.assign(list(left))
        for at, span in left.items():
            reader.seek(at, span.first)
        while left:
            for at, records in (await reader.getmany(*left, timeout_ms=_POLL_MS)).items():
                yield [record.value or b"" for record in records if record.offset < left[at].end]
                if records[-1].offset + 1 >= left[at].end:
                    del left[at]
    finally:
        await reader.stop()


async def go_back(bus: Bus, groups: Mapping[str, Sequence[Topic]], since: datetime) -> None:
    """Let each group hear its topics again from the first record written at or after a moment.

    Only a member of a group may move its places, so this is one for a moment, and must be the only one.

    Raises:
        Fatal: somebody else is in the group: the service must be stopped.
        BrokerUnavailable: it cannot be said or kept where that is.
    """
    for group, topics in groups.items():
        places = {TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)}
        reader = await bus.reader(group_id=group, enable_auto_commit=False, max_partition_fetch_bytes=1)
        reader.subscribe([topic.name for topic in topics])
        try:
            await reader.start()
            await _alone(reader, places)
            found = await reader.offsets_for_times(dict.fromkeys(places, int(since.timestamp() * 1_000)))
            back = {at: told.offset for at, told in found.items() if told is not None}
            if back:
                await reader.commit(back)
        except TimeoutError:
            raise Fatal(f"somebody else is in the group {group}: stop every copy of the service first") from None
        except KafkaError as error:
            raise BrokerUnavailable(f"{group}: {error!r}") from error
        finally:
            await reader.stop()


async def _alone(reader: AIOKafkaConsumer, places: Collection[TopicPartition]) -> None:
    """Wait until all places are ours; one that was killed holds its own until its session is over."""
    async with asyncio.timeout(_ALONE_WITHIN):
        while reader.assignment() != places:
            await reader.getmany(timeout_ms=_POLL_MS)
