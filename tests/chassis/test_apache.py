"""What only Apache Kafka does: a copy keeps its places, and neither a pause of the broker nor a batch that it refuses
spoils the producer for good."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, OutOfOrderSequenceNumber

from chassis.broker import BrokerUnavailable, Bus, Connection, Patience, Place, Span
from chassis.metrics import Metrics
from chassis.speaking import Said, Speaker
from chassis.store import Message
from contracts.topics import Topic
from deploy.kafka.node import alone
from deploy.local.children import Child
from deploy.local.programs import kafka_bootstrap as address
from tests.chassis.standing import Memory
from tests.kit.wait import until

pytestmark = pytest.mark.kafka

SESSION_MS, TIMEOUT_MS = 6_000, 3_000
TOO_LARGE = 2_000_000
"""Bytes; a broker takes a megabyte if it is not told otherwise."""


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


async def test_two_copies_with_one_name_take_the_places_from_each_other_again_and_again(
    broker: Child, topic: Topic
) -> None:
    one, other = Counted(), Counted()
    async with member(broker, topic, one, "copy-0"), member(broker, topic, other, "copy-0"):
        await until(lambda: len(one.assignments) > 2 and len(other.assignments) > 2, within=60, what="each three times")


async def test_after_a_batch_that_the_broker_refuses_only_a_new_producer_is_heard(broker: Child, topic: Topic) -> None:
    """Which is why the bus has a new one for each attempt after a failure."""
    connection = Connection(address(broker.port))
    larger = {"max_request_size": 2 * TOO_LARGE}
    async with AIOKafkaProducer(**connection.options(), enable_idempotence=True, acks="all", **larger) as spoilt:
        await spoilt.send_and_wait(topic.name, b"before", partition=0)
        with pytest.raises(MessageSizeTooLargeError):
            await spoilt.send_and_wait(topic.name, bytes(TOO_LARGE), partition=0)
        for _ in range(2):
            with pytest.raises(OutOfOrderSequenceNumber):
                await spoilt.send_and_wait(topic.name, b"after", partition=0)
    speaker = Speaker(connection, request_timeout_ms=TIMEOUT_MS, enable_idempotence=True, **larger)
    await speaker.start()
    try:
        with pytest.raises(BrokerUnavailable, match="MessageSizeTooLarge"):
            await speaker.say([Said(topic.name, bytes(TOO_LARGE), b"k", (), 0)])
        await speaker.say([Said(topic.name, b"after", b"k", (), 0)])
    finally:
        await speaker.stop()


async def test_a_broker_that_pauses_ends_the_attempt_and_not_the_speaker(broker: Child, topic: Topic) -> None:
    bus = make_bus(broker)
    await bus.connect()
    said = [Message(topic.name, "k", b"%d" % number) for number in range(100)]
    try:
        await bus.publish(said[:10])
        os.kill(broker.pid, signal.SIGSTOP)
        await until(lambda: stands_still(broker.pid))
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


def stands_still(pid: int) -> bool:
    """Whether every thread of a process is stopped, which takes a moment after the signal."""
    states = (file.read_text().rpartition(") ")[2][0] for file in Path(f"/proc/{pid}/task").glob("*/stat"))
    return all(state == "T" for state in states)


async def at_last(bus: Bus, messages: list[Message]) -> bool:
    try:
        await bus.publish(messages)
    except BrokerUnavailable:
        return False
    return True
