"""Fills reporting's ledger through its own fold, and measures what walks along the whole of it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

import msgspec

from catalogue.load import load
from chassis.listening import Place, Record, Span
from contracts.envelope import key_of, read
from contracts.topics import SUPPORT
from deploy.local.demo.invent import invent
from deploy.local.stack import PLAN_FOLDER
from services.reporting import batches
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.proofs import PLACES
from services.reporting.rebuild import counted, rebuild
from services.reporting.settings import Settings
from services.reporting.store import COLLECTIONS
from services.reporting.wiring import dependencies

SEED, YEAR, BATCH = 177, 6_000, 2_000


def endless() -> Iterator[bytes]:
    """The sound events of an invented year, and then copies of them as of other subjects, for ever."""
    plan = load(PLAN_FOLDER)
    said: list[dict[str, Any]] = [
        {**saying.event, "agency": saying.agency} for saying in invent(plan, SEED, YEAR).sayings if saying.sound
    ]
    for copy in count(1):
        for event in said:
            subject, id = f"{event['subject']}~{copy}", f"{event['id']}~{copy}"
            yield msgspec.json.encode({**event, "subject": subject, "id": id})


@dataclass
class Filling:
    """A ledger on its way to so many events."""

    deps: Deps
    folding: Folding
    source: Iterator[bytes] = field(default_factory=endless)
    ends: dict[Place, int] = field(default_factory=lambda: dict.fromkeys(PLACES, 0))
    events: int = 0
    cells: int = 0

    @classmethod
    async def open(cls, uri: str) -> "Filling":
        """On a store, as reporting itself would open it; with a log of its own that nothing is read from."""
        deps = dependencies(Settings(mongodb_uri=uri))
        await deps.store.prepare(COLLECTIONS)
        await counted(deps)
        folding = Folding(deps)
        await folding.assigned({place: Span(0, 1 << 62) for place in PLACES})
        await batches.adopt_log(deps.store, PLACES)  # so that a service takes the broker's empty log for the next one
        return cls(deps, folding)

    async def fill(self, size: int) -> float:
        """Fold until there are so many events; events per second of folding alone."""
        spent, events = 0.0, 0
        while self.events < size:
            values = list(islice(self.source, min(BATCH * SUPPORT.partitions, size - self.events)))
            runs = list(laid(SUPPORT.name, SUPPORT.partitions, values, self.ends))
            began = time.perf_counter()
            for run in runs:
                await self.folding.hear(run)
            spent += time.perf_counter() - began
            events += len(values)
            self.events += len(values)
        await self.folding.flush()
        self.cells = sum(len(b) for one in self.folding.partitions.values() for b in one.cells.buckets.values())
        return events / spent if spent else 0.0


def laid(topic: str, partitions: int, values: Iterable[bytes], ends: dict[Place, int]) -> Iterator[list[Record]]:
    """Events behind the ends of a topic's partitions, in runs as the broker hands them over."""
    runs: dict[Place, list[Record]] = {}
    for value in values:
        key = key_of(read(value).envelope.subject).encode()
        place = Place(topic, sum(key) % partitions)
        runs.setdefault(place, []).append(Record(*place, ends[place], key, value))
        ends[place] += 1
    for run in runs.values():
        yield from (run[first : first + BATCH] for first in range(0, len(run), BATCH))


async def bare_loop(deps: Deps) -> float:
    """Events per second of reading the ledger's bytes and decoding each event, and nothing else."""
    events, began = 0, time.perf_counter()
    for place in PLACES:
        async for page in batches.batches_of(deps.store, place):
            for values in (await batches.values_of(deps.store, (one.id for one in page))).values():
                for value in values:
                    read(value)
                events += len(values)
    return events / (time.perf_counter() - began)


async def rebuilding(deps: Deps) -> tuple[float, bool]:
    """Events per second of counting the whole ledger anew and comparing every figure; whether all was identical."""
    began = time.perf_counter()
    result = await rebuild(deps, (), lambda _: None)
    return result.events / (time.perf_counter() - began), result.identical and not result.differences
