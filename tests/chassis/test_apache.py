"""What only Apache Kafka does: a copy keeps its places, and a pause of the broker does not spoil the producer."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.broker import BrokerUnavailable, Bus, Connection, Patience, Place, Span
from chassis.metrics import Metrics
from chassis.store import Message
from contracts.topics import Topic
from deploy.kafka.node import alone
from deploy.local.children import Child
from deploy.local.programs import kafka_bootstrap as address
from tests.chassis.standing import Memory
from tests.kit.wait import until

pytestmark = pytest.mark.kafka

SESSION_MS, TIMEOUT_MS = 6_000, 3_000


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    folder: Path = tmp_path_factory.mktemp("apache")
    child = Child("broker", partial(alone, folder=folder / "data"), folder / "log")
    child.start()
    try:
        child.await_ready(60)
        yield child
    finally:
        child.kill()


@pytest.fixture
async def topic(broker: Child) -> Topic:
    topic = Topic(f"test.{uuid4().hex[:8]}", 4, "test")
    await make_bus(broker).create_topics([topic])
    return topic


def make_bus(broker: Child, instance: str = "") -> Bus:
    return Bus(
        Connection(address(broker.port)),
        Metrics("test"),
        instance=instance,
        session_timeout_ms=SESSION_MS,
        request_timeout_ms=TIMEOUT_MS,
        patience=Patience(3, first=0.01, longest=0.05),
    )


class Counted(Memory):
    """A listener that knows how often it was given places."""

    def __init__(self) -> None:
        super().__init__()
        self.assignments: list[frozenset[Place]] = []

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        self.assignments.append(frozenset(spans))
        return await super().assigned(spans)


@asynccontextmanager
async def member(broker: Child, topic: Topic, listener: Memory, instance: str) -> AsyncIterator[asyncio.Task[None]]:
    bus = make_bus(broker, instance)
    bus.listen([topic], f"group-{topic.name}", listener)
    await bus.start()
    task = asyncio.create_task(bus.run())
    try:
        yield task
    finally:
        await bus.stop()
        task.cancel()
        await asyncio.wait({task})


async def test_a_named_copy_that_is_restarted_finds_its_places_again_and_disturbs_nobody(
    broker: Child, topic: Topic
) -> None:
    staying, first, second = Counted(), Counted(), Counted()
    async with member(broker, topic, staying, "copy-0"):
        async with member(broker, topic, first, "copy-1"):
            await until(lambda: len(staying.held) == len(first.held) == 2)
            before, places = len(staying.assignments), frozenset(first.held)
        async with member(broker, topic, second, "copy-1"):
            await until(lambda: len(second.held) == 2)
            assert frozenset(second.held) == places
            assert len(staying.assignments) == before
            assert len(staying.held) == 2


async def test_a_broker_that_pauses_ends_the_attempt_and_not_the_speaker(broker: Child, topic: Topic) -> None:
    bus = make_bus(broker)
    await bus.connect()
    said = [Message(topic.name, "k", b"%d" % number) for number in range(100)]
    try:
        await bus.publish(said[:10])
        os.kill(broker.pid, signal.SIGSTOP)
        with pytest.raises(BrokerUnavailable):
            await bus.publish(said[10:])
        os.kill(broker.pid, signal.SIGCONT)
        await until(lambda: at_last(bus, said[10:]), within=30, what="it is said at last")
        await bus.publish([Message(topic.name, "k", b"after")])
        ends = [span.end for span in (await bus.spans([Place(topic.name, n) for n in range(4)])).values()]
        assert sum(ends) >= 101
        assert len([end for end in ends if end]) == 1
    finally:
        await bus.stop()


async def at_last(bus: Bus, messages: list[Message]) -> bool:
    try:
        await bus.publish(messages)
    except BrokerUnavailable:
        return False
    return True
