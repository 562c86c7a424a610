"""A year's classes in one Excel file: five thousand rows, a hundred of them wrong, over the running system."""

import asyncio
import io
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from chassis.workbook.package import MEDIA_TYPE
from chassis.workbook.write import DATA
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running

pytestmark = pytest.mark.journey

ROWS, WRONG, FIRST = 5_000, 100, 4
WRONGS: tuple[dict[str, Any], ...] = (
    {"data.people": "khoảng bốn mươi"},
    {"data.people": -4},
    {"data.topic": "Cờ vua"},
    {"time": "31/02/2021"},
    {"data.cooperatives": "HTX-NONE"},
)


def course(number: int) -> dict[str, Any]:
    """A class of 2021's second quarter, invented."""
    day = datetime(2021, 4, 1 + number % 28)  # noqa: DTZ001 - Excel's days have no zone
    told = {"data.people": number % 40, "data.audience": "Cán bộ, công chức", "data.topic": "Quản lý nhà nước"}
    right = {"subject": f"lop-{number:05}", "time": day, **told, "data.cooperatives": None}
    return right | (WRONGS[number // 50 % len(WRONGS)] if number % 50 == 0 else {})


def written(content: bytes, rows: list[dict[str, Any]]) -> bytes:
    """The workbook with rows written over its own, by the names in the hidden row."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[DATA]
    places = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=FIRST):
        for name, value in row.items():
            sheet.cell(number, places[name]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def upload(province: Province, content: bytes, accept: str = "application/json") -> Any:
    headers = {"Content-Type": MEDIA_TYPE, "Accept": accept}
    answer = await province.post("support", "/v1/workbooks", "SNV", content=content, headers=headers)
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
