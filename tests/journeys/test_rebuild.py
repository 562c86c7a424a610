"""The ledger is counted anew, and another catalogue takes over, while events stream in and readers are answered."""

import asyncio
import os
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import REGISTRY, REPORTING, SUPPORT
from deploy.local import programs
from deploy.local.children import ROOT, Child
from deploy.local.keys import where_credentials_are
from deploy.local.ports import HOST
from deploy.local.stack import PLAN_FOLDER, Stack
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = pytest.mark.journey

CLASSES, PEOPLE = "II.3.b/classes", "II.3.b/people"
EVENTS, BATCH = 6_000, 200


async def records(stack: Stack) -> Counter[str]:
    """How many records lie on each topic, read by a client of its own."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(one.name, n) for one in (REGISTRY, SUPPORT, REPORTING) for n in range(one.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        found = Counter[str]()
        while heard := await consumer.getmany(timeout_ms=3_000, max_records=5_000):
            for place, some in heard.items():
                found[place.topic] += len(some)
        return found
    finally:
        await consumer.stop()


def environment(stack: Stack, plan_folder: Path) -> dict[str, str]:
    """What another copy of reporting needs beside the first."""
    return {
        "KAFKA_BOOTSTRAP": stack.kafka_bootstrap,
        "KAFKA_IDEMPOTENCE": "false",
        "KAFKA_SESSION_TIMEOUT_MS": "4000",
        "MONGODB_URI": stack.mongodb_uri,
        "PLAN_FOLDER": str(plan_folder),
        **where_credentials_are(stack.data_dir),
    }


def corrected(folder: Path) -> Path:
    """The plan, but that only classes for managers are counted where those for officials were."""
    shutil.copytree(PLAN_FOLDER, folder)
    tasks = folder / "tasks-3.toml"
    text = tasks.read_text()
    before = 'unit = "lớp", terms = [\n    { kind = "training.held", where = { audience = ["officials"] } },'
    assert before in text
    tasks.write_text(text.replace(before, before.replace('["officials"]', '["managers"]'), 1))
    return folder


class Readers:
    """Ask for figures all the time, of whichever copies there are."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self.urls = [province.stack.services["reporting"]]
        self.answers = Counter[int]()
        self.seen: list[int] = []

    async def read(self) -> None:
        headers = {"Authorization": f"Bearer {self._province.stack.api_keys['leader']}"}
        async with httpx.AsyncClient(headers=headers, timeout=30) as client:
            while True:
                answer = await client.get(f"{self.urls[0]}/v1/periods/2021-Q2/summary")
                self.answers[answer.status_code] += 1
                figures = [one for task in answer.json()["tasks"] for one in task["indicators"]]
                self.seen += [one["value"] for one in figures if one["code"] == PEOPLE]
                await asyncio.sleep(0.05)


@asynccontextmanager
async def going_on(*work: asyncio.Task[None]) -> AsyncIterator[None]:
    """While this goes on; it must not have failed."""
    try:
        yield
    finally:
        for one in work:
            if not one.done():
                one.cancel()
        results = await asyncio.gather(*work, return_exceptions=True)
        assert not [error for error in results if isinstance(error, Exception)], results


async def stream(province: Province, first: int, last: int) -> None:
    """Classes of one person each, batch after batch."""
    for number in range(first, last, BATCH):
        events = [training(one, people=1) for one in range(number, number + BATCH)]
        assert (await province.say("SNV", events))["accepted"] == BATCH


async def test_events_stream_in_and_readers_are_answered_while_the_ledger_is_counted_anew(tmp_path: Path) -> None:
    with running() as stack:
        province = Province(stack)
        await stream(province, 0, EVENTS // 3)
        await province.folded(EVENTS // 3)
        told = (await records(stack))[REPORTING.name]
        readers = Readers(province)
        streaming = asyncio.create_task(stream(province, EVENTS // 3, 2 * EVENTS // 3))
        async with going_on(asyncio.create_task(readers.read()), streaming):
            rebuilding = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.reporting", "rebuild"),
                env={**os.environ, **environment(stack, PLAN_FOLDER), "MONGODB_DATABASE": "hop_luc_reporting"},
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            printed, _ = await rebuilding.communicate()
            assert rebuilding.returncode == 0
            await streaming
        assert b"cells identical byte for byte" in printed
        assert b"0 different" in printed
        [progress] = (await province.get("reporting", "/v1/rebuilds", "operator"))["rebuilds"]
        assert (progress["done"], progress["approved"], progress["ratio"]) == (True, True, 1.0)

        another = environment(stack, corrected(tmp_path / "plan"))
        beside = Child("another", lambda port: programs.service("reporting", port, another), tmp_path / "log")
        streaming = asyncio.create_task(stream(province, 2 * EVENTS // 3, EVENTS))
        async with going_on(asyncio.create_task(readers.read()), streaming):
            beside.start()
            await asyncio.to_thread(beside.await_ready, 90)
            readers.urls[0] = f"http://{HOST}:{beside.port}"
            stack.kill("reporting")
            await streaming

            async def caught_up() -> bool:
                return bool(readers.seen and readers.seen[-1] == EVENTS)

            await until(caught_up, within=60, what="the new copy has folded everything")
        assert set(readers.answers) == {200}
        assert readers.seen[0] >= EVENTS // 3
        assert await figure(province, readers.urls[0], CLASSES) == 0
        now = await records(stack)
        assert (now[SUPPORT.name], now[REPORTING.name]) == (EVENTS, told)
        beside.ask_to_end()
        beside.end(25)
        await province.http.aclose()


async def figure(province: Province, url: str, code: str) -> int:
    headers = {"Authorization": f"Bearer {province.stack.api_keys['leader']}"}
    answer = await province.http.get(f"{url}/v1/periods/2021-Q2/summary", headers=headers)
    return int(next(i["value"] for task in answer.json()["tasks"] for i in task["indicators"] if i["code"] == code))
