"""Stores are backed up while events flow, lost with all they hold, and put back: the same figures, none twice."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from chassis.archive import documents, proven
from contracts.envelope import read
from deploy.local.children import ROOT
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = pytest.mark.journey

PEOPLE = "II.3.b/people"
DOWNSTREAM_FIRST = ("notify", "reporting", "support", "registry")


async def command(stack: Stack, service: str, *arguments: str | Path) -> str:
    """Run a service's command as an operator would; what it says."""
    environment = {
        "MONGODB_URI": stack.mongodb_uri,
        "MONGODB_DATABASE": f"hop_luc_{service}",
        "KAFKA_BOOTSTRAP": stack.kafka_bootstrap,
        "KAFKA_IDEMPOTENCE": "false",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"services.{service}", *map(str, arguments),
        cwd=ROOT, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def back_up(stack: Stack, folder: Path) -> None:
    """All databases, those first that hear of the others."""
    for service in DOWNSTREAM_FIRST:
        await command(stack, service, "backup", folder / service)
    await command(stack, "registry", "backup-keys", folder / "keys")


async def lose_and_put_back(stack: Stack, folder: Path, *, broker: bool) -> None:
    """Kill everything, lose the store with all that is on its disk (and the broker's log), put the backup back."""
    for name in SERVICES:
        stack.kill(name)
    stack.kill("store")
    shutil.rmtree(stack.data_dir / "store")
    stack.restart("store")
    if broker:
        stack.restart("broker")  # in memory: it comes back empty
    for service in SERVICES:
        await command(stack, service, "restore", folder / service)
    await command(stack, "registry", "restore-keys", folder / "keys")


async def flow(province: Province, first: int, stop: asyncio.Event) -> int:
    """Say classes, ten at once, until told to stop; the number behind the last one."""
    number = first
    while not stop.is_set():
        await province.say("SNV", [training(number + each, people=1) for each in range(10)])
        number += 10
    return number


async def settled(province: Province, events: int) -> dict[str, Any]:
    """The quarter's summary once so many events are folded."""
    await province.folded(events)
    summary: dict[str, Any] = await province.get("reporting", "/v1/periods/2021-Q2/summary")
    return summary


async def test_with_the_log_intact_all_comes_back_also_what_came_after_the_backup(tmp_path: Path) -> None:
    with running(*SERVICES) as stack:
        province, stop = Province(stack), asyncio.Event()
        await province.register("HTX-B1")
        await province.say("SNV", [training(number, people=number) for number in range(200)])
        made = await province.post("registry", "/v1/keys", "administrator", json={"role": "leader", "name": "Chủ tịch"})
        assert made.status_code == 201, made.text
        flowing = asyncio.create_task(flow(province, 1_000, stop))
        await back_up(stack, tmp_path)
        stop.set()
        behind = await flowing
        assert behind > 1_000, "events came while it was read"
        await province.register("HTX-B2", members=12)
        await province.say("SNV", [training(7, people=70, revision=2), *(training(n) for n in range(500, 600))])
        events = 2 + 200 + (behind - 1_000) + 101
        before = await settled(province, events)

        await lose_and_put_back(stack, tmp_path, broker=False)
        assert "1 events taken back" in await command(stack, "registry", "recover")
        told = await command(stack, "support", "recover", tmp_path / "support")
        assert "accepted: " in told
        assert "duplicate: " in told
        assert "refused" not in told
        for service in SERVICES:
            stack.restart(service)

        assert await settled(province, events) == before
        assert (await province.get("reporting", "/v1/ledger"))["events"] == events
        again = await province.say("SNV", [training(n) for n in range(500, 600)])
        assert again["duplicate"] == 100, "support knows again what it said after the backup"
        kept = await province.get("registry", "/v1/cooperatives/HTX-B2", "leader")
        assert (kept["version"], kept["members"]) == (1, 12)
        stack.api_keys["made"] = made.json()["key"]
        await province.get("reporting", "/v1/periods/2021-Q2/summary", "made")
        await province.say("SNV", [training(9_000, people=5)])
        await province.folded(events + 1)
        assert await province.figure(PEOPLE) == figure_of(before) + 5
        await province.http.aclose()


def figure_of(summary: dict[str, Any]) -> int:
    return int(next(i["value"] for task in summary["tasks"] for i in task["indicators"] if i["code"] == PEOPLE))


async def test_with_the_log_lost_too_all_that_was_backed_up_comes_back(tmp_path: Path) -> None:
    with running(*SERVICES) as stack:
        province, stop = Province(stack), asyncio.Event()
        await province.register("HTX-B3")
        await province.say("SNV", [training(number, people=3) for number in range(200)])
        flowing = asyncio.create_task(flow(province, 1_000, stop))
        await back_up(stack, tmp_path)
        stop.set()
        await flowing
        backed_up = said_in(tmp_path / "support")
        _, ledger = proven(tmp_path / "reporting")
        assert ledger.positions, "how far the log is in it"

        await lose_and_put_back(stack, tmp_path, broker=True)
        await command(stack, "reporting", "adopt-log")
        for service in SERVICES:
            await command(stack, service, "resend")
        for service in SERVICES:
            stack.restart(service)

        await province.folded(1 + len(backed_up))
        await until(lambda: quiet(province), within=60, what="everything is said and heard again")
        assert (await province.get("reporting", "/v1/ledger"))["events"] == 1 + len(backed_up)
        assert await province.figure(PEOPLE) == sum(backed_up.values())
        await province.http.aclose()


def said_in(file: Path) -> dict[str, int]:
    """The classes that support's backup holds, with their people, read from the file itself."""
    events = (read(message.value) for _, one in documents(file) for message in one.said)
    return {event.envelope.id: event.data.people for event in events if hasattr(event.data, "people")}


async def quiet(province: Province) -> bool:
    ledger = await province.get("reporting", "/v1/ledger")
    return bool(ledger["duplicates"] and not ledger["lag"])
