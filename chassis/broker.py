"""The bus: everything that is said and heard over Kafka goes through here. A FastStream `KafkaBroker` inside."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka import Topic as Subscribed
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from opentelemetry.trace import SpanKind

from chassis import decoding, tracing
from chassis.connection import Connection
from chassis.fetched import Batch, Patience
from chassis.following import tell
from chassis.health import Verdict
from chassis.hearing import Hearing
from chassis.leaving import leave
from chassis.listening import BrokerUnavailable, Fatal, Listener, Place, Record, Span
from chassis.looking import Looker
from chassis.metrics import EVENTS_SAID, Metrics
from chassis.process import Part
from chassis.progress import Progress
from chassis.settings import ServiceSettings
from chassis.speaking import Said, Speaker
from chassis.store import Message
from chassis.topics import Copies, create
from contracts.topics import Topic

__all__ = ["BrokerUnavailable", "Bus", "Connection", "Fatal", "Listener", "Patience", "Place", "Record", "Span"]

_log = logging.getLogger(__name__)
_POLL_MS = 100
_GATHERED = 65_536
_RETRY_MS = 300
_WATCH_EVERY = 1.0


class Bus:
    """One process's connection to Kafka. First `listen`; then the parts `speaking` and `hearing` connect it."""

    def __init__(
        self,
        connection: Connection,
        metrics: Metrics,
        *,
        copies: Copies | None = None,
        idempotence: bool = True,
        client_id: str = "hop-luc",
        instance: str = "",
        metadata_max_age_ms: int = 5_000,
        session_timeout_ms: int = 10_000,
        request_timeout_ms: int = 20_000,
        patience: Patience | None = None,
    ) -> None:
        """`instance` names this copy of the process in its groups, where it keeps its places over a restart."""
        decoding.install()
        self._connection = connection
        self._copies = copies or Copies()
        self._instance = instance or None
        self._session_timeout_ms = session_timeout_ms
        self._metrics = metrics
        self._patience = patience or Patience()
        self._speaker = Speaker(
            connection,
            client_id=client_id,
            enable_idempotence=idempotence,
            request_timeout_ms=request_timeout_ms,
            retry_backoff_ms=_RETRY_MS,
            metadata_max_age_ms=metadata_max_age_ms,
            max_batch_size=262_144,
        )
        self._broker = KafkaBroker(
            connection.bootstrap.split(","),
            client_id=client_id,
            security=connection.security,
            consumer_only=True,
            request_timeout_ms=request_timeout_ms,
            retry_backoff_ms=_RETRY_MS,
            metadata_max_age_ms=metadata_max_age_ms,
            apply_types=False,
            logger=logging.getLogger("chassis.faststream"),
            log_level=logging.DEBUG,
        )
        self._hearings: list[Hearing] = []
        self._looker = Looker(self._broker.connect)
        self._connected = False
        self._broken = asyncio.Event()
        self._error: Exception | None = None

    @classmethod
    def of(cls, settings: ServiceSettings, metrics: Metrics, client_id: str) -> "Bus":
        """The bus that the settings describe."""
        return cls(
            Connection.of(settings),
            metrics,
            copies=Copies(settings.kafka_replication, settings.kafka_min_insync_replicas),
            idempotence=settings.kafka_idempotence,
            client_id=client_id,
            instance=settings.kafka_group_instance_id,
            metadata_max_age_ms=settings.kafka_metadata_max_age_ms,
            session_timeout_ms=settings.kafka_session_timeout_ms,
            patience=Patience(settings.max_failures),
        )

    async def create_topics(self, topics: Iterable[Topic]) -> None:
        """Make the topics that are not there yet, and wait until the broker shows them."""
        await create(self._connection, tuple(topics), self._copies)

    def listen(
        self,
        topics: Sequence[Topic],
        group: str,
        listener: Listener,
        *,
        max_records: int = 2_000,
        gather_ms: int = _POLL_MS,
        name: str = "",
    ) -> None:
        """Let `listener` hear the topics as a member of the consumer group `group`. To be called before the start.

        The broker gathers records for up to `gather_ms` before it hands them over, so that a trickle is heard in
        batches; more than that only comes sooner. `name` is what metrics call the group, if not by its own name.
        """
        hearing = Hearing(group, listener, self._looker, self._fail, self._metrics, self._patience, name=name)

        async def parse(records: tuple[ConsumerRecord[bytes, bytes], ...]) -> KafkaMessage:
            batch = Batch(hearing.term, [_record(record) for record in records])
            return KafkaMessage(raw_message=records, body=batch, consumer=FAKE_CONSUMER)

        subscriber = self._broker.subscriber(
            *(Subscribed(topic.name, declare=False) for topic in topics),
            batch=True,
            group_id=group,
            group_instance_id=self._instance,
            listener=hearing,
            auto_offset_reset="earliest",
            max_records=max_records,
            batch_timeout_ms=_POLL_MS,
            fetch_min_bytes=_GATHERED,
            fetch_max_wait_ms=gather_ms,
            session_timeout_ms=self._session_timeout_ms,
            heartbeat_interval_ms=self._session_timeout_ms // 3,
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            parser=parse,
            decoder=_undecoded,
        )
        subscriber(hearing.hear)
        hearing.consumer = partial(getattr, subscriber, "consumer")
        hearing.tasks = partial(getattr, subscriber, "tasks")
        self._hearings.append(hearing)

    def speaking(self) -> Part:
        """The part that can publish; to be started before the relay and stopped after it."""
        return Part("speaking", start=self.connect, stop=self.stop)

    def hearing(self) -> Part:
        """The part that hears; to be started when the listeners may be called."""
        return Part("hearing", start=self.start, run=self.run, stop=self.hush)

    async def connect(self) -> None:
        """Connect what publishes and what looks at the log, without hearing yet."""
        await self._looker.start()
        await self._speaker.start()
        self._connected = True

    async def start(self) -> None:
        """Connect if not connected, and begin to hear in every group at once: a broker lets the first member of a group
        wait for others, seconds that one group after the other would wait for."""
        if not self._connected:
            await self.connect()
        joining = list[asyncio.Task[None]]()
        try:
            await self._broker.connect()
            joining += [asyncio.create_task(subscriber.start()) for subscriber in self._broker.subscribers]
            await asyncio.gather(*joining)
        except KafkaError as error:
            raise BrokerUnavailable(f"{self._connection.bootstrap}: {error!r}") from error
        finally:
            for one in joining:
                one.cancel()
            await asyncio.gather(*joining, return_exceptions=True)

    async def run(self) -> None:
        """Watch the lag until a listener has failed for good, then raise its error."""
        watching, breaking = asyncio.create_task(self._watch()), asyncio.create_task(self._broken.wait())
        try:
            await asyncio.wait({watching, breaking}, return_when=asyncio.FIRST_COMPLETED)
            if self._error is not None:
                raise self._error
            await watching
        finally:
            watching.cancel()
            breaking.cancel()

    async def hush(self) -> None:
        """Finish what is being heard, let the listeners drop their places, leave the groups."""
        await asyncio.gather(*(hearing.stop() for hearing in self._hearings))
        await leave(*(subscriber.stop() for subscriber in self._broker.subscribers))

    async def stop(self) -> None:
        """Stop hearing, then speaking."""
        await self.hush()
        await leave(self._broker.stop(), self._looker.stop(), self._speaker.stop())

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send the messages in order per key; returns when every one is acknowledged by all replicas in sync.

        Raises:
            BrokerUnavailable: at least one was not acknowledged; send all of them again.
        """
        with tracing.batch("say", SpanKind.PRODUCER, (message.value for message in messages)):
            await self._speaker.say([_said(message) for message in messages])
        tell(_log, (message.value for message in messages), "said")
        for message in messages:
            self._metrics.count(EVENTS_SAID, topic=message.topic)

    async def replay(self, records: Sequence[Record]) -> None:
        """Write records to the end of their places again, byte for byte; returns when all are acknowledged.

        Raises:
            BrokerUnavailable: at least one was not acknowledged; write all of them again.
        """
        await self._speaker.say(
            [Said(record.topic, record.value, record.key, record.headers, record.partition) for record in records]
        )

    async def span(self, place: Place) -> Span:
        """The offsets the place holds now."""
        return (await self.spans((place,)))[place]

    async def spans(self, places: Collection[Place]) -> Mapping[Place, Span]:
        """The offsets the places hold now. Raises `BrokerUnavailable` if the broker does not say in time."""
        return await self._looker.spans(places)

    async def reader(self, **options: Any) -> AIOKafkaConsumer:
        """A consumer of its own, not yet started, for what is read outside of hearing."""
        return (await self._broker.connect())(**options)

    def progress(self) -> Mapping[Place, Progress]:
        """How far each place of ours is heard, and its lag, as of the last look (at most about a second ago)."""
        return {place: progress for hearing in self._hearings for place, progress in hearing.progress.items()}

    async def ping(self) -> None:
        """Raises `BrokerUnavailable` if the broker does not answer."""
        await self._looker.ping()

    def settled(self) -> Verdict:
        """Well once every group has its places; for readiness."""
        return _worst([hearing.settled() for hearing in self._hearings])

    def moving(self, limit: float) -> Verdict:
        """Well unless records have been waiting for `limit` seconds and nothing moves; for liveness."""
        return _worst([hearing.moving(limit) for hearing in self._hearings])

    def _fail(self, error: Exception) -> None:
        if self._error is None:
            self._error = error
        self._broken.set()

    async def _watch(self) -> None:
        while True:
            began = time.monotonic()
            for hearing in self._hearings:
                try:
                    await hearing.watch()
                except BrokerUnavailable as error:
                    _log.warning("cannot see the log's end: %s", error)
            await asyncio.sleep(max(0.0, _WATCH_EVERY - (time.monotonic() - began)))


def _said(message: Message) -> Said:
    headers = [(name, value.encode()) for name, value in message.headers.items()]
    return Said(message.topic, message.value, message.key.encode(), headers)


def _record(record: ConsumerRecord[bytes, bytes]) -> Record:
    headers = tuple((name, value or b"") for name, value in record.headers)
    return Record(
        record.topic, record.partition, record.offset, record.key, record.value or b"", headers, record.timestamp
    )


async def _undecoded(message: KafkaMessage) -> Any:
    return message.body


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return Verdict(all(v.well for v in verdicts), "; ".join(v.says for v in verdicts))
