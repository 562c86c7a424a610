"""What is written to Kafka goes out here, and counts when every replica in sync has it.

An idempotent producer numbers its batches. One that was given up leaves a hole in the numbers, and the broker refuses
all that come after it; one that the broker cannot take is tried again for ever. So a failure ends the producer, the
next attempt has a new one, and an attempt has an end. What was sent twice on the way is folded once.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.connection import Connection
from chassis.leaving import left
from chassis.listening import BrokerUnavailable

_log = logging.getLogger(__name__)
_GOODBYE = 3.0


class Said(NamedTuple):
    """One record to be written; without a partition the key chooses it."""

    topic: str
    value: bytes
    key: bytes | None
    headers: Sequence[tuple[str, bytes]]
    partition: int | None = None


class Speaker:
    """A producer that is replaced when it failed. Safe to use from several tasks."""

    def __init__(self, connection: Connection, *, request_timeout_ms: int, **options: Any) -> None:
        self._options = {"request_timeout_ms": request_timeout_ms, "acks": "all", **connection.options(), **options}
        self._within = request_timeout_ms / 1_000
        self._turn = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises `BrokerUnavailable` if there is no broker, or it does not let us."""
        try:
            async with asyncio.timeout(self._within):
                await self._producing()
        except (KafkaError, TimeoutError) as error:
            raise BrokerUnavailable(f"cannot connect: {error!r}") from error

    async def stop(self) -> None:
        """Disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _end(producer)

    async def say(self, records: Sequence[Said]) -> None:
        """Write the records in order per partition; returns when all are acknowledged.

        Raises:
            BrokerUnavailable: at least one was not, within the time of a request; write all of them again.
        """
        producer: AIOKafkaProducer | None = None
        try:
            async with asyncio.timeout(self._within):
                producer = await self._producing()
                sent = [await self._send(producer, record) for record in records]
                # Shielded: a cancelled future would be one that the client still wants to fulfil.
                outcomes = await asyncio.shield(asyncio.gather(*sent, return_exceptions=True))
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
        except (KafkaError, TimeoutError) as error:
            if producer is not None:
                await self._drop(producer)
            raise BrokerUnavailable(repr(error)) from error

    async def _send(self, producer: AIOKafkaProducer, record: Said) -> asyncio.Future[Any]:
        sent: asyncio.Future[Any] = await producer.send(
            record.topic, record.value, record.key, record.partition, headers=list(record.headers)
        )
        return sent

    async def _producing(self) -> AIOKafkaProducer:
        async with self._turn:
            if self._producer is None:
                producer = AIOKafkaProducer(**self._options)
                try:
                    await producer.start()
                except BaseException:
                    await _abandon(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
        await _abandon(producer)


async def _end(producer: AIOKafkaProducer) -> None:
    """Let it finish what it has, but not for ever."""
    if not await left(producer.stop(), _GOODBYE):
        _log.warning("a producer was given up with records that were not acknowledged")
        await _abandon(producer)


async def _abandon(producer: AIOKafkaProducer) -> None:
    """Stop it without waiting for what cannot be delivered; there is no public way to do so."""
    producer._closed = True
    await left(producer._sender.close(), _GOODBYE)
    await left(producer.client.close(), _GOODBYE)
