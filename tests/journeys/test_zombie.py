"""Two copies of reporting and one partition: a copy stopped for longer than its session comes back as a zombie, which
still believes it owns what the other has taken over, and counts nothing twice."""

import asyncio
import random
from functools import partial
from typing import Any

import httpx
import pytest

from contracts.topics import REGISTRY, SUPPORT
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

ROUNDS, BATCHES, BATCH = 4, 10, 150
PEOPLE, CLASSES = "II.3.b/people", "II.3.b/classes"
PLACES = REGISTRY.partitions + SUPPORT.partitions
WITHIN = 90.0
LEDGERS = ("reporting", "reporting-2")


async def ledger(province: Province, copy: str) -> dict[str, Any] | None:
    """What a copy holds; None while it does not answer."""
    try:
        return dict(await province.get(copy, "/v1/ledger"))
    except httpx.TransportError:
        return None


async def owns_everything(province: Province, copy: str) -> bool:
    told = await ledger(province, copy)
    return told is not None and len(told["partitions"]) == PLACES


async def all_folded(province: Province, events: int) -> bool:
    """Between them the copies own each partition once, and have folded so many events."""
    told = [await ledger(province, copy) for copy in LEDGERS]
    held = [one for one in told if one is not None]
    owned = sum(len(one["partitions"]) for one in held)
    return len(held) == 2 and owned == PLACES and sum(one["events"] - one["lag"] for one in held) == events


def collisions(stack: Stack) -> int:
    """How often a copy found that another had appended before it."""
    return sum(stack.log_of(copy).read_text().count("Stale") for copy in LEDGERS)


async def test_a_copy_that_comes_back_from_the_dead_counts_nothing_twice() -> None:
    chance = random.Random(177)
    with running("support", "reporting", environment={"GATHER_MS": "20"}) as stack:
        stack.add_copy("reporting")
        province = Province(stack)
        number = 0
        await until(partial(all_folded, province, 0), within=WITHIN, what="the copies share the partitions")
        for turn in range(ROUNDS):
            zombie, rest = LEDGERS[turn % 2], LEDGERS[1 - turn % 2]
            stopped_at = chance.randrange(1, BATCHES // 2)
            for batch in range(BATCHES):
                await province.say("SNV", [training(n, people=n % 40) for n in range(number, number + BATCH)])
                number += BATCH
                if batch == stopped_at:
                    stack.freeze(zombie)
            await until(partial(owns_everything, province, rest), within=WITHIN, what="the other takes over")
            sending = asyncio.create_task(
                province.say("SNV", [training(n, people=n % 40) for n in range(number, number + BATCH)])
            )
            stack.freeze(zombie, thaw=True)
            await sending
            number += BATCH
            await until(partial(all_folded, province, number), within=WITHIN, what="both share again")
        print(f"{number} events, {ROUNDS} zombies, {collisions(stack)} writes that came too late")
        people = sum(n % 40 for n in range(number))

        async def shown() -> bool:
            """Each copy shows at once what it folded itself, and soon what the other did."""
            return await province.figure(PEOPLE) >= people

        await until(shown, within=WITHIN, what="the other copy's cells are written")
        assert await province.figure(PEOPLE) == people
        assert await province.figure(CLASSES) == number
        assert [stack.exit_code(copy) for copy in LEDGERS] == [None, None]
        await province.http.aclose()
