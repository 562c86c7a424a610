"""The agencies' systems and clerks at the services' doors: they ask, and note every answer that they did not expect."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from contracts.envelope import BATCH_MEDIA_TYPE
from deploy.local.demo.year import Change, Consolidating, Garbage, HandIn, Saying
from deploy.local.stack import Stack

_AT_ONCE = 6
_REMARKS = "Dữ liệu minh họa, do máy sinh ra; không phải số liệu của tỉnh."

Work = Coroutine[Any, Any, None]


@dataclass
class Answers:
    """What came back: receipts by outcome, refusals by code, and whatever was not the expected answer."""

    receipts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    said: int = 0
    reports: int = 0
    announced: int = 0
    """Events that reporting has to say of reports and consolidations."""


class Office:
    """Works on one running stack, a few requests at a time."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, kafka: AIOKafkaProducer) -> None:
        self.answers = Answers()
        self._stack = stack
        self._http = http
        self._kafka = kafka
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._lives: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def change(self, changes: Iterable[Change]) -> Iterator[Work]:
        """The changes of one life one after the other, different ones side by side."""
        chains: dict[str, list[Change]] = {}
        for change in changes:
            chains.setdefault(change.life, []).append(change)
        return (self._live(life, chain) for life, chain in chains.items())

    def say(self, sayings: Iterable[Saying]) -> Iterator[Work]:
        """Each agency's events as one batch."""
        batches: dict[str, list[Saying]] = {}
        for saying in sayings:
            batches.setdefault(saying.agency, []).append(saying)
        return (self._send(agency, batch) for agency, batch in batches.items())

    async def hand_in(self, reports: Iterable[HandIn]) -> None:
        """All before the day is over: a report that comes after midnight is another day's."""
        await asyncio.gather(*map(self._hand_in, reports))

    async def consolidate(self, freezes: Iterable[Consolidating]) -> None:
        for one in freezes:
            path = f"/v1/periods/{one.period}/consolidation"
            answer = await self._post("reporting", path, "consolidator", json={"remarks": _REMARKS})
            if self._expect(answer, 201):
                self.answers.announced += 1

    async def litter(self, garbage: Iterable[Garbage]) -> None:
        """Bytes that nobody can read, past every check."""
        for one in garbage:
            await self._kafka.send_and_wait(one.topic, one.value, headers=list(one.headers))

    async def read(self, service: str, path: str) -> httpx.Response:
        key = self._stack.api_keys["consolidator"]
        headers = {"Authorization": f"Bearer {key}"}
        answer = await self._http.get(self._stack.services[service] + path, headers=headers)
        return answer.raise_for_status()

    async def _live(self, life: str, chain: Sequence[Change]) -> None:
        async with self._lives[life]:
            for change in chain:
                if change.path is None:
                    continue
                path = f"/v1/cooperatives{change.path}"
                answer = await self._post("registry", path, change.agency, json=dict(change.body))
                self._expect(answer, 200, 201)

    async def _send(self, agency: str, batch: list[Saying]) -> None:
        """What is held because registry's news has not arrived yet goes of itself: it is as good as accepted."""
        self.answers.said += len(batch)
        events = [dict(saying.event) for saying in batch]
        headers = {"Content-Type": BATCH_MEDIA_TYPE}
        answer = await self._post("support", "/v1/events", agency, json=events, headers=headers)
        if not self._expect(answer, 200):
            return
        for saying, receipt in zip(batch, answer.json()["receipts"], strict=True):
            outcome = receipt["outcome"]
            self.answers.receipts[outcome] += 1
            if outcome == "refused":
                self.answers.refusals[receipt["code"]] += 1
            if saying.sound == (outcome == "refused"):
                self.answers.surprises.append(f"{agency} {saying.event.get('id')}: {receipt}")

    async def _hand_in(self, report: HandIn) -> None:
        body = {"periods": list(report.periods), "outcome": report.outcome, "document": report.document}
        if self._expect(await self._post("reporting", "/v1/reports", report.agency, json=body), 201):
            self.answers.reports += 1
            self.answers.announced += len(report.periods)

    async def _post(self, service: str, path: str, key: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._stack.api_keys[key]}", **options.pop("headers", {})}
        async with self._turn:
            return await self._http.post(self._stack.services[service] + path, headers=headers, **options)

    def _expect(self, answer: httpx.Response, *codes: int) -> bool:
        if answer.status_code not in codes:
            self.answers.surprises.append(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
        return answer.status_code in codes
