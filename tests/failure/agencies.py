"""The agencies' systems of a run: each says its batches in order and asks again until it has a receipt for each."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.envelope import BATCH_MEDIA_TYPE
from contracts.topics import intake, receipts
from deploy.local.stack import Stack
from tests.failure.evidence import Evidence, Promise, identity
from tests.failure.traffic import Event

_ANSWER_WITHIN = 6.0
_PAUSE = 0.2
_PATIENCE = 300.0
_SAY_AGAIN_AFTER = 15.0


class Desk:
    """Asks a service over HTTP until it answers."""

    def __init__(self, stack: Stack, evidence: Evidence) -> None:
        self._stack = stack
        self._evidence = evidence
        self._http = httpx.AsyncClient(timeout=_ANSWER_WITHIN)
        self.asked_again = 0

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(
        self, method: str, service: str, path: str, key: str, *, copy: str = "", **options: Any
    ) -> httpx.Response:
        """The first answer that is neither "later" nor silence; of whichever copy, or of one of them.

        Raises:
            TimeoutError: there was none for five minutes.
        """
        headers = {"Authorization": f"Bearer {self._stack.api_keys[key]}", **options.pop("headers", {})}
        async with asyncio.timeout(_PATIENCE):
            while True:
                with suppress(httpx.TransportError):
                    url = self._stack.addresses[copy] if copy else self._stack.services[service]
                    answer = await self._http.request(method, url + path, headers=headers, **options)
                    if answer.status_code not in (409, 429, 500, 502, 503, 504):
                        return answer
                    if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                        self._evidence.errors[f"{service} answered 500 to {method} {path}"] += 1
                self.asked_again += 1
                await asyncio.sleep(_PAUSE)

    async def get(self, service: str, path: str, key: str = "consolidator") -> Any:
        """What it tells, as JSON."""
        answer = await self.ask("GET", service, path, key)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    async def get_of_each(self, service: str, path: str, key: str = "consolidator") -> list[Any]:
        """What each of its copies tells, as JSON."""
        answers = [await self.ask("GET", service, path, key, copy=copy) for copy in self._stack.copies(service)]
        assert all(answer.status_code == httpx.codes.OK for answer in answers), [answer.text for answer in answers]
        return [answer.json() for answer in answers]


async def say_over_http(desk: Desk, evidence: Evidence, agency: str, batches: Sequence[Sequence[Event]]) -> None:
    """Say them to support; every receipt is kept."""
    headers = {"Content-Type": BATCH_MEDIA_TYPE}
    for number, batch in enumerate(batches):
        for event in batch:
            evidence.sent(agency, event)
        answer = await desk.ask("POST", "support", "/v1/events", agency, json=batch, headers=headers)
        assert answer.status_code == httpx.codes.OK, f"{answer.status_code}: {answer.text}"
        told = answer.json()["receipts"]
        assert len(told) == len(batch), "a receipt for each event"
        for place, (event, receipt) in enumerate(zip(batch, told, strict=True)):
            evidence.told(identity(agency, event), f"{number}/{place}", receipt["outcome"])


async def register(desk: Desk, evidence: Evidence, office: str, codes: Sequence[str]) -> None:
    """Enter cooperatives into the register, one after another, each under a key of its own."""
    for code in codes:
        body = {
            "code": code,
            "form": "htx",
            "name": f"HTX {code}",
            "sector": "agriculture",
            "members": 9,
            "capital": 500_000_000,
            "unit": office.removeprefix("UBND-"),
            "at": "2021-03-02T08:00:00+07:00",
        }
        headers = {"Idempotency-Key": f"enter-{code}"}
        answer = await desk.ask("POST", "registry", "/v1/cooperatives", office, json=body, headers=headers)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.CREATED), f"{answer.status_code}: {answer.text}"
        evidence.registered.append(code)


async def hand_in(desk: Desk, evidence: Evidence, agency: str, period: str, document: str) -> None:
    """Hand in a report; one whose answer was lost is handed in again, and is then its next version."""
    body = {"periods": [period], "outcome": "activity", "document": document, "summary": f"Báo cáo {document}"}
    answer = await desk.ask("POST", "reporting", "/v1/reports", agency, json=body)
    assert answer.status_code == httpx.codes.CREATED, f"{answer.status_code}: {answer.text}"
    [report] = answer.json()["reports"]
    evidence.reports.append(Promise(agency, period, report["version"], document))


class System:
    """A system that writes to its agency's topic and reads the receipts."""

    def __init__(self, stack: Stack, evidence: Evidence, agency: str) -> None:
        self._stack = stack
        self._evidence = evidence
        self.agency = agency
        self._read_to = 0
        self.said_again = 0

    async def say(self, batches: Sequence[Sequence[Event]]) -> None:
        """Write every batch; what has no receipt after a while is written again."""
        for batch in batches:
            for event in batch:
                self._evidence.sent(self.agency, event)
            waiting = {event["id"]: event for event in batch}
            saying = list(batch)
            async with asyncio.timeout(_PATIENCE):
                while waiting:
                    with suppress(KafkaError, OSError, TimeoutError):
                        async with asyncio.timeout(_SAY_AGAIN_AFTER):
                            await self._write(saying)
                            await self._hear(waiting)
                    saying = list(waiting.values())
                    self.said_again += len(saying)

    async def _write(self, events: Sequence[Event]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._stack.kafka_bootstrap,
            acks="all",
            request_timeout_ms=4_000,
            metadata_max_age_ms=2_000,
        )
        await producer.start()
        try:
            topic = intake(self.agency).name
            sent = [
                await producer.send(topic, json.dumps(event).encode(), key=event["id"].encode()) for event in events
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def _hear(self, waiting: dict[str, Event]) -> None:
        """Read receipts, from where the last reading ended, until nothing waits."""
        async with self._reading() as consumer:
            while waiting:
                for records in (await consumer.getmany(timeout_ms=200, max_records=5_000)).values():
                    for record in records:
                        told, event = json.loads(record.value), record.key.decode()
                        place = f"{told['partition']}:{told['offset']}"
                        self._evidence.told(f"{self.agency} {event}", place, told["outcome"])
                        waiting.pop(event, None)
                        self._read_to = record.offset + 1

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._stack.kafka_bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            place = TopicPartition(receipts(self.agency).name, 0)
            consumer.assign([place])
            consumer.seek(place, self._read_to)
            yield consumer
        finally:
            await consumer.stop()
