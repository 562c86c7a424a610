"""Cooperatives merged, divided and converted while registry is killed: each step happens once, the register, its tables
and the figures say the same."""

import asyncio
import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running
from tests.kit.wait import until

pytestmark = pytest.mark.journey

PAIRS, WHOLES, GROUPS = 12, 6, 4
FOUNDED, ASKED = "2021-03-02T08:00:00+07:00", "2021-05-04T08:00:00+07:00"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running("registry", "reporting") as stack:
        yield stack


def half(number: int, side: str) -> dict[str, Any]:
    """One of the two that a cooperative of 20 members is divided into."""
    names = {"code": f"WHOLE-{number}-{side}", "name": f"HTX Nửa {number} {side}"}
    shape = {"form": "htx", "sector": "agriculture", "members": 10, "capital": 100, "unit": "178"}
    return {**names, **shape, "at": ASKED}


def asked() -> dict[str, dict[str, Any]]:
    """What is asked, by path."""
    mergers = {
        f"/ONE-{number}/mergers": {"at": ASKED, "absorbed": [f"OTHER-{number}"], "members": 15, "capital": 200}
        for number in range(PAIRS)
    }
    divisions = {
        f"/WHOLE-{number}/divisions": {"at": ASKED, "founded": [half(number, "A"), half(number, "B")]}
        for number in range(WHOLES)
    }
    conversions = {f"/GROUP-{number}/conversions": {"at": ASKED, "form": "htx"} for number in range(GROUPS)}
    return mergers | divisions | conversions


async def test_nothing_is_half_merged_or_half_divided_whatever_is_killed(stack: Stack) -> None:
    chance, province = random.Random(14), Province(stack)
    await found(province)
    for number, (path, body) in enumerate(asked().items()):
        asking = asyncio.create_task(ask(province, path, body))
        if number % 4 == 0:
            await asyncio.wait({asking}, timeout=chance.random() / 20)  # a random moment, not a wait
            stack.restart("registry", wait=False)
        await asking

    founded = 2 * PAIRS + WHOLES + GROUPS
    await until(lambda: nothing_pends(province), within=90, what="every step carried out")
    ledger = await province.folded(founded + 2 * PAIRS + 3 * WHOLES + GROUPS)
    assert ledger["events"] == founded + 2 * PAIRS + 3 * WHOLES + GROUPS
    assert await statuses(province) == Counter(active=PAIRS + 2 * WHOLES + GROUPS, merged=PAIRS, divided=WHOLES)
    assert await province.figure("II.4.a.1/active-htx") == PAIRS + 2 * WHOLES + GROUPS
    assert await province.figure("II.4.a.1/active-tht") == 0
    assert await province.figure("II.4.đ.1/members") == 15 * PAIRS + 20 * WHOLES + 20 * GROUPS
    timeline = (await province.get("registry", "/v1/cooperatives/OTHER-0/timeline"))["moments"]
    assert [moment["title"] for moment in timeline] == ["Đăng ký thành lập", "Sáp nhập, hợp nhất vào HTX khác"]
    await province.http.aclose()


async def found(province: Province) -> None:
    """All that are to be merged, divided and converted."""
    for number in range(PAIRS):
        await province.register(f"ONE-{number}", capital=100)
        await province.register(f"OTHER-{number}", capital=100)
    for number in range(WHOLES):
        await province.register(f"WHOLE-{number}", members=20, capital=200)
    for number in range(GROUPS):
        await province.register(f"GROUP-{number}", members=20, form="tht", sector="agriculture")


async def ask(province: Province, path: str, body: dict[str, Any]) -> None:
    """Until it is answered; an answer that was lost may find the thing done."""

    async def answered() -> httpx.Response | None:
        try:
            return await province.post("registry", f"/v1/cooperatives{path}", "UBND-178", json=body)
        except httpx.TransportError:
            return None

    answer = await until(answered, within=60, what=path)
    done = ("/problems/dissolved", "/problems/not-a-group")
    assert answer.status_code == 200 or answer.json()["type"] in done, answer.text


async def nothing_pends(province: Province) -> bool:
    codes = [path.split("/")[1] for path in asked()]
    try:
        dossiers = [await province.get("registry", f"/v1/cooperatives/{code}") for code in codes]
    except httpx.TransportError:
        return False
    return not any(dossier["pending"] for dossier in dossiers)


async def statuses(province: Province) -> Counter[str]:
    """By the table that is exported, which has everyone once."""
    table = (await province.read("registry", "/v1/cooperatives/export.csv")).content.decode("utf-8-sig")
    labels = {"Đang hoạt động": "active", "Đã sáp nhập, hợp nhất": "merged", "Đã chia": "divided"}
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len({row["Mã"] for row in rows}) == len(rows)
    return Counter(labels[row["Trạng thái"]] for row in rows)
