"""One run: the province works, parts of it fail, it comes to rest, and promises are compared with what stands."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.failure import looking
from tests.failure.agencies import Desk, System, hand_in, register, say_over_http
from tests.failure.checker import findings
from tests.failure.clocks import LATER, STAGES
from tests.failure.evidence import Evidence, Standing
from tests.failure.faults import Faults
from tests.failure.schedule import Broker, Fault, schedule
from tests.failure.traffic import HTX, SPEAKERS, Event, Speaker, reporting, said_before, stream
from tests.failure.world import World, running
from tests.kit.wait import until

_POLL = 0.05
_OFFICE = "UBND-178"
_EVENTS_PER_COOPERATIVE = 250
_REST = 120.0
_BASIS = "Nghị định số 09/2019/NĐ-CP"


@dataclass(frozen=True)
class Outcome:
    """What a run found, and its figures for people."""

    wrong: Sequence[str]
    told: str


class Run:
    """The parts of one run, over one world."""

    def __init__(self, world: World, seed: int, events: int, faults: Sequence[Fault]) -> None:
        self._world = world
        self._seed = seed
        self._schedule = faults
        self._evidence = Evidence()
        self._desk = Desk(world.stack, self._evidence)
        self._faults = Faults(world)
        self._said = {one: stream(seed, one, round(events * one.share)) for one in SPEAKERS}
        self._systems = [System(world.stack, self._evidence, one.agency) for one in SPEAKERS if one.way == "kafka"]
        self._all = sum(len(batch) for batches in self._said.values() for batch in batches)
        self._begun = 0

    @property
    def _share(self) -> float:
        """How much of the traffic has its receipts."""
        return (sum(map(len, self._evidence.receipts.values())) - self._begun) / self._all

    async def play(self) -> Outcome:
        """Everything, under supervision."""
        supervising = asyncio.create_task(self._world.supervise())
        playing = asyncio.create_task(self._play())
        try:
            await asyncio.wait({supervising, playing}, return_when=asyncio.FIRST_COMPLETED)
            if supervising.done():
                supervising.result()
            return await playing
        finally:
            for task in (supervising, playing):
                task.cancel()
            await asyncio.gather(supervising, playing, return_exceptions=True)
            await self._desk.close()

    async def _play(self) -> Outcome:
        before = await self._sign()
        began = time.monotonic()
        async with asyncio.TaskGroup() as together:
            for speaker, batches in self._said.items():
                together.create_task(self._speak(speaker, batches))
            codes = [f"HTX-N{number:03d}" for number in range(self._all // _EVENTS_PER_COOPERATIVE)]
            together.create_task(register(self._desk, self._evidence, _OFFICE, codes))
            for share, agency, document in reporting(self._seed, looking.duties()[looking.TOLD[0]]):
                together.create_task(self._report(share, agency, document))
            together.create_task(self._keep_time())
            for fault in self._schedule:
                together.create_task(self._fail(fault))
        failed = time.monotonic() - began
        await self._rest()
        stands = await looking.standing(self._desk, self._world.stack, self._evidence, before)
        return Outcome(findings(self._evidence, stands), self._tell(stands, failed, time.monotonic() - began))

    async def _sign(self) -> tuple[Mapping[str, int], Mapping[str, Any]]:
        """Before anything fails: cooperatives, the first quarter, its consolidation and signature."""
        await register(self._desk, self._evidence, _OFFICE, HTX)
        first = said_before()
        await say_over_http(self._desk, self._evidence, "SNV", [first])
        self._begun = len(first)
        await looking.folded(self._desk, len(HTX) + len(first))
        await looking.figures(self._desk, looking.SIGNED)
        path = f"/v1/periods/{looking.SIGNED}"
        frozen = (await self._desk.ask("POST", "reporting", f"{path}/consolidation", "consolidator")).json()
        signature = {"digest": frozen["digest"], "document": "9/BC-SKHĐT", "basis": _BASIS}
        answer = await self._desk.ask("POST", "reporting", f"{path}/signature", "consolidator", json=signature)
        assert answer.status_code == 201, answer.text
        signed = await looking.figures(self._desk, looking.SIGNED, "signed")
        return signed, await self._desk.get("reporting", f"{path}/consolidation")

    async def _speak(self, speaker: Speaker, batches: Sequence[Sequence[Event]]) -> None:
        if speaker.way == "http":
            await say_over_http(self._desk, self._evidence, speaker.agency, batches)
        else:
            await next(one for one in self._systems if one.agency == speaker.agency).say(batches)

    async def _reached(self, share: float) -> None:
        while self._share < share:
            await asyncio.sleep(_POLL)

    async def _report(self, share: float, agency: str, document: str) -> None:
        await self._reached(share)
        await hand_in(self._desk, self._evidence, agency, looking.TOLD[0], document)

    async def _keep_time(self) -> None:
        for share, moment in STAGES:
            await self._reached(share)
            self._world.clocks.set(moment)

    async def _fail(self, fault: Fault) -> None:
        await self._reached(fault.at)
        await self._faults.do(fault)

    async def _rest(self) -> None:
        """Until everything that was kept is folded, nothing waits to be said, and every reminder is sent."""
        self._world.clocks.set(STAGES[-1][1] + LATER)
        everything = len(self._evidence.kept()) + len(self._evidence.registered)
        await looking.folded(self._desk, everything)
        await until(self._quiet, within=_REST, what="outboxes are empty and no reminder is waiting")

    async def _quiet(self) -> bool:
        told = await self._desk.get("notify", "/v1/notifications?limit=1000")
        looked = told["looked_until"] and datetime.fromisoformat(told["looked_until"]) >= STAGES[-1][1] + LATER
        depths = [await looking.waiting(url) for url in self._world.stack.addresses.values()]
        planned = any(one["state"] == "planned" for one in told["notifications"])
        return bool(looked) and not planned and not any(depths)

    def _tell(self, stands: Standing, failed: float, whole: float) -> str:
        evidence, world = self._evidence, self._world
        again = {one.agency: one.said_again for one in self._systems}
        return "\n".join(
            [
                f"  {len(evidence.said)} events said, {dict(evidence.outcomes())}; asked again over HTTP "
                f"{self._desk.asked_again} times, said again over Kafka {again}",
                f"  {len(stands.published)} events and {len(stands.registered)} cooperatives published in "
                f"{stands.published.total()} and {stands.registered.total()} records; "
                f"folded {stands.ledger['events']}, heard again {stands.ledger['duplicates']}",
                f"  {len(evidence.reports)} reports, {stands.letters.total()} letters, "
                f"{len(world.stack.inbox.dropped())} dropped by the mail server as sent before",
                f"  {len(self._faults.done)} faults in {failed:.0f} s, at rest after {whole:.0f} s; refused by a "
                f"full disk: {self._faults.full}; "
                f"connections passed on: {_named(sum((link.connections for link in world.links.values()), Counter()))}",
                *(f"  {one}" for one in self._faults.impossible),
                f"  ended by themselves or asked to: {dict(world.endings) or 'nobody'}",
            ]
        )


def _named(connections: Counter[str]) -> dict[str, int]:
    return {whose or "others": number for whose, number in sorted(connections.items())}


def run(seed: int, broker: Broker, events: int, faults: int) -> Outcome:
    """Play one seed from nothing. Must be called from the main thread: the stack's processes die with it.

    Raises:
        Broken: the system did what it never may.
        AssertionError, TimeoutError: it does not come to rest, or answers what it never may.
    """
    planned = schedule(seed, broker, faults)
    print(f"seed {seed}: {events} events, broker {broker}, {len(planned)} faults", flush=True)
    for fault in planned:
        print(f"  {fault}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hop-luc-failure-") as folder, running(broker, Path(folder)) as world:
        return asyncio.run(Run(world, seed, events, planned).play())
