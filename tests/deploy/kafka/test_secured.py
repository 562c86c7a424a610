"""A cluster with TLS, logins and ACLs: everybody may do what is theirs, and nothing else."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    NoError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest

from chassis.broker import BrokerUnavailable, Bus, Connection
from chassis.metrics import Metrics
from contracts.topics import NOTIFY, REGISTRY, REPORTING, SUPPORT, Topic, intake, receipts
from deploy.kafka.accounts import Accounts
from deploy.kafka.cluster import Cluster
from deploy.kafka.grants import SCALED, SCALER, principal_of
from deploy.local.stack import Stack
from tests.journeys.spine import Province, training
from tests.kit.wait import until

pytestmark = pytest.mark.kafka

OWN, ANOTHERS = "SNV", "NHNN"
TOPICS = (*(make(agency) for make in (intake, receipts) for agency in (OWN, ANOTHERS)), REGISTRY, SUPPORT, REPORTING)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def accounts(cluster: Cluster) -> Accounts:
    assert cluster.accounts is not None
    return cluster.accounts


@pytest.fixture(autouse=True)
async def topics(cluster: Cluster) -> None:
    await Bus(cluster.connection(), Metrics("test")).create_topics([*TOPICS, NOTIFY])


async def write(connection: Connection, topic: Topic, value: bytes = b"{}") -> int:
    """Write one record as a careful client does; its offset."""
    async with AIOKafkaProducer(**connection.options(), enable_idempotence=True, acks="all") as producer:
        written = await producer.send_and_wait(topic.name, value, b"key")
        return int(written.offset)


async def fetched(connection: Connection, topic: Topic) -> type[KafkaError]:
    """What the broker answers to a bare request for records: the client would wait for ever."""
    admin = AIOKafkaAdminClient(**connection.options())
    try:
        await admin.start()
        answer = await admin._send_request(FetchRequest(100, 1, 1_000_000, 0, [(topic.name, [(0, 0, 1_000_000)])]))
    finally:
        await admin.close()
    [(_, [(_, code, *_)])] = answer.topics
    error: type[KafkaError] = for_code(code)
    return error


@asynccontextmanager
async def reading(connection: Connection, topic: Topic, group: str | None = None) -> Any:
    consumer = AIOKafkaConsumer(**connection.options(), group_id=group, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic.name, 0)])
        yield consumer
    finally:
        await consumer.stop()


async def test_an_agency_writes_its_own_intake_topic_and_no_other(cluster: Cluster) -> None:
    agency = cluster.connection(OWN)
    assert await write(agency, intake(OWN)) >= 0
    for topic in (intake(ANOTHERS), receipts(OWN), receipts(ANOTHERS), REGISTRY, SUPPORT, REPORTING, NOTIFY):
        with pytest.raises(TopicAuthorizationFailedError):
            await write(agency, topic)


async def test_an_agency_reads_its_own_receipts_and_no_others(cluster: Cluster) -> None:
    await write(cluster.connection(principal_of("support")), receipts(OWN), b"yours")
    await write(cluster.connection(principal_of("support")), receipts(ANOTHERS), b"not yours")
    agency = cluster.connection(OWN)
    async with reading(agency, receipts(OWN), f"{OWN}.archive") as consumer:
        assert (await consumer.getone()).value == b"yours"
        await consumer.commit()
    assert await fetched(agency, receipts(OWN)) is NoError
    for topic in (receipts(ANOTHERS), intake(ANOTHERS), intake(OWN), REGISTRY, SUPPORT, REPORTING):
        assert await fetched(agency, topic) is TopicAuthorizationFailedError


async def test_an_agency_is_no_member_of_a_services_group(cluster: Cluster) -> None:
    await write(cluster.connection(principal_of("support")), receipts(OWN))
    async with reading(cluster.connection(OWN), receipts(OWN), "support-intake") as consumer:
        with pytest.raises(GroupAuthorizationFailedError):
            await consumer.getone()


@pytest.mark.parametrize(
    ("service", "refused"),
    [
        ("registry", [SUPPORT, REPORTING, NOTIFY, intake(OWN)]),
        ("support", [REPORTING, NOTIFY]),
        ("reporting", [NOTIFY, receipts(OWN), intake(OWN)]),
        ("notify", [REGISTRY, SUPPORT, receipts(OWN)]),
    ],
)
async def test_a_service_writes_nothing_that_is_none_of_its_business(
    cluster: Cluster, service: str, refused: list[Topic]
) -> None:
    bus = Bus(cluster.connection(principal_of(service)), Metrics("test"))
    for topic in refused:
        with pytest.raises(TopicAuthorizationFailedError):
            await write(cluster.connection(principal_of(service)), topic)
    with pytest.raises(BrokerUnavailable, match="TopicAuthorizationFailed"):
        await bus.create_topics([Topic("coop.surprise.v1", 1, service)])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_who_does_not_say_who_he_is_gets_nowhere(cluster: Cluster, accounts: Accounts) -> None:
    known = cluster.connection(OWN).options()
    unencrypted = {"bootstrap_servers": known["bootstrap_servers"]}
    encrypted = {**unencrypted, "security_protocol": "SSL", "ssl_context": known["ssl_context"]}
    guessing = {**known, "sasl_plain_password": "guessed"}
    another = {**known, "sasl_plain_username": ANOTHERS}
    for options in (unencrypted, encrypted, guessing, another):
        producer = AIOKafkaProducer(**options, request_timeout_ms=3_000)
        with pytest.raises(KafkaError):
            await producer.start()
        await producer.stop()


@pytest.fixture(scope="module")
def stack(cluster: Cluster) -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        with Stack() as stack:
            yield stack


@pytest.fixture
async def province(stack: Stack) -> AsyncIterator[Province]:
    province = Province(stack)
    yield province
    await province.http.aclose()


async def test_services_need_no_more_than_they_are_granted(
    cluster: Cluster, accounts: Accounts, province: Province
) -> None:
    stack = province.stack
    await province.register("HTX-S1")
    await write(cluster.connection(OWN), intake(OWN), json.dumps(training(1, people=30)).encode())
    assert (await province.say(OWN, [training(2, people=12)]))["accepted"] == 1
    await province.folded(3)
    assert await province.figure("II.3.b/people") == 42

    async with reading(cluster.connection(OWN), receipts(OWN)) as consumer:

        async def accepted() -> bool:
            return b'"accepted"' in (await consumer.getone()).value

        await until(accepted, within=30, what="the agency reads its receipt")
    for service in stack.services:
        assert (await province.http.get(stack.services[service] + "/readyz")).status_code == 200
        log = stack.log_of(service).read_text()
        assert accounts.passwords[principal_of(service)] not in log
        assert "Authorization" not in log


async def waiting(connection: Connection, group: str, topics: Sequence[Topic]) -> int:
    """The records that a group has not heard yet, as KEDA counts them: what it has committed against the logs' ends."""
    places = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
    admin = AIOKafkaAdminClient(**connection.options())
    consumer = AIOKafkaConsumer(**connection.options())
    await admin.start()
    await consumer.start()
    try:
        heard = await admin.list_consumer_group_offsets(group, partitions=places)
        ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
        await admin.close()
    return sum(ends[place] - max(0, heard[place].offset) for place in places)


async def test_keda_sees_how_much_waits_for_a_service_and_none_of_it(cluster: Cluster, province: Province) -> None:
    keda, stack = cluster.connection(SCALER), province.stack
    for group, topics in SCALED.items():
        await until(
            partial(nothing_waits, keda, group, topics), within=30, what=f"KEDA sees that {group} has heard all"
        )
    stack.kill("reporting")
    said = [training(number, people=1) for number in range(10, 17)]
    assert (await province.say(OWN, said))["accepted"] == len(said)

    async def all_wait() -> bool:
        return await waiting(keda, "reporting", SCALED["reporting"]) == len(said)

    await until(all_wait, within=30, what="KEDA sees what waits for reporting")
    for topic in (REGISTRY, SUPPORT):
        assert await fetched(keda, topic) is TopicAuthorizationFailedError
        with pytest.raises(ClusterAuthorizationFailedError):  # who may write nowhere is no producer
            await write(keda, topic)
    for topic in (REPORTING, NOTIFY, intake(OWN), receipts(OWN)):
        assert await fetched(keda, topic) is TopicAuthorizationFailedError
    async with reading(keda, SUPPORT, "reporting") as consumer:
        with pytest.raises(GroupAuthorizationFailedError):
            await consumer.commit({TopicPartition(SUPPORT.name, 0): 0})
    stack.restart("reporting")
    await until(
        partial(nothing_waits, keda, "reporting", SCALED["reporting"]), within=60, what="reporting has heard all"
    )


async def nothing_waits(connection: Connection, group: str, topics: Sequence[Topic]) -> bool:
    return await waiting(connection, group, topics) == 0


async def test_who_looks_for_keda_sees_no_other_group(cluster: Cluster, province: Province) -> None:
    for group in ("registry-intake", "support-intake"):
        with pytest.raises(GroupAuthorizationFailedError):
            await waiting(cluster.connection(SCALER), group, [REGISTRY])
