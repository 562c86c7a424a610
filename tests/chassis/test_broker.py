"""The bus on a real broker: what is said arrives in order, what is heard is heard whatever fails."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.broker import BrokerUnavailable, Bus, Connection, Fatal, Listener, Patience, Place, Span
from chassis.metrics import EVENTS_HEARD, EVENTS_SAID, HEAR_FAILURES, LAG_EVENTS, Metrics
from chassis.process import Part, run
from chassis.store import Message
from chassis.topics import Copies
from contracts.topics import Topic
from deploy.local import programs
from deploy.local.children import Child
from tests.chassis.standing import Memory, Startled
from tests.chassis.test_decoding import ODD, builder
from tests.kit.wait import until

pytestmark = [pytest.mark.servers, pytest.mark.broker]

NUMBERS = count(1)


def make_bus(bootstrap: str, metrics: Metrics | None = None, failures: int = 5) -> Bus:
    # The embedded broker makes a group wait half a session before it joins.
    return Bus(
        Connection(bootstrap),
        metrics or Metrics("test"),
        idempotence=not programs.is_embedded(),
        session_timeout_ms=2_000,
        request_timeout_ms=4_000,
        patience=Patience(failures, first=0.01, longest=0.05),
    )


@pytest.fixture
async def topic(kafka_bootstrap: str) -> Topic:
    """A new topic of three partitions."""
    topic = Topic(f"test.{uuid4().hex[:8]}", 3, "test")
    await make_bus(kafka_bootstrap).create_topics([topic])
    return topic


@pytest.fixture
async def speaker(kafka_bootstrap: str) -> AsyncIterator[Bus]:
    bus = make_bus(kafka_bootstrap)
    await bus.connect()
    yield bus
    await bus.stop()


@asynccontextmanager
async def hearing(
    bootstrap: str, topic: Topic, listener: Listener, group: str, metrics: Metrics | None = None
) -> AsyncIterator[Bus]:
    bus = make_bus(bootstrap, metrics)
    bus.listen([topic], group, listener)
    await bus.start()
    running = asyncio.ensure_future(bus.run())
    try:
        yield bus
    finally:
        await bus.stop()
        running.cancel()
        await asyncio.wait({running})


def messages(topic: Topic, number: int, keys: int = 10) -> list[Message]:
    return [Message(topic.name, f"k{n % keys}", b"%d" % n, {"n": str(n)}) for n in range(number)]


async def test_topics_are_made_once_and_by_anybody(kafka_bootstrap: str, topic: Topic) -> None:
    bus = make_bus(kafka_bootstrap)
    other = Topic(f"{topic.name}.other", 1, "test")
    await asyncio.gather(*(bus.create_topics([topic, other]) for _ in range(3)))


async def test_a_topic_is_made_with_as_many_copies_as_the_settings_say(kafka_bootstrap: str) -> None:
    bus = Bus(Connection(kafka_bootstrap), Metrics("test"), idempotence=False, copies=Copies(1, 1))
    await bus.create_topics([Topic(f"test.{uuid4().hex[:8]}", 2, "test")])


async def test_what_is_published_is_in_the_log_in_order_per_key(
    kafka_bootstrap: str, topic: Topic, speaker: Bus
) -> None:
    said = messages(topic, 3_000)
    await speaker.publish(said)
    spans = await speaker.spans([Place(topic.name, n) for n in range(3)])
    assert sum(span.end for span in spans.values()) == 3_000
    reader = AIOKafkaConsumer(bootstrap_servers=kafka_bootstrap)
    await reader.start()
    try:
        reader.assign([TopicPartition(*place) for place in spans])
        await reader.seek_to_beginning()
        read: dict[bytes, list[bytes]] = {}
        while sum(map(len, read.values())) < 3_000:
            for records in (await reader.getmany(timeout_ms=1_000)).values():
                for record in records:
                    read.setdefault(record.key, []).append(record.value)
    finally:
        await reader.stop()
    for key in range(10):
        assert read[b"k%d" % key] == [message.value for message in said if message.key == f"k{key}"]


async def test_nothing_counts_as_said_before_the_broker_has_it(topic: Topic, kafka_bootstrap: str) -> None:
    metrics = Metrics("test")
    bus = make_bus(kafka_bootstrap, metrics)
    await bus.connect()
    try:
        with pytest.raises(BrokerUnavailable):
            await bus.publish([Message(topic.name, "k", b"good"), Message(topic.name, "k", b"x" * 2_000_000)])
        assert metrics.value(EVENTS_SAID, topic=topic.name) == 0
        await bus.publish([Message(topic.name, "k", b"good")])
        assert metrics.value(EVENTS_SAID, topic=topic.name) == 1
    finally:
        await bus.stop()


async def test_without_a_broker_nothing_starts() -> None:
    bus = make_bus("127.0.0.1:1")
    with pytest.raises(BrokerUnavailable):
        await bus.connect()
    with pytest.raises(BrokerUnavailable):
        await bus.create_topics([Topic("x", 1, "test")])
    with pytest.raises(BrokerUnavailable):
        await bus.ping()
    await bus.stop()


async def test_the_end_of_the_log_is_after_the_last_record_of_a_batch(topic: Topic, speaker: Bus) -> None:
    place = Place(topic.name, 0)
    assert await speaker.span(place) == Span(0, 0)
    # One key, sent at once: one batch in one place.
    await speaker.publish([Message(topic.name, "k", b"%d" % n) for n in range(100)])
    spans = await speaker.spans([Place(topic.name, n) for n in range(3)])
    assert sorted(span.end for span in spans.values()) == [0, 0, 100]


async def test_a_failing_listener_hears_the_same_batch_again_in_every_place(
    kafka_bootstrap: str, topic: Topic, speaker: Bus
) -> None:
    said, listener, metrics = messages(topic, 500), Startled(), Metrics("test")
    await speaker.publish(said)
    async with hearing(kafka_bootstrap, topic, listener, "failing", metrics) as bus:
        await until(lambda: len(listener.heard) >= 500)
        await until(lambda: metrics.value(EVENTS_HEARD, topic=topic.name) == 500)
        assert bus.moving(limit=10).well
        assert bus.settled().well
        assert {place: progress.position for place, progress in bus.progress().items()} == {
            place: span.end for place, span in listener.held.items()
        }
        await until(lambda: "lag_events{" in metrics.render().decode())
        assert metrics.value(LAG_EVENTS, group="failing", topic=topic.name, partition="0") == 0
    assert len(listener.met) == 3
    assert metrics.value(HEAR_FAILURES, group="failing") == listener.failures
    assert sorted(listener.values()) == sorted(message.value for message in said)
    for partition in range(3):
        offsets = [record.offset for record in listener.heard if record.partition == partition]
        assert offsets == list(range(len(offsets)))


def odd_batch(producer: AIOKafkaProducer) -> BatchBuilder:
    """One record whose header has a name that is no text, as a client in another language may write it."""
    batch = producer.create_batch()
    batch._builder = builder(ODD)
    batch._relative_offset = 1
    return batch


async def test_garbage_reaches_the_listener_as_it_is(kafka_bootstrap: str, topic: Topic) -> None:
    listener, producer = Memory(), AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(topic.name, b"\xff\xfe{", b"\xff", 0, headers=[("x", b"\xff\x00"), ("x", b"")])
        await producer.send_and_wait(topic.name, None, b"tombstone", 0, headers=[("content-type", b"\x80")])
        await producer.send_and_wait(
            topic.name, b"", None, 0, headers=[("reply_to", b"x"), ("correlation_id", b"\xff")]
        )
        await producer.send_and_wait(topic.name, b"good", None, 0)
        await (await producer.send_batch(odd_batch(producer), topic.name, partition=0))
    finally:
        await producer.stop()
    async with hearing(kafka_bootstrap, topic, listener, "garbage"):
        await until(lambda: len(listener.heard) == 5)
    assert [(record.offset, record.key, record.value) for record in listener.heard] == [
        (0, b"\xff", b"\xff\xfe{"),
        (1, b"tombstone", b""),
        (2, None, b""),
        (3, None, b"good"),
        (4, b"k0", b"v0"),
    ]
    assert listener.heard[4].headers == (("\\xff\\xfe", b"\xff"),)
    assert listener.heard[0].headers == (("x", b"\xff\x00"), ("x", b""))
    assert listener.heard[0].timestamp > 0


async def test_a_listener_goes_on_where_its_store_or_its_group_stood(
    kafka_bootstrap: str, topic: Topic, speaker: Bus
) -> None:
    group, first = "going-on", Memory()
    await speaker.publish(messages(topic, 90))
    async with hearing(kafka_bootstrap, topic, first, group):
        await until(lambda: len(first.heard) == 90)
    await speaker.publish([Message(topic.name, "k0", b"later")])
    place = next(record.place for record in first.heard if record.key == b"k0")
    elsewhere = next(at for at in first.heard if at.place != place).place
    second = Memory(told={elsewhere: 2})
    async with hearing(kafka_bootstrap, topic, second, group):
        await until(lambda: b"later" in second.values())
        await until(lambda: any(record.place == elsewhere for record in second.heard))
    assert [record.value for record in second.heard if record.place == place] == [b"later"]
    assert next(record.offset for record in second.heard if record.place == elsewhere) == 2
    assert {record.place for record in second.heard} == {place, elsewhere}


async def test_two_members_share_the_places_and_the_one_that_stays_takes_over(
    kafka_bootstrap: str, topic: Topic, speaker: Bus
) -> None:
    one, two, said = Memory(), Memory(), messages(topic, 300)
    async with hearing(kafka_bootstrap, topic, one, "sharing"):
        await until(lambda: len(one.held) == 3)
        async with hearing(kafka_bootstrap, topic, two, "sharing"):
            await until(lambda: one.held and two.held and len(one.held) + len(two.held) == 3)
            assert not one.held.keys() & two.held.keys()
            await speaker.publish(said)
            await until(lambda: set(one.values()) | set(two.values()) == {message.value for message in said})
            assert two.heard
        assert two.held == {}
        await until(lambda: len(one.held) == 3)
        await speaker.publish([Message(topic.name, f"k{n}", b"after") for n in range(10)])
        await until(lambda: one.values().count(b"after") == 10)


async def ended(bootstrap: str, topic: Topic, listener: Memory) -> int:
    bus = make_bus(bootstrap, failures=2)
    bus.listen([topic], f"ending-{next(NUMBERS)}", listener)
    return await run([bus.speaking(), bus.hearing(), Part("http")])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda listener: listener.refusals.append(Fatal("the log was wiped")), 78),
        (lambda listener: listener.refusals.extend([ValueError("the store is gone")] * 9), 1),
        (lambda listener: listener.errors.append(Fatal("a gap")), 78),
        (lambda listener: listener.errors.extend([ValueError("always")] * 9), 1),
    ],
    ids=["refuses its places", "cannot take its places", "refuses a batch", "cannot hear a batch"],
)
async def test_a_listener_that_fails_for_good_ends_the_process(
    kafka_bootstrap: str, topic: Topic, speaker: Bus, spoil: Callable[[Memory], None], code: int
) -> None:
    listener = Memory()
    spoil(listener)
    await speaker.publish(messages(topic, 5))
    assert await ended(kafka_bootstrap, topic, listener) == code
    assert listener.heard == []
    assert listener.held == {}


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Child]:
    """A broker that the test may kill."""
    child = Child("broker", partial(programs.broker, folder=tmp_path / "data"), tmp_path / "log")
    child.start()
    child.await_ready(30)
    yield child
    child.kill()


async def test_a_process_whose_broker_dies_is_not_ready_and_still_ends_cleanly(own_broker: Child) -> None:
    topic, listener = Topic("test.dying", 2, "test"), Memory()
    bus = make_bus(programs.kafka_bootstrap(own_broker.port))
    bus.listen([topic], "dying", listener)
    await bus.create_topics([topic])
    ending = asyncio.ensure_future(run([bus.speaking(), bus.hearing(), Part("http")]))
    await until(lambda: len(listener.held) == 2)
    await bus.publish(messages(topic, 20))
    await until(lambda: len(listener.heard) == 20)
    own_broker.kill()
    with pytest.raises(BrokerUnavailable):
        await bus.publish(messages(topic, 1))
    with pytest.raises(BrokerUnavailable):
        await bus.ping()
    assert not ending.done()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await ending == 0
    assert listener.held == {}
