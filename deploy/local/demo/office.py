"""The agencies' systems and clerks at the services' doors: they ask, and note every answer that they did not expect."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from contracts.envelope import BATCH_MEDIA_TYPE
from deploy.local.demo.waiting import until
from deploy.local.demo.year import Change, Consolidating, Difficulty, Dispute, Garbage, HandIn, Saying
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
    """Events that reporting has to say of reports, consolidations and obstacles."""
    discrepancies: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    """What was declared and what was counted, by period, agency and indicator, as it was told before it was settled."""


class Office:
    """Works on one running stack, a few requests at a time."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, kafka: AIOKafkaProducer) -> None:
        self.answers = Answers()
        self._stack = stack
        self._http = http
        self._kafka = kafka
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._lives: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._obstacles: dict[str, str] = {}

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

    async def send_back(self, disputes: Iterable[Dispute]) -> None:
        """Whoever consolidates sees what was declared and what events make, and returns the report; its agency is told.

        Raises:
            TimeoutError: the difference is not told, or the letter does not go out.
        """
        for one in disputes:
            agency, period = one.report.agency, one.period
            await until(partial(self._tells, one), f"{one.indicator} of {agency} differs in {period}")
            body = {"version": 1, "remarks": f"Số liệu {one.indicator} khác với sự kiện đã gửi. {_REMARKS}"}
            answer = await self._post("reporting", f"/v1/reports/{agency}/{period}/return", "consolidator", json=body)
            if self._expect(answer, 201):
                self.answers.announced += 1
                await until(partial(self._is_told, agency, period), f"{agency} is told that it was returned")

    async def settle(self, disputes: Iterable[Dispute]) -> None:
        """The agency hands the report in again with what its events make."""
        for one in disputes:
            await self._hand_in(replace(one.report, declared={one.indicator: one.counted}))

    async def accept(self, disputes: Iterable[Dispute]) -> None:
        """Whoever consolidates accepts the report that was handed in again."""
        for one in disputes:
            path = f"/v1/reports/{one.report.agency}/{one.period}/acceptance"
            answer = await self._post("reporting", path, "consolidator", json={"version": 2, "remarks": _REMARKS})
            if self._expect(answer, 201):
                self.answers.announced += 1

    async def deal(self, difficulties: Iterable[Difficulty], day: date) -> None:
        """What people do about obstacles on a day: raise one, put one before the committee, answer, close."""
        for one in difficulties:
            if one.raised_on == day:
                body = {"text": one.text, "task": one.task}
                answer = await self._post("reporting", "/v1/obstacles", one.agency, json=body)
                if self._expect(answer, 201):
                    self.answers.announced += 1
                    self._obstacles[one.text] = answer.json()["obstacle"]
            for dealing in (each for each in one.dealings if each.on == day):
                path = f"/v1/obstacles/{self._obstacles.get(one.text)}/{dealing.step}"
                if self._expect(await self._post("reporting", path, dealing.key, json=dict(dealing.body)), 200):
                    self.answers.announced += 1

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
        body = {
            "periods": list(report.periods),
            "outcome": report.outcome,
            "document": report.document,
            "declared": dict(report.declared),
        }
        if self._expect(await self._post("reporting", "/v1/reports", report.agency, json=body), 201):
            self.answers.reports += 1
            self.answers.announced += len(report.periods)

    async def _tells(self, one: Dispute) -> bool:
        """Whether the difference is told as it is once all is folded that was sent."""
        agency, period = one.report.agency, one.period
        told = (await self.read("reporting", f"/v1/periods/{period}/discrepancies?agency={agency}")).json()
        found = {each["indicator"]: (each["declared"], each["counted"]) for each in told["discrepancies"]}
        self.answers.discrepancies |= {(period, agency, code): figures for code, figures in found.items()}
        return one.indicator in found and bool(found[one.indicator][1] == one.counted)

    async def _is_told(self, agency: str, period: str) -> bool:
        told = (await self.read("notify", f"/v1/notifications?agency={agency}&limit=1000")).json()["notifications"]
        return any(one["id"] == f"{agency}/{period}/returned-1" and one["state"] == "sent" for one in told)

    async def _post(self, service: str, path: str, key: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._stack.api_keys[key]}", **options.pop("headers", {})}
        async with self._turn:
            return await self._http.post(self._stack.services[service] + path, headers=headers, **options)

    def _expect(self, answer: httpx.Response, *codes: int) -> bool:
        if answer.status_code not in codes:
            self.answers.surprises.append(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
        return answer.status_code in codes
