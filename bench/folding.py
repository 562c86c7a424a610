"""How fast events are folded exactly once, next to others that read the same topic in the same run."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from pymongo import AsyncMongoClient
from pymongo.write_concern import WriteConcern

from bench.ledger import endless
from chassis.listening import Listener, Place, Record, Span
from contracts.envelope import key_of, read
from contracts.kinds import RETRACTED
from contracts.topics import REGISTRY, SUPPORT
from deploy.kafka import jars
from deploy.local.programs import is_embedded
from deploy.local.stack import Stack
from services.reporting.handlers import Folding
from services.reporting.settings import Settings
from services.reporting.store import COLLECTIONS
from services.reporting.wiring import dependencies

STREAMS = Path(__file__).parent / "streams"
QUIX = Path(os.environ.get("BENCH_PYTHON", ".venv/bench/bin/python"))
_PLACES = [TopicPartition(SUPPORT.name, number) for number in range(SUPPORT.partitions)]


class Timed:
    """A listener and when it heard the first and the last of so many records."""

    def __init__(self, listener: Listener, wanted: int) -> None:
        self._listener = listener
        self._left = wanted
        self._began = 0.0
        self.seconds: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        return await self._listener.assigned(spans)

    async def revoked(self, places: Collection[Place]) -> None:
        await self._listener.revoked(places)

    async def hear(self, records: Sequence[Record]) -> None:
        self._began = self._began or time.perf_counter()
        await self._listener.hear(records)
        self._left -= len(records)
        if self._left <= 0 and not self.seconds.done():
            self.seconds.set_result(time.perf_counter() - self._began)


async def produce(bootstrap: str, values: Sequence[bytes]) -> None:
    """Put the events on support's topic."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5, max_batch_size=262_144)
    await producer.start()
    try:
        sent = [
            await producer.send(SUPPORT.name, one, key=key_of(read(one).envelope.subject).encode()) for one in values
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def bare(bootstrap: str, events: int) -> float:
    """Events per second of fetching and decoding each, and nothing else."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(_PLACES)
        await consumer.seek_to_beginning(*_PLACES)
        began, left = time.perf_counter(), events
        while left > 0:
            for records in (await consumer.getmany(timeout_ms=1_000, max_records=5_000)).values():
                for record in records:
                    read(record.value)
                left -= len(records)
        return events / (time.perf_counter() - began)
    finally:
        await consumer.stop()


def plain(values: Sequence[bytes]) -> tuple[int, int]:
    """How many facts the events state, and what the cells sum to in the engines' form of the fold; in plain Python."""
    held: dict[str, tuple[tuple[int, str], int]] = {}
    for event in map(msgspec.json.decode, values):
        kind = event["type"].removesuffix(RETRACTED)
        fact, rank = f"{event['agency']} {kind} {event['subject']}", (event.get("revision", 1), event["id"])
        if fact not in held or held[fact][0] < rank:
            held[fact] = rank, event["data"].get("amount", 1) if kind == event["type"] else 0
    return len(held), sum(amount for _, amount in held.values())


async def ours(settings: Settings, events: int, facts: int) -> float:
    """Reporting's own way from the topic into its ledger, on a database of its own; and nothing may be missing."""
    deps = dependencies(settings)
    await deps.store.prepare(COLLECTIONS)
    folding = Folding(deps)
    timed = Timed(folding, events)
    deps.bus.listen((REGISTRY, SUPPORT), "bench-reporting", timed, max_records=settings.kafka_max_records, gather_ms=5)
    hearing = deps.bus.hearing()
    assert hearing.start is not None
    assert hearing.stop is not None
    await hearing.start()
    try:
        seconds = await asyncio.wait_for(timed.seconds, 300)
        assert sum(one.heard for one in folding.partitions.values()) == events
        assert sum(len(one.cells.facts) for one in folding.partitions.values()) == facts
    finally:
        await hearing.stop()
        await deps.store.close()
    return events / seconds


@asynccontextmanager
async def raw(uri: str) -> AsyncIterator[Any]:
    """A collection that waits as a service's writes do."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(uri)
    try:
        yield client["bench"].get_collection("events", write_concern=WriteConcern("majority", j=True))
    finally:
        await client.close()


async def inserted(uri: str, values: Sequence[bytes]) -> float:
    """Documents per second, one per event, a thousand at a time."""
    async with raw(uri) as collection:
        documents = [{"_id": number, "value": value} for number, value in enumerate(values)]
        began = time.perf_counter()
        for first in range(0, len(documents), 1_000):
            await collection.insert_many(documents[first : first + 1_000])
        return len(documents) / (time.perf_counter() - began)


async def written_each(bootstrap: str, uri: str, events: int) -> float:
    """A FastStream handler that writes each event by itself, as one would first think of it; at least once."""
    done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    began, seen = 0.0, 0
    broker = KafkaBroker(bootstrap, logger=None)
    async with raw(uri) as collection:

        @broker.subscriber(
            SUPPORT.name,
            group_id="bench-faststream",
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.ACK,
            decoder=lambda message: message.body,
        )
        async def handle(body: bytes) -> None:
            nonlocal began, seen
            began = began or time.perf_counter()
            event = read(body).envelope
            if seen < events:
                name = f"{event.subject} {event.id}"
                await collection.update_one({"_id": name}, {"$set": {"value": body}}, upsert=True)
            seen += 1
            if seen == events and not done.done():
                done.set_result(time.perf_counter() - began)

        app = asyncio.create_task(FastStream(broker, logger=None).run())
        try:
            return events / await asyncio.wait_for(done, 120)
        finally:
            app.cancel()
            await broker.stop()


def quix(bootstrap: str, events: int, total: int, folder: Path) -> float | str:
    """Events per second of Quix Streams, exactly once; or why there is no such figure."""
    if not QUIX.exists():
        return f"{QUIX} is not there: make bench makes it from requirements-bench.lock"
    command = [str(QUIX), "bench/quix_fold.py", bootstrap, SUPPORT.name, str(events), str(folder / "quix")]
    return _told(command, total)


def streams(bootstrap: str, events: int, total: int, folder: Path) -> float | str:
    """Events per second of Kafka Streams, exactly_once_v2; or why there is no such figure."""
    try:
        command = [jars.java(), "-cp", jars.classpath(STREAMS / "pom.xml"), str(STREAMS / "Fold.java")]
    except jars.Missing as missing:
        return str(missing)
    return _told([*command, bootstrap, SUPPORT.name, str(events), str(folder / "streams")], total)


def _told(command: Sequence[str], total: int) -> float | str:
    """The rate that an engine told; or why it counts for nothing, as that its cells come to another sum."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    except subprocess.TimeoutExpired:
        return "not ready after 240 s"
    if done.returncode:
        return f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"
    events, summed, spent = done.stdout.split()[-3:]
    if int(summed) != total:
        return f"its cells come to {int(summed):,}, not to {total:,}"
    return float(events) / float(spent)


def run(broker: str, events: int, each: int, told: Callable[[str], None]) -> Mapping[str, float | str]:
    """On one of the brokers (BROKER): events per second by what did it, or why it did not."""
    os.environ["BROKER"] = broker
    found: dict[str, float | str] = {}

    def keep(name: str, rate: float | str) -> None:
        found[name] = rate
        told(f"{broker:>9}  {name:<34} {rate:>9,.0f} events/s" if isinstance(rate, float) else f"{name}: {rate}")

    def timed(name: str, measured: Awaitable[float]) -> None:
        keep(name, loop.run(_awaited(measured)))

    values = list(islice(endless(), events))
    facts, total = plain(values)
    with Stack(services=()) as stack, asyncio.Runner() as loop:
        settings = Settings(
            kafka_bootstrap=stack.kafka_bootstrap,
            kafka_idempotence=not is_embedded(),
            mongodb_uri=stack.mongodb_uri,
            mongodb_database="bench_reporting",
        )
        loop.run(_topics(settings))
        loop.run(produce(stack.kafka_bootstrap, values))
        before = loop.run(bare(stack.kafka_bootstrap, events))
        timed("ours, exactly once", ours(settings, events, facts))
        timed("insert_many, a document per event", inserted(stack.mongodb_uri, values))
        timed("FastStream, a write per event", written_each(stack.kafka_bootstrap, stack.mongodb_uri, each))
        if broker == "apache":
            keep("Quix Streams, exactly once", quix(stack.kafka_bootstrap, events, total, stack.data_dir))
            keep("Kafka Streams, exactly once", streams(stack.kafka_bootstrap, events, total, stack.data_dir))
        after = loop.run(bare(stack.kafka_bootstrap, events))
        keep("bare decode loop", (before + after) / 2)  # what else the machine does meets both
    return found


async def _topics(settings: Settings) -> None:
    deps = dependencies(settings)
    await deps.bus.create_topics((REGISTRY, SUPPORT))
    await deps.store.close()


async def _awaited(measured: Awaitable[float]) -> float:
    return await measured
