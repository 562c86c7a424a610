"""Plays an invented year on a running stack: day after day, never further than the system has kept up."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from catalogue.model import Plan
from catalogue.windows import VIETNAM, local_day
from chassis.clock import ScaledClock, write_clock_file
from contracts.envelope import BATCH_MEDIA_TYPE
from deploy.local.demo.chance import OPENING
from deploy.local.demo.reminders import stage_days
from deploy.local.demo.year import Change, Consolidating, Garbage, HandIn, Saying, Year
from deploy.local.stack import Stack

_AT_ONCE = 6
_BEHIND = 12
_WITHIN = 60.0
_TRIES = 40
_PAUSE = 0.05
_WATCH = 1.0
FIRST = OPENING.date()
_DAY_ENDS = time(23, 59, 59)
_LOOKED_BY = time(8)


@dataclass
class Played:
    """What came back: receipts by outcome, refusals by code, every answer that was not the expected one; and how far the
    services were when last asked."""

    receipts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    said: int = 0
    reports: int = 0
    day: date = FIRST
    folded: int = 0
    put_aside: int = 0
    reminders: int = 0


class Player:
    """One run. ``told`` is called after each day, for whoever shows progress."""

    def __init__(
        self, stack: Stack, plan: Plan, year: Year, clock_file: Path, seconds: float, told: Callable[[Played], None]
    ) -> None:
        self._stack = stack
        self._year = year
        self._clock_file = clock_file
        self._last = max(saying.sent for saying in year.sayings).date() + timedelta(days=1)
        self._days = (self._last - FIRST).days + 1
        self._pace = seconds / self._days
        self._told = told
        self._stages = stage_days(plan)
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._heard_by_notify = 0
        self._working: set[asyncio.Task[None]] = set()
        self._lives: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.played = Played()

    @property
    def days(self) -> int:
        return self._days

    async def play(self) -> Played:
        """Play the whole year."""
        changes = _by_day(self._year.changes, lambda change: max(change.at, OPENING))
        sayings = _by_day(self._year.sayings, lambda saying: saying.sent)
        reports = _by_day(self._year.reports, lambda report: report.at)
        freezes = _by_day(self._year.consolidations, lambda one: one.at)
        garbage = _by_day(self._year.garbage, lambda one: one.sent)
        producer = AIOKafkaProducer(bootstrap_servers=self._stack.kafka_bootstrap, enable_idempotence=False)
        await producer.start()
        try:
            async with httpx.AsyncClient(timeout=60) as self._http:
                watching = asyncio.create_task(self._watch())
                for number in range(self._days):
                    day = FIRST + timedelta(days=number)
                    if day in self._stages:
                        await self._await_reports_heard()
                    clock = self._begin(day)
                    if day in self._stages:
                        await self._await_notify(day)
                    while clock.now() < datetime.combine(day, time(20, 30), VIETNAM):
                        await clock.sleep(timedelta(hours=1))
                    await self._begin_work(self._changing(changes.get(day, ())))
                    await self._begin_work(self._saying(sayings.get(day, ())))
                    await self._hand_in(reports.get(day, ()))
                    if day in freezes:
                        await self._finish_work()
                    await self._consolidate(freezes.get(day, ()))
                    await self._litter(producer, garbage.get(day, ()))
                    self.played.day = day
                    self._told(self.played)
                await self._finish_work()
                watching.cancel()
        finally:
            await producer.stop()
        return self.played

    async def _watch(self) -> None:
        """Ask how far the services are, for whoever shows progress."""
        while True:
            ledger = (await self._http.get(f"{self._stack.services['reporting']}/v1/ledger")).json()
            told = (await self._http.get(f"{self._stack.services['notify']}/v1/notifications?limit=1")).json()
            self.played.folded, self.played.put_aside = ledger["events"], ledger["dead_letters"]
            self.played.reminders = sum(states["sent"] for states in told["counts"].values())
            await asyncio.sleep(_WATCH)

    def _begin(self, day: date) -> ScaledClock:
        write_clock_file(
            self._clock_file,
            anchor=datetime.combine(day, time(), VIETNAM),
            speed=86_400 / self._pace,
            until=datetime.combine(day, _DAY_ENDS, VIETNAM),
        )
        return ScaledClock(self._clock_file)

    async def _begin_work(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Systems and clerks work on while the days go by, but no more than so many at once are behind."""
        self._working |= {asyncio.create_task(one) for one in work}
        while len(self._working) > _BEHIND:
            await self._wait_for_some(asyncio.FIRST_COMPLETED)

    async def _finish_work(self) -> None:
        if self._working:
            await self._wait_for_some(asyncio.ALL_COMPLETED)

    async def _wait_for_some(self, when: str) -> None:
        done, self._working = await asyncio.wait(self._working, return_when=when)
        for one in done:
            one.result()

    def _changing(self, changes: Sequence[Change]) -> Iterator[Coroutine[Any, Any, None]]:
        """One cooperative's changes one after the other, different ones side by side."""
        chains: dict[str, list[Change]] = {}
        for change in changes:
            chains.setdefault(str(change.data["cooperative"]), []).append(change)

        async def chain(code: str, of_one: list[Change]) -> None:
            async with self._lives[code]:
                for change in of_one:
                    path = f"/v1/cooperatives{change.path}"
                    answer = await self._post("registry", path, change.agency, json=dict(change.body))
                    self._expect(answer, 200, 201)

        return (chain(code, of_one) for code, of_one in chains.items())

    def _saying(self, sayings: Sequence[Saying]) -> Iterator[Coroutine[Any, Any, None]]:
        batches: dict[str, list[Saying]] = {}
        for saying in sayings:
            batches.setdefault(saying.agency, []).append(saying)
        return (self._batch(agency, batch) for agency, batch in batches.items())

    async def _batch(self, agency: str, batch: list[Saying]) -> None:
        """Send a batch; what is refused because registry's news has not arrived yet is sent again shortly."""
        self.played.said += len(batch)
        for _ in range(_TRIES):
            events = [dict(saying.event) for saying in batch]
            answer = await self._post(
                "support", "/v1/events", agency, json=events, headers={"Content-Type": BATCH_MEDIA_TYPE}
            )
            if not self._expect(answer, 200):
                return
            too_early = []
            for saying, receipt in zip(batch, answer.json()["receipts"], strict=True):
                if saying.sound and receipt["outcome"] == "refused" and "cooperative" in receipt.get("code", ""):
                    too_early.append(saying)
                    continue
                self.played.receipts[receipt["outcome"]] += 1
                if receipt["outcome"] == "refused":
                    self.played.refusals[receipt["code"]] += 1
                if saying.sound == (receipt["outcome"] == "refused"):
                    self.played.surprises.append(f"{agency} {saying.event.get('id')}: {receipt}")
            if not too_early:
                return
            batch = too_early
            await asyncio.sleep(_PAUSE)
        self.played.surprises.append(f"{agency}: {len(batch)} events wait for cooperatives that never come")

    async def _hand_in(self, reports: Iterable[HandIn]) -> None:
        """All before the day is over: a report that comes after midnight is another day's."""

        async def one(report: HandIn) -> None:
            body = {"periods": list(report.periods), "outcome": report.outcome, "document": report.document}
            answer = await self._post("reporting", "/v1/reports", report.agency, json=body)
            if self._expect(answer, 201):
                self.played.reports += 1
                self._heard_by_notify += len(report.periods)

        await asyncio.gather(*map(one, reports))

    async def _consolidate(self, freezes: Iterable[Consolidating]) -> None:
        for one in freezes:
            path = f"/v1/periods/{one.period}/consolidation"
            if self._expect(await self._post("reporting", path, "consolidator"), 201):
                self._heard_by_notify += 1

    async def _litter(self, producer: AIOKafkaProducer, garbage: Iterable[Garbage]) -> None:
        for one in garbage:
            await producer.send_and_wait(one.topic, one.value, headers=list(one.headers))

    async def _await_notify(self, day: date) -> None:
        """On a day on which reminders may fall due, notify knows all reports so far and has looked after 08:00."""
        looked_by = datetime.combine(day, _LOOKED_BY, VIETNAM)

        async def looked() -> bool:
            told = (await self._http.get(f"{self._stack.services['notify']}/v1/notifications?limit=1")).json()
            return bool(told["looked_until"]) and datetime.fromisoformat(told["looked_until"]) >= looked_by

        await until(looked, f"notify looks on {day}")

    async def _await_reports_heard(self) -> None:
        """Until notify has heard every report handed in so far."""
        wanted = f'hopluc_events_heard_total{{topic="coop.reporting.v1"}} {float(self._heard_by_notify)}'

        async def heard() -> bool:
            told = (await self._http.get(f"{self._stack.services['notify']}/metrics")).text
            return self._heard_by_notify == 0 or wanted in told

        await until(heard, f"notify hears {self._heard_by_notify} events of reporting")

    async def _post(self, service: str, path: str, key: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._stack.api_keys[key]}", **options.pop("headers", {})}
        async with self._turn:
            return await self._http.post(self._stack.services[service] + path, headers=headers, **options)

    def _expect(self, answer: httpx.Response, *codes: int) -> bool:
        if answer.status_code not in codes:
            self.played.surprises.append(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
        return answer.status_code in codes


async def until(condition: Callable[[], Awaitable[bool]], what: str, within: float = _WITHIN) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: not within so many seconds; says what was waited for.
    """
    try:
        async with asyncio.timeout(within):
            while not await condition():  # noqa: ASYNC110 - another process's doing, no event of ours
                await asyncio.sleep(_PAUSE / 5)
    except TimeoutError as error:
        raise TimeoutError(f"not within {within:g} s: {what}") from error


def _by_day(things: Iterable[Any], at: Callable[[Any], datetime]) -> Mapping[date, list[Any]]:
    days: dict[date, list[Any]] = {}
    for thing in things:
        days.setdefault(local_day(at(thing)), []).append(thing)
    return days
