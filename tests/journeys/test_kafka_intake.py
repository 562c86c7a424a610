"""Agencies' systems over Kafka: from a record on the agency's own topic to the figure, with a receipt for each."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from contracts.topics import intake, receipts
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.mutation import spoilt_bytes, spoilt_value
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

PEOPLE = "II.3.b/people"
SERVICES = ("registry", "support", "reporting")
EVENTS, SPOILT = 3_000, 4_000
ODD_HEADERS = (
    (),
    (("traceparent", b"\xff"),),
    (("", b""), ("", b"x")),
    (("ce_specversion", b"1.0"), ("ce_id", b"\xff")),
)


class System:
    """An agency's system: what it writes and the receipts it reads."""

    def __init__(self, stack: Stack, agency: str) -> None:
        self._stack = stack
        self._agency = agency

    async def write(self, values: Sequence[bytes], headers: Sequence[Any] = ((),)) -> None:
        """Put records on the agency's intake topic."""
        producer = AIOKafkaProducer(bootstrap_servers=self._stack.kafka_bootstrap)
        await producer.start()
        try:
            for number, value in enumerate(values):
                key, odd = str(number).encode(), list(headers[number % len(headers)])
                await producer.send(intake(self._agency).name, value, key=key, headers=odd)
        finally:
            await producer.stop()  # sends what is waiting

    async def receipts(self, count: int) -> list[dict[str, Any]]:
        """The first receipt of each of so many records, by offset, once all are there."""
        found: dict[int, dict[str, Any]] = {}
        consumer = AIOKafkaConsumer(bootstrap_servers=self._stack.kafka_bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            place = TopicPartition(receipts(self._agency).name, 0)
            consumer.assign([place])
            await consumer.seek_to_beginning(place)

            async def all_there() -> bool:
                for records in (await consumer.getmany(timeout_ms=200, max_records=5_000)).values():
                    for record in records:
                        receipt = json.loads(record.value)
                        found.setdefault(receipt["offset"], receipt)
                return len(found) >= count

            await until(all_there, within=90, what=f"{count} receipts")
        finally:
            await consumer.stop()
        return [found[offset] for offset in sorted(found)]


def registering(code: str) -> dict[str, Any]:
    data = {"cooperative": code, "form": "htx", "sector": "agriculture", "name": f"HTX {code}", "members": 9}
    return {
        "specversion": "1.0",
        "id": f"dk-{code}",
        "source": "urn:ubnd-178:dkkd",
        "type": "cooperative.registered",
        "subject": code,
        "time": "2021-03-02T08:00:00+07:00",
        "data": {**data, "capital": 500_000_000, "unit": "178"},
    }


async def test_a_record_goes_from_the_agencys_topic_to_the_figure() -> None:
    with running(*SERVICES) as stack:
        province = Province(stack)
        district, department = System(stack, "UBND-178"), System(stack, "SNV")
        await district.write([json.dumps(registering("HTX-K1")).encode()])
        [registered] = await district.receipts(1)
        assert (registered["outcome"], registered["version"]) == ("accepted", 1)
        events = [training(1, people=30), training(1, people=30), {**training(2), "type": "no.such.kind"}]
        await department.write([*(json.dumps(event).encode() for event in events), b"garbage"])
        outcomes = [receipt["outcome"] for receipt in await department.receipts(4)]
        assert outcomes == ["accepted", "duplicate", "refused", "refused"]
        await province.folded(2)
        assert await province.figure(PEOPLE) == 30
        told = await province.get("support", "/v1/dead-letters", "operator")
        assert [letter["offset"] for letter in told["dead_letters"]] == [2, 3]
        await province.http.aclose()


async def test_support_killed_again_and_again_takes_every_record_once() -> None:
    chance = random.Random(177)
    with running(*SERVICES) as stack:
        province, system = Province(stack), System(stack, "SNV")
        values = [json.dumps(training(number, people=number % 40)).encode() for number in range(EVENTS)]
        third = EVENTS // 3
        for first in range(0, EVENTS, third):
            await system.write(values[first : first + third])
            wanted = first + chance.randrange(third)

            async def some_are_through(wanted: int = wanted) -> bool:
                return bool((await province.get("reporting", "/v1/ledger"))["events"] >= wanted)

            await until(some_are_through, within=60, what="records come through")
            stack.kill("support")
            stack.restart("support")
        outcomes = Counter(receipt["outcome"] for receipt in await system.receipts(EVENTS))
        ledger = await province.folded(EVENTS)
        print(dict(outcomes), "folded", ledger["events"])
        assert outcomes["accepted"] + outcomes["duplicate"] == EVENTS
        assert ledger["events"] == EVENTS
        assert await province.figure(PEOPLE) == sum(number % 40 for number in range(EVENTS))
        await province.http.aclose()


async def test_every_spoilt_record_has_a_receipt_and_the_services_stay_ready() -> None:
    chance = random.Random(178)
    with running(*SERVICES) as stack:
        province, system, started = Province(stack), System(stack, "SNV"), dict(stack.pids)
        events = [spoilt_value(training(number, people=1), chance) for number in range(SPOILT // 2)]
        values = [json.dumps(event).encode() for event in events]
        values += [spoilt_bytes(json.dumps(training(SPOILT + n)).encode(), chance) for n in range(SPOILT // 2)]
        await system.write(values, ODD_HEADERS)
        answered = await system.receipts(SPOILT)
        outcomes = Counter(receipt["outcome"] for receipt in answered)
        ledger, letters = await province.folded(outcomes["accepted"]), await put_aside(province)
        print(f"{dict(outcomes)}, of which put aside {letters}; folded {ledger['events']}")
        assert [receipt["offset"] for receipt in answered] == list(range(SPOILT))
        assert all(receipt["reason"] for receipt in answered if receipt["outcome"] == "refused")
        assert ledger["events"] == outcomes["accepted"] > 0
        assert 0 < letters < outcomes["refused"]
        for service in SERVICES:
            assert (await province.http.get(stack.services[service] + "/readyz")).status_code == 200
        assert stack.pids == started
        await province.http.aclose()


async def put_aside(province: Province) -> int:
    """How many dead letters support has."""
    count, after = 0, ""
    while after is not None:
        page = await province.get("support", f"/v1/dead-letters?limit=200&after={after}", "operator")
        count, after = count + len(page["dead_letters"]), page["next"]
    return count
