"""Excel over the running system: five thousand classes with a hundred wrong rows, and a register in one file."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.workbook.package import MEDIA_TYPE
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running
from tests.kit.wait import until
from tests.kit.workbooks import FIRST, day, written

pytestmark = pytest.mark.journey

ROWS, WRONG = 5_000, 100
WRONGS: tuple[dict[str, Any], ...] = (
    {"data.people": "khoảng bốn mươi"},
    {"data.people": -4},
    {"data.topic": "Cờ vua"},
    {"time": "31/02/2021"},
    {"data.cooperatives": "htx số 1"},
)


def course(number: int) -> dict[str, Any]:
    """A class of 2021's second quarter, invented."""
    told = {"data.people": number % 40, "data.audience": "Cán bộ, công chức", "data.topic": "Quản lý nhà nước"}
    right = {"subject": f"lop-{number:05}", "time": day(2021, 4, 1 + number % 28), **told, "data.cooperatives": None}
    return right | (WRONGS[number // 50 % len(WRONGS)] if number % 50 == 0 else {})


async def upload(
    province: Province,
    content: bytes,
    accept: str = "application/json",
    *,
    to: tuple[str, str, str] = ("support", "/v1/workbooks", "SNV"),
) -> Any:
    headers = {"Content-Type": MEDIA_TYPE, "Accept": accept}
    answer = await province.post(*to, content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json() if accept == "application/json" else answer.content


@asynccontextmanager
async def answering(province: Province) -> AsyncIterator[list[float]]:
    """Asks support whether it lives, over and over; the seconds each answer took."""
    waits: list[float] = []

    async def ask() -> None:
        while True:
            began = time.perf_counter()
            await province.http.get(province.stack.services["support"] + "/livez")
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)

    asking = asyncio.create_task(ask())
    yield waits
    asking.cancel()


def peak_megabytes(stack: Stack) -> float:
    """The most memory that support ever had."""
    status = Path(f"/proc/{stack.pids['support']}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def test_five_thousand_rows_with_a_hundred_wrong_ones_are_all_counted_once_when_mended() -> None:
    with running() as stack:
        province = Province(stack)
        province.http.timeout = httpx.Timeout(120)
        key = {"Authorization": f"Bearer {stack.api_keys['SNV']}"}
        template = await province.http.get(stack.services["support"] + "/v1/templates/training.held.xlsx", headers=key)
        content = written(template.content, [course(number) for number in range(ROWS)])
        before, began = peak_megabytes(stack), time.perf_counter()
        async with answering(province) as waits:
            told = await upload(province, content)
        seconds = time.perf_counter() - began
        print(
            f"\n{ROWS} rows, {len(content) / 1e6:.1f} MB: {seconds:.1f} s, {ROWS / seconds:.0f} rows/s; support's peak"
        )
        print(f"{before:.0f} -> {peak_megabytes(stack):.0f} MB; meanwhile answers within {max(waits) * 1000:.0f} ms")

        assert max(waits) < seconds / 2, "reading a workbook must not keep others waiting"
        outcomes = Counter(receipt["outcome"] for receipt in told["receipts"])
        assert outcomes == {"example": 1, "accepted": ROWS - WRONG, "refused": WRONG}
        refused = [receipt for receipt in told["receipts"] if receipt["outcome"] == "refused"]
        assert [receipt["row"] for receipt in refused] == [FIRST + number for number in range(0, ROWS, ROWS // WRONG)]
        assert all(fault["column"] and fault["reason"] and fault["remedy"] for r in refused for fault in r["faults"])

        back = await upload(province, content, MEDIA_TYPE)
        # Each wrong row is mended to what the row after it says, under its own subject.
        right = [course(number + 1) | {"subject": f"lop-{number:05}"} for number in range(0, ROWS, ROWS // WRONG)]
        mended = written(back, right)
        told = await upload(province, mended)
        assert (told["accepted"], told["duplicate"], told["refused"]) == (WRONG, 0, 0)
        for again, counts in ((content, (0, ROWS - WRONG, WRONG)), (mended, (0, WRONG, 0))):
            told = await upload(province, again)
            assert (told["accepted"], told["duplicate"], told["refused"]) == counts
        await province.folded(ROWS)
        assert await province.figure("II.3.b/classes") == ROWS
        people = sum((number + (number % 50 == 0)) % 40 for number in range(ROWS))
        assert await province.figure("II.3.b/people") == people
        await province.http.aclose()


async def test_a_register_of_three_hundred_cooperatives_comes_in_one_file_and_is_known_everywhere() -> None:
    to = ("registry", "/v1/cooperatives/workbook", "UBND-178")
    told_of = {"form": "htx", "sector": "agriculture", "members": 9, "capital": 500_000_000, "unit": "178"}
    rows = [{"code": f"HTX-{n:03}", "name": f"HTX {n}", "at": day(2021, 3, 2), **told_of} for n in range(300)]
    with running() as stack:
        province = Province(stack)
        key = {"Authorization": f"Bearer {stack.api_keys['UBND-178']}"}
        empty = await province.http.get(
            stack.services["registry"] + "/v1/cooperatives/templates/cooperative.registered.xlsx", headers=key
        )
        content = written(empty.content, [*rows, {**rows[0], "code": "HTX-300", "members": 2}])
        began = time.perf_counter()
        told = await upload(province, content, to=to)
        print(f"\n{len(rows)} cooperatives registered in {time.perf_counter() - began:.1f} s")
        assert (told["accepted"], told["duplicate"], told["refused"]) == (300, 0, 1)
        told = await upload(province, content, to=to)
        assert (told["accepted"], told["duplicate"], told["refused"]) == (0, 300, 1)
        await province.folded(300)

        template = await province.http.get(
            stack.services["support"] + "/v1/templates/training.held.xlsx",
            headers={"Authorization": f"Bearer {stack.api_keys['SNV']}"},
        )
        named = course(1) | {"data.cooperatives": ", ".join(f"HTX-{n:03}" for n in range(300))}

        async def known() -> bool:
            return bool((await upload(province, written(template.content, [named])))["refused"] == 0)

        await until(known, what="support hears of all three hundred")
        await province.http.aclose()
