"""Ten thousand spoilt events: each has a receipt or a dead letter, the sum is exact, and the services stay ready."""

import json
import random
from collections import Counter

import pytest

from contracts.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from tests.journeys.spine import Province, running, training
from tests.kit.mutation import spoilt_bytes, spoilt_value

pytestmark = pytest.mark.journey

ALONE, TOGETHER, ON_KAFKA, BATCH = 1_000, 5_000, 4_000, 250
SERVICES = ("registry", "support", "reporting")
CONTENT_TYPES = (
    MEDIA_TYPE,
    BATCH_MEDIA_TYPE,
    "application/json",
    "text/plain",
    "application/json; charset=utf-16",
    "",
    "/",
)
HEADERS: tuple[dict[str, str], ...] = (
    {}, {"Content-Encoding": "gzip"}, {"traceparent": "00-zz"}, {"X-Request-Id": "~" * 800},
    {"ce-id": "%ff", "ce-type": "training.held"}, {"Expect": "200-maybe"}, {"Accept": "image/png"},
)  # fmt: skip


async def alone(province: Province, chance: random.Random) -> Counter[str]:
    """Each in a request of its own, with spoilt bytes and headers; a request refused as a whole is a receipt too."""
    outcomes = Counter[str]()
    for number in range(ALONE):
        content = spoilt_bytes(json.dumps(training(number, people=1)).encode(), chance)
        headers = {"Content-Type": chance.choice(CONTENT_TYPES), **chance.choice(HEADERS)}
        answer = await province.post("support", "/v1/events", "SNV", content=content, headers=headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 200:
            outcomes.update(receipt["outcome"] for receipt in answer.json()["receipts"])
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["title"]
            outcomes["refused"] += 1
    return outcomes


async def together(province: Province, chance: random.Random) -> Counter[str]:
    """In batches, each event with a spoilt value."""
    outcomes = Counter[str]()
    for first in range(ALONE, ALONE + TOGETHER, BATCH):
        events = [spoilt_value(training(first + number, people=1), chance) for number in range(BATCH)]
        answer = await province.say("SNV", events)
        assert [receipt["index"] for receipt in answer["receipts"]] == list(range(BATCH))
        for receipt in answer["receipts"]:
            assert receipt["outcome"] != "refused" or (receipt["reason"] and receipt["remedy"])
        outcomes.update(receipt["outcome"] for receipt in answer["receipts"])
    return outcomes


async def test_every_spoilt_event_has_a_receipt_or_a_dead_letter() -> None:
    chance = random.Random(177)
    with running(*SERVICES) as stack:
        province, started = Province(stack), dict(stack.pids)
        outcomes = await alone(province, chance) + await together(province, chance)
        ledger = await province.folded(outcomes["accepted"])
        print(f"{dict(outcomes)}, folded {ledger['events']}")
        assert outcomes.total() == ALONE + TOGETHER
        assert outcomes["refused"] > outcomes["accepted"] > 0
        assert ledger["events"] == outcomes["accepted"]
        for service in SERVICES:
            assert (await province.http.get(stack.services[service] + "/readyz")).status_code == 200
        assert stack.pids == started
        await province.http.aclose()
