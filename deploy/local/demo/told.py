"""What the running system says at the end: gathered once, judged and shown by others."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from deploy.local.demo.independent import CALENDARS, PERIODS
from deploy.local.demo.office import Office
from deploy.local.smtp_sink import Inbox

_POLL = 0.1


@dataclass(frozen=True)
class Told:
    """Answers of the four services, and what the mail sink received."""

    summaries: Mapping[tuple[str, str], Mapping[str, Any]]
    """By period and calendar."""
    registers: Mapping[str, Mapping[str, Any]]
    """By period."""
    statuses: Counter[str]
    """Cooperatives by status."""
    ledger: Mapping[str, Any]
    put_aside: Counter[str]
    """Unreadable records on registry's topic, by the reason that support put them aside for."""
    reminders: Mapping[str, Any]
    letters: Counter[str]
    """How often each reminder arrived, by its id."""
    dropped: int
    """Letters that the mail server took for repetitions of one it had delivered."""
    fold_events: int
    fold_seconds: float


async def settled(office: Office, expected: int, within: float) -> Mapping[str, Any]:
    """The ledger, once it has dealt with so many records and nothing waits, or when the seconds are over."""
    deadline = time.monotonic() + within
    while True:
        ledger: Mapping[str, Any] = await office.read("reporting", "/v1/ledger")
        dealt = ledger["events"] + ledger["duplicates"] + ledger["dead_letters"]
        if (dealt >= expected and not ledger["lag"]) or time.monotonic() > deadline:
            return ledger
        await asyncio.sleep(_POLL)


async def ask(office: Office, ledger: Mapping[str, Any], inbox: Inbox) -> Told:
    """Ask everybody."""
    summaries = {
        (period, calendar): await office.read("reporting", f"/v1/periods/{period}/summary?calendar={calendar}")
        for period in PERIODS
        for calendar in CALENDARS
    }
    registers = {period: await office.read("reporting", f"/v1/periods/{period}/register") for period in PERIODS}
    statuses = Counter([one["status"] async for one in _pages(office, "registry", "/v1/cooperatives", "cooperatives")])
    aside = Counter([one["reason"] async for one in _pages(office, "support", "/v1/dead-letters", "dead_letters")])
    reminded = [one async for one in _pages(office, "notify", "/v1/notifications", "notifications")]
    letters = Counter(letter["Message-ID"].strip("<").partition("@")[0] for letter in inbox.letters())
    events, seconds = await _fold(office)
    return Told(
        summaries=summaries,
        registers=registers,
        statuses=statuses,
        ledger=ledger,
        put_aside=aside,
        reminders={one["id"].replace("/", "."): one for one in reminded},
        letters=letters,
        dropped=len(inbox.dropped()),
        fold_events=events,
        fold_seconds=seconds,
    )


async def _pages(office: Office, service: str, path: str, name: str) -> AsyncIterator[Mapping[str, Any]]:
    after = ""
    while after is not None:
        page = await office.read(service, f"{path}?limit=200{f'&after={after}' if after else ''}")
        for one in page[name]:
            yield one
        after = page["next"]


async def _fold(office: Office) -> tuple[int, float]:
    """How many records reporting has folded, and in how many seconds."""
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families((await office.fetch("reporting", "/metrics")).text)
        for sample in family.samples
    }
    return int(found["hopluc_fold_batch_events_sum"]), found["hopluc_fold_seconds_sum"]
