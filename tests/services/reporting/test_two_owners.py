"""Two consumers that own every partition at once, for as long as they live, on a real broker and a real store.

Two groups do what a zombie does for a moment: each is told that all partitions are its own, and nobody takes them away.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest

from catalogue.model import Plan
from chassis.broker import Bus
from chassis.listening import Place
from chassis.metrics import HEAR_FAILURES
from chassis.store import Message
from chassis.store_mongo import MongoStore
from contracts.topics import Topic
from services.reporting import batches
from services.reporting.backup import KEPT
from services.reporting.deps import Deps
from services.reporting.fold import Counting
from services.reporting.handlers import Folding
from tests.chassis.test_broker import make_bus
from tests.kit.wait import until
from tests.services.reporting.said import said
from tests.services.reporting.standing import deps_on
from tests.services.reporting.test_ledger import plain_cells, stored_cells

pytestmark = [pytest.mark.servers, pytest.mark.broker]

EVENTS, PER_ROUND, MOST_COLLISIONS = 2_000, 60, 10_000


class Owner:
    """A consumer of reporting, in a group of its own on the database that both share."""

    def __init__(self, plan: Plan, store: MongoStore, bootstrap: str, topic: Topic, group: str) -> None:
        self.deps: Deps = deps_on(plan, store)
        self.folding = Folding(self.deps)
        self.bus: Bus = make_bus(bootstrap, self.deps.metrics, failures=MOST_COLLISIONS)
        self.group, self._places = group, topic.partitions
        self.bus.listen([topic], group, self.folding, max_records=PER_ROUND)

    @property
    def collisions(self) -> float:
        """How often what it wanted to append was there already."""
        return self.deps.metrics.value(HEAR_FAILURES, group=self.group)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """It owns everything until the end of the block."""
        await self.bus.start()
        running = asyncio.ensure_future(self.bus.run())
        try:
            yield
        finally:
            await self.bus.stop()
            running.cancel()
            await asyncio.wait({running})

    def reached(self, offsets: int) -> bool:
        held = self.folding.partitions
        return len(held) == self._places and sum(one.watermark for one in held.values()) == offsets


def classes(topic: Topic, number: int, chance: random.Random) -> list[Message]:
    """So many classes, each told again once now and then, under the key that is its subject's."""
    time = datetime(2021, 6, 1, 3, tzinfo=UTC)
    data = {"audience": "officials", "topic": "state-management"}
    told = [
        Message(topic.name, subject, said("SNV", "training.held", subject, time, {**data, "people": n % 40}))
        for n, subject in enumerate(f"class-{n}" for n in range(number))
    ]
    return [message for one in told for message in [one] * chance.choice((1, 1, 1, 2))]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
async def test_two_that_own_every_partition_at_once_count_once(
    plan: Plan, kafka_bootstrap: str, mongodb_uri: str, database: str, seed: int
) -> None:
    chance, counting = random.Random(seed), Counting(plan)
    topic = Topic(f"test.{database}", 4, "test")
    store, speaker = MongoStore.open(mongodb_uri, database), make_bus(kafka_bootstrap)
    await store.prepare(KEPT.indexes)
    await speaker.create_topics([topic])
    await speaker.connect()
    owners = [Owner(plan, store, kafka_bootstrap, topic, f"{database}-{number}") for number in (1, 2)]
    messages = classes(topic, EVENTS, chance)
    async with AsyncExitStack() as open_:
        open_.push_async_callback(store.close)
        open_.push_async_callback(speaker.stop)
        for owner in owners:
            await open_.enter_async_context(owner.hearing())
        await until(lambda: all(owner.reached(0) for owner in owners), within=60, what="both own everything")
        for first in range(0, len(messages), PER_ROUND):
            await speaker.publish(messages[first : first + PER_ROUND])
        await until(lambda: all(owner.reached(len(messages)) for owner in owners), within=90, what="both have all")
        for owner in owners:
            await owner.folding.flush()
        places = [Place(topic.name, number) for number in range(topic.partitions)]
        ledger = [await batches.load(store, place, counting) for place in places]
        cells = await stored_cells(store, counting)
    print(f"seed {seed}: {len(messages)} records, collisions {[owner.collisions for owner in owners]}")
    assert sum(owner.collisions for owner in owners) > 0
    assert sum(partition.watermark for partition in ledger) == len(messages)
    assert sum(partition.events for partition in ledger) == EVENTS
    assert cells == plain_cells(counting, [message.value for message in messages])
