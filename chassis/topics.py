"""Making the topics: every service does it at its start, so that none depends on another having been there before."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from chassis.connection import Connection
from chassis.leaving import left
from chassis.listening import BrokerUnavailable
from contracts.topics import Topic

_log = logging.getLogger(__name__)
_WITHIN = 30.0
_EVERY = 0.1


@dataclass(frozen=True)
class Copies:
    """How many copies of a topic there are (-1), and must have a record before it counts (0): the broker's default."""

    replication: int = -1
    in_sync: int = 0

    @property
    def config(self) -> dict[str, str]:
        """What is set on a topic that is made."""
        return {"min.insync.replicas": str(self.in_sync)} if self.in_sync else {}


async def create(connection: Connection, topics: Sequence[Topic], copies: Copies) -> None:
    """Make the topics that are missing, with so many copies, and wait for them. Those that are there stay as they are.

    Raises:
        BrokerUnavailable: not all of them are there in time.
    """
    admin = AIOKafkaAdminClient(**connection.options())
    try:
        async with asyncio.timeout(_WITHIN):
            await admin.start()
            await _ask(admin, topics, copies)
            await _wait(admin, topics)
    except (KafkaError, TimeoutError) as error:
        raise BrokerUnavailable(f"{connection.bootstrap}: cannot make the topics: {error!r}") from error
    finally:
        await left(admin.close())


async def _ask(admin: AIOKafkaAdminClient, topics: Sequence[Topic], copies: Copies) -> None:
    # aiokafka wants either a number of copies or an assignment, and takes -1 for no number.
    assignment: dict[int, list[int]] | None = {} if copies.replication == -1 else None
    new = [NewTopic(topic.name, topic.partitions, copies.replication, assignment, copies.config) for topic in topics]
    answer = await admin.create_topics(new)
    for name, code, *said in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(f"{name}: {' '.join(filter(None, said))}")


async def _wait(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    while True:
        found = {topic["topic"]: topic for topic in await admin.describe_topics([topic.name for topic in topics])}
        if all(_leads(found.get(topic.name)) for topic in topics):
            break
        await asyncio.sleep(_EVERY)
    for topic in topics:
        partitions = len(found[topic.name]["partitions"])
        if partitions != topic.partitions:
            _log.warning("%s has %d partitions, not %d", topic.name, partitions, topic.partitions)


def _leads(topic: dict[str, object] | None) -> bool:
    """Whether every partition of the topic has a leader."""
    if topic is None or not isinstance(topic["partitions"], list):
        return False
    partitions = topic["partitions"]
    return bool(partitions) and all(partition["leader"] >= 0 for partition in partitions)
