"""Services are killed at random moments while events stream in: what was accepted is published, and folded once."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import SUPPORT
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

EVENTS, BATCH, KILLS = 20_000, 1_000, 2
PATIENT = 240.0
"""Seconds an agency's system goes on asking: two stacks may share two busy cores."""
PEOPLE, LENT = "II.3.b/people", "II.2.d.1/disbursed"
HTX = tuple(f"HTX-K{number}" for number in range(20))


def loan(number: int, step: str) -> dict[str, Any]:
    """A loan's grant or its payment in full, in April 2021, as the State Bank's system says it."""
    granted = {"purpose": "expansion", "branch": "LS-1"} if step == "granted" else {}
    return {
        "specversion": "1.0",
        "id": f"nhnn-{number}-{step}",
        "source": "urn:nhnn:credit",
        "type": f"loan.{step}",
        "subject": f"loan-{number}/{step}",
        "time": f"2021-04-{5 if step == 'granted' else 6:02d}T09:00:00+07:00",
        "data": {
            "cooperative": HTX[number % len(HTX)],
            "loan": str(number),
            "programme": "decree-55-2015",
            "amount": 1_000_000 + number,
            **granted,
        },
    }


def stream(chance: random.Random) -> list[tuple[str, list[dict[str, Any]]]]:
    """Batches by speaker: nine tenths classes, the rest loans; each loan's grant before its payment."""
    loans = EVENTS // 20
    classes = [training(number, people=number % 40) for number in range(EVENTS - 2 * loans)]
    lent = [loan(number, step) for step in ("granted", "disbursed") for number in range(loans)]
    batches = [("SNV", classes[first : first + BATCH]) for first in range(0, len(classes), BATCH)]
    for place, first in enumerate(range(0, len(lent), BATCH)):
        batches.insert(chance.randrange(5) + place * 8, ("NHNN", lent[first : first + BATCH]))
    return batches


async def send(province: Province, agency: str, events: list[dict[str, Any]]) -> Counter[str]:
    """Until there is a receipt for each: an answer that was lost is asked for again, as an agency's system would."""

    told: Counter[str] = Counter()

    async def answered() -> dict[str, Any] | None:
        try:
            answer = await province.post("support", "/v1/events", agency, json=events)
        except httpx.TransportError as error:
            told[repr(error)] += 1
            return None
        if answer.status_code != 200:
            told[f"{answer.status_code}: {answer.text[:300]}"] += 1
            return None
        return dict(answer.json())

    try:
        receipts = await until(answered, within=PATIENT, what="receipts")
    finally:
        if told:
            print(f"{agency} was told {dict(told)} before")
    return Counter(receipt["outcome"] for receipt in receipts["receipts"])


async def published(stack: Stack) -> Counter[str]:
    """How often each id lies on support's topic, read by a client of its own."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(SUPPORT.name, number) for number in range(SUPPORT.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ids = Counter[str]()
        while found := await consumer.getmany(timeout_ms=3_000, max_records=5_000):
            ids.update(msgspec.json.decode(one.value)["id"] for records in found.values() for one in records)
        return ids
    finally:
        await consumer.stop()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
async def test_accepted_is_published_is_folded_and_none_twice(seed: int) -> None:
    chance = random.Random(seed)
    with running(*SERVICES) as stack:
        province = Province(stack, timeout=PATIENT / 2)
        for code in HTX:
            await province.register(code)
        await province.folded(len(HTX))
        batches = stream(chance)
        moments = sorted(chance.sample(range(len(batches)), KILLS * len(SERVICES)))
        killings = dict(zip(moments, chance.sample(SERVICES * KILLS, k=KILLS * len(SERVICES)), strict=True))
        outcomes = Counter[str]()
        for number, (agency, events) in enumerate(batches):
            sending = asyncio.create_task(send(province, agency, events))
            if victim := killings.get(number):
                await asyncio.wait({sending}, timeout=chance.random() / 5)  # a random moment, not a wait
                stack.restart(victim, wait=False)
            outcomes += await sending
        ledger, said = await province.folded(len(HTX) + EVENTS), await published(stack)
        folded, heard_again = ledger["events"] - len(HTX), ledger["duplicates"]
        print(f"seed {seed}: killed {list(killings.values())}; {dict(outcomes)}; {said.total()} records of")
        print(f"{len(said)} events on the topic; {folded} folded, {heard_again} heard again")
        assert outcomes["accepted"] + outcomes["duplicate"] == EVENTS
        assert len(said) == EVENTS
        assert folded == EVENTS
        people = sum(event["data"]["people"] for agency, events in batches if agency == "SNV" for event in events)
        assert await province.figure(PEOPLE) == people
        assert await province.figure(LENT) == sum(1_000_000 + number for number in range(EVENTS // 20))
        await province.http.aclose()
