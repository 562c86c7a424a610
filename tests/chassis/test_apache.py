"""What only Apache Kafka does: a copy of a service that has a name keeps its places over a restart."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.broker import Bus, Connection, Patience, Place, Span
from chassis.metrics import Metrics
from contracts.topics import Topic
from deploy.kafka.node import alone
from deploy.local.children import Child
from deploy.local.programs import kafka_bootstrap as address
from tests.chassis.standing import Memory
from tests.kit.wait import until

pytestmark = pytest.mark.kafka

SESSION_MS = 6_000


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
