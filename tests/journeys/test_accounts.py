"""Loans told in any order, repeated, corrected and taken back while support is killed: no loan is ever overdrawn, every
event goes in the end, and balances, records and control totals say the same."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running
from tests.journeys.test_killed import send
from tests.kit.wait import until

pytestmark = pytest.mark.journey

LOANS, BALANCE = 40, "II.2.d.1/balance"
HTX = ("HTX-A0", "HTX-A1", "HTX-A2", "HTX-A3")


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running() as stack:
        yield stack


def told(number: int, step: str, day: int, amount: int, revision: int = 1) -> dict[str, Any]:
    """What the State Bank says of a loan in April 2021; the amount 0 takes it back."""
    data = {"cooperative": HTX[number % 4], "loan": str(number), "programme": "decree-55-2015", "amount": amount}
    retracted = amount == 0
    return {
        "specversion": "1.0",
        "id": f"{number}-{step}-{revision}",
        "source": "urn:nhnn:credit",
        "type": f"loan.{step.partition('-')[0]}" + (".retracted" if retracted else ""),
        "subject": f"loan-{number}/{step}",
        "time": f"2021-04-{day:02d}T09:00:00+07:00",
        "revision": revision,
        "data": {"reason": "Nhập nhầm"} if retracted else data,
    }


def lives(chance: random.Random) -> list[dict[str, Any]]:
    """Of each loan: two payments, two repayments, some corrected, some taken back; then everything shuffled."""
    events = []
    for number in range(LOANS):
        events += [told(number, "disbursed-1", 2, 600 + number), told(number, "disbursed-2", 5, 400)]
        events += [told(number, "repaid-1", 9, 300), told(number, "repaid-2", 12, 200)]
        if number % 4 == 0:
            events.append(told(number, "repaid-1", 9, 350, revision=2))
        if number % 5 == 0:
            events.append(told(number, "repaid-2", 12, 0, revision=2))
        if number % 7 == 0:
            events.append(told(number, "disbursed-1", 2, 500, revision=2))
    chance.shuffle(events)
    return events


def balance() -> int:
    """Of all loans in the end, by counting for itself."""
    whole = sum((500 if n % 7 == 0 else 600 + n) + 400 for n in range(LOANS))
    return whole - sum((350 if n % 4 == 0 else 300) + (0 if n % 5 == 0 else 200) for n in range(LOANS))


async def test_no_loan_is_overdrawn_and_all_agree_in_the_end_whatever_is_killed(stack: Stack) -> None:
    chance, province = random.Random(5), Province(stack)
    for code in HTX:
        await province.register(code)
    await province.folded(len(HTX))
    events = lives(chance)
    assert (await stated(province))["agrees"] is False

    for first in range(0, len(events), 25):
        sending = asyncio.create_task(send(province, "NHNN", events[first : first + 25]))
        if first % 75 == 0:
            await asyncio.wait({sending}, timeout=chance.random() / 10)  # a random moment, not a wait
            stack.restart("support", wait=False)
        assert set(await sending) <= {"accepted", "held", "duplicate"}
        assert all(one["balance"] >= 0 for one in await accounts(province))

    async def nothing_is_held() -> bool:
        return not (await province.get("support", "/v1/held"))["held"]

    await until(nothing_is_held, within=60, what="everything held has gone")
    await province.folded(len(HTX) + len(events))
    assert await province.figure(BALANCE) == balance()
    assert sum(one["balance"] for one in await accounts(province)) == balance()
    path = "/v1/records/loan.repaid/history?subject=loan-20/repaid-2"
    assert [one["retracted"] for one in (await province.get("support", path))["records"]] == [False, True]
    assert (await stated(province))["agrees"] is True
    await province.http.aclose()


async def accounts(province: Province) -> list[dict[str, Any]]:
    """All loans, asked for until support is there again."""

    async def answered() -> tuple[Any, ...] | None:
        try:
            return (await province.get("support", "/v1/accounts/loan"),)
        except httpx.TransportError:
            return None

    (answer,) = await until(answered, within=60, what="accounts")
    return list(answer["accounts"])


async def stated(province: Province) -> dict[str, Any]:
    """The second payments of 5 April, as the bank counts them."""
    body = {"kind": "loan.disbursed", "day": "2021-04-05", "events": LOANS, "sum_of": "amount", "sum": 400 * LOANS}
    answer = await province.post("support", "/v1/totals", "NHNN", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
