"""Several copies of a service share its work, and nobody can tell how many there are by what they answer."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx
import pytest

from contracts.topics import REGISTRY, SUPPORT
from deploy.local.stack import Stack
from tests.journeys import test_accounts as accounts
from tests.journeys.spine import Province, running, training
from tests.journeys.test_killed import send
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

PLACES = sorted((topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions))
EVENTS = 2_000
PEOPLE = "II.3.b/people"


async def ask(stack: Stack, copy: str, path: str, key: str = "consolidator") -> Any:
    """One copy, past the balancer; ``None`` while it does not answer."""
    headers = {"Authorization": f"Bearer {stack.api_keys[key]}"}
    async with httpx.AsyncClient(base_url=stack.addresses[copy], headers=headers, timeout=30) as client:
        try:
            answer = await client.get(path)
        except httpx.TransportError:
            return None
    return answer.json() if answer.status_code == 200 else None


async def shared(stack: Stack, copies: list[str], events: int) -> dict[str, list[tuple[str, int]]]:
    """Wait until these copies hold every partition, each once, and have folded so many events; who holds which."""

    async def agreed() -> dict[str, list[tuple[str, int]]] | None:
        ledgers = {copy: await ask(stack, copy, "/v1/ledger") for copy in copies}
        if None in ledgers.values():
            return None
        held = {
            copy: [(one["topic"], one["partition"]) for one in ledger["partitions"]] for copy, ledger in ledgers.items()
        }
        whole = sorted(place for places in held.values() for place in places) == PLACES
        folded = sum(ledger["events"] for ledger in ledgers.values())
        waiting = sum(ledger["lag"] for ledger in ledgers.values())
        return held if whole and folded == events and not waiting and all(held.values()) else None

    return dict(await until(agreed, within=60, what=f"{copies} share {events} events"))


async def same_figures(stack: Stack, copies: list[str], people: int) -> None:
    """Every copy comes to tell the same summary, and this figure in it; what others folded may be a second old."""

    async def all_told() -> bool:
        told = [await ask(stack, copy, "/v1/periods/2021-Q2/summary") for copy in copies]
        if None in told:
            return False
        values = [{i["code"]: i["value"] for task in one["tasks"] for i in task["indicators"]} for one in told]
        return all(one == values[0] for one in values) and values[0][PEOPLE] == people

    await until(all_told, within=30, what=f"{copies} tell of {people} people")


async def test_reporting_counts_the_same_in_four_copies_in_two_and_in_one() -> None:
    with running(copies={"reporting": 4}) as stack:
        province, copies, people, said = Province(stack), list(stack.copies("reporting")), 0, 0
        for left, victims in ((4, 0), (2, 2), (1, 1), (4, 0)):
            alive = copies[:left]
            for gone in copies[left : left + victims]:
                stack.kill(gone)
            if (left, victims) == (4, 0) and said:
                for gone in copies[1:]:
                    stack.restart(gone, wait=False)
            batch = [training(said + number, people=number % 40) for number in range(EVENTS)]
            assert (await province.say("SNV", batch))["accepted"] == EVENTS
            said, people = said + EVENTS, people + sum(event["data"]["people"] for event in batch)
            held = await shared(stack, alive, said)
            await same_figures(stack, alive, people)
            print(f"{left} copies: { ({copy: len(places) for copy, places in held.items()}) }, {said} events")
            if left > 1:
                assert max(map(len, held.values())) - min(map(len, held.values())) <= 1
        await province.http.aclose()


async def test_registry_and_support_answer_alike_in_two_copies_behind_a_balancer() -> None:
    chance = random.Random(26)
    with running(copies={"registry": 2, "support": 2}) as stack:
        province = Province(stack)
        province.http = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
        await _one_change_for_one_key(stack, province)
        for code in accounts.HTX:
            await province.register(code)
        await province.folded(len(accounts.HTX) + 1)
        await _held_by_one_and_released_for_all(stack, province)

        events = accounts.lives(chance)
        batches = [events[first : first + 25] for first in range(0, len(events), 25)]
        for batch in batches:  # each goes to both copies at once, as an impatient system's would
            outcomes = await asyncio.gather(*(_sent(province, batch) for _ in range(2)))
            assert {outcome for one in outcomes for outcome in one} <= {"accepted", "held", "duplicate"}
            assert all(one["balance"] >= 0 for one in await accounts.accounts(province))

        async def nothing_is_held() -> bool:
            return not any([(await ask(stack, one, "/v1/held"))["held"] for one in stack.copies("support")])

        await until(nothing_is_held, within=60, what="everything held has gone, whichever copy is asked")
        await province.folded(len(accounts.HTX) + 3 + len(events))
        assert await province.figure(accounts.BALANCE) == accounts.balance()
        told = [await ask(stack, one, "/v1/accounts/loan") for one in stack.copies("support")]
        assert told[0]["accounts"] == told[1]["accounts"]
        assert sum(one["balance"] for one in told[0]["accounts"]) == accounts.balance()

        stack.kill("support")  # the balancer goes on with the other
        again = [await _sent(province, batches[0]) for _ in range(3)]
        assert again == [Counter(duplicate=len(batches[0]))] * 3
        await province.http.aclose()


async def _sent(province: Province, batch: list[dict[str, Any]]) -> Counter[str]:
    """Receipts by outcome; whoever is told that another copy is just writing the same (409) asks again."""
    return await send(province, "NHNN", batch)


async def _one_change_for_one_key(stack: Stack, province: Province) -> None:
    """The same request at both copies of registry at once, then again: one change, one answer."""
    body = {
        "code": "HTX-ONE",
        "form": "htx",
        "name": "HTX Một Lần",
        "sector": "agriculture",
        "members": 9,
        "capital": 500_000_000,
        "unit": "178",
        "at": "2021-03-02T08:00:00+07:00",
    }
    headers = {"Idempotency-Key": "once"}

    async def entered() -> httpx.Response:
        return await province.post("registry", "/v1/cooperatives", "UBND-178", json=body, headers=headers)

    answers = [*await asyncio.gather(*(entered() for _ in range(6))), await entered(), await entered()]
    assert {answer.status_code for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    assert len({answer.json()["code"] for answer in answers}) == 1
    timelines = [await ask(stack, one, "/v1/cooperatives/HTX-ONE/events") for one in stack.copies("registry")]
    assert timelines[0] == timelines[1]


async def _held_by_one_and_released_for_all(stack: Stack, province: Province) -> None:
    """What one copy holds the other lists; registry tells, whoever hears it, and it is said once."""
    loan = accounts.told(900, "disbursed-1", 2, 1_000)
    loan["data"]["cooperative"] = "HTX-LATE"
    assert await _sent(province, [loan]) == Counter(held=1)
    for copy in stack.copies("support"):
        assert [one["id"] for one in (await ask(stack, copy, "/v1/held"))["held"]] == [loan["id"]]
    await province.register("HTX-LATE")

    async def released() -> bool:
        return not any([(await ask(stack, one, "/v1/held"))["held"] for one in stack.copies("support")])

    await until(released, within=60, what="the loan is said")
    retraction = accounts.told(900, "disbursed-1", 2, 0, revision=2)
    assert await _sent(province, [retraction]) == Counter(accepted=1)
