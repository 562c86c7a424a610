"""A broker whose retention took records before they were heard: it is refused, and MongoDB has them all still."""

from collections.abc import Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from chassis.broker import Bus, Place
from chassis.metrics import Metrics
from contracts.topics import SUPPORT
from deploy.kafka.cluster import Cluster
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.journeys.test_killed import published
from tests.journeys.test_wiped_broker import PEOPLE, REFUSED, command
from tests.kit.wait import until

pytestmark = pytest.mark.kafka

HEARD, GONE = 200, 100


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(safe=False) as cluster:
        yield cluster


@pytest.fixture
def stack(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("KAFKA_BOOTSTRAP", cluster.bootstrap)
    with running() as stack:
        yield stack


async def forget_everything(cluster: Cluster) -> None:
    """Let the broker delete all that support has said, as its retention would."""
    bus = Bus(cluster.connection(), Metrics("test"))
    await bus.connect()
    try:
        spans = await bus.spans([Place(SUPPORT.name, number) for number in range(SUPPORT.partitions)])
    finally:
        await bus.stop()
    admin = AIOKafkaAdminClient(**cluster.connection().options())
    await admin.start()
    try:
        ends = {TopicPartition(*place): RecordsToDelete(before_offset=span.end) for place, span in spans.items()}
        await admin.delete_records(ends)
    finally:
        await admin.close()


async def test_what_retention_took_unheard_is_refused_and_said_again_from_the_stores(
    cluster: Cluster, stack: Stack
) -> None:
    province = Province(stack)
    events = [training(number, people=number) for number in range(HEARD + GONE)]
    assert (await province.say("SNV", events[:HEARD]))["accepted"] == HEARD
    await province.folded(HEARD)
    stack.kill("reporting")
    assert (await province.say("SNV", events[HEARD:]))["accepted"] == GONE

    async def all_said() -> bool:
        return len(await published(stack)) == len(events)

    await until(all_said, within=30, what="support has said everything")
    await forget_everything(cluster)

    stack.restart("reporting", wait=False)
    assert await until(lambda: stack.exit_code("reporting"), within=60, what="reporting refuses") == REFUSED
    assert "records between them are gone" in stack.log_of("reporting").read_text()

    command(stack, "reporting", "adopt-log")
    command(stack, "support", "resend")
    for service in stack.services:
        stack.restart(service)
    ledger = await province.folded(len(events))
    assert ledger["events"] == len(events)
    assert await province.figure(PEOPLE) == sum(range(len(events)))
    await province.http.aclose()
