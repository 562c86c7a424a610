"""What reporting does when it hears canonical events: sort out, commit to the ledger, fold."""

import asyncio
import gc
import itertools
import time
from collections.abc import Collection, Mapping, Sequence

from chassis.listening import Fatal, Place, Record, Span
from chassis.metrics import EVENTS_DUPLICATE, FOLD_EVENTS, FOLD_SECONDS, LEDGER_WATERMARK, NEWEST_EVENT
from chassis.store import Stale
from services.reporting import batches, statements
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.fold import new_entries, replaced
from services.reporting.ledger import RUNBOOK, Batch, Partition, check_last, check_span, digest, take
from services.reporting.model import Entry
from services.reporting.obstacles import store as obstacles


class Folding:
    """The listener on both canonical topics. One lock: a partition is never loaded while a batch of it is folded."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._held: dict[Place, Partition] = {}
        self._lock = asyncio.Lock()

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Load each partition and start at the record before its watermark, which proves that the log is the right one.

        Raises:
            Fatal: the log ends before the watermark, or begins after it.
        """
        async with self._lock:
            await self._deps.dead_letters.load()
            starts = {}
            for place, seen in spans.items():
                partition = await self._load(place)
                # It seems to end before what is folded, also to a copy that stood still while another one went on.
                span = seen if partition.watermark <= seen.end else await self._deps.bus.span(place)
                check_span(partition, span)
                starts[place] = max(span.first, partition.watermark - 1)
                partition.proven = starts[place] >= partition.watermark
            await self._write_cells()
            gc.collect()
            gc.freeze()  # what was loaded stays: looking through it for garbage again and again slows every answer
            return starts

    async def revoked(self, places: Collection[Place]) -> None:
        """Another consumer may own them from now on: write what readers lack, forget the rest."""
        async with self._lock:
            await self._write_cells()
            for place in places:
                self._held.pop(place, None)
                self._deps.metrics.forget(LEDGER_WATERMARK, **_labels(place))
                self._deps.metrics.forget(NEWEST_EVENT, **_labels(place))

    async def hear(self, records: Sequence[Record]) -> None:
        """Fold one fetched batch; whatever was folded before is skipped, a gap is refused."""
        async with self._lock:
            for place, run in itertools.groupby(records, key=lambda record: record.place):
                await self._hear_run(place, list(run))

    async def flush(self) -> None:
        """Write the cells that changed, so that readers see every event folded so far."""
        async with self._lock:
            await self._write_cells()

    @property
    def partitions(self) -> Mapping[Place, Partition]:
        """What this process holds, for the ledger's page and for metrics."""
        return self._held

    async def _hear_run(self, place: Place, run: list[Record]) -> None:
        partition = self._held.get(place) or await self._load(place)
        fresh = await self._fresh(place, partition, run)
        if not fresh:
            return
        began = time.perf_counter()
        batch = await self._sort_out(partition, fresh)
        about = await statements.keep(self._deps.store, zip(batch.entries, batch.values, strict=True), batch.at)
        await obstacles.stand(self._deps, about)
        try:
            await batches.append(self._deps.store, partition, batch, self._deps.counting)
        except Stale:
            del self._held[place]  # another consumer owns it; what it wrote is loaded when the batch comes again
            raise
        take(partition, batch)
        self._measure(place, partition, batch, time.perf_counter() - began)

    async def _sort_out(self, partition: Partition, fresh: list[Record]) -> Batch:
        entries: list[Entry] = []
        values: dict[tuple[str, int, str], bytes] = {}
        dead = 0
        for record in fresh:
            entry = await self._deps.dead_letters.admit(record)
            if entry is None:
                dead += 1
                continue
            entries.append(entry)
            values.setdefault(entry[:3], record.value)
        new = new_entries(partition.cells, entries)
        taken, superseded = replaced(partition.cells, new)
        return Batch(
            first=fresh[0].offset,
            end=fresh[-1].offset + 1,
            entries=new,
            replaced=taken,
            superseded=superseded,
            values=[values[entry[:3]] for entry in new],
            duplicates=len(entries) - len(new),
            dead=dead,
            last=digest(fresh[-1].value),
            at=int(self._deps.clock.now().timestamp() * 1000),
        )

    async def _fresh(self, place: Place, partition: Partition, run: list[Record]) -> list[Record]:
        """The records at and above the watermark, once the one below it has proved the log."""
        known = [record for record in run if record.offset < partition.watermark]
        for record in known:
            if record.offset == partition.watermark - 1:
                check_last(partition, digest(record.value))
                partition.proven = True
        if known and not partition.proven:
            check_span(partition, await self._deps.bus.span(place))
        fresh = run[len(known) :]
        for expected, record in enumerate(fresh, start=partition.watermark):
            if record.offset != expected:
                raise Fatal(f"{partition.place}: expected offset {expected}, got {record.offset}; see {RUNBOOK}")
        return fresh

    def _measure(self, place: Place, partition: Partition, batch: Batch, seconds: float) -> None:
        metrics, labels = self._deps.metrics, _labels(place)
        metrics.observe(FOLD_EVENTS, batch.end - batch.first)
        metrics.observe(FOLD_SECONDS, seconds)
        metrics.count(EVENTS_DUPLICATE, batch.duplicates, source=place.topic)
        metrics.set(LEDGER_WATERMARK, partition.watermark, **labels)
        newest = max((entry.time / 1_000 for entry in batch.entries), default=0.0)
        metrics.set(NEWEST_EVENT, max(newest, metrics.value(NEWEST_EVENT, **labels)), **labels)

    async def _load(self, place: Place) -> Partition:
        partition = await batches.load(self._deps.store, place, self._deps.counting)
        self._held[place] = partition
        self._deps.metrics.set(LEDGER_WATERMARK, partition.watermark, **_labels(place))
        return partition

    async def _write_cells(self) -> None:
        await kept.write_cells(self._deps.store, self._held.values(), self._deps.counting)


def _labels(place: Place) -> dict[str, str]:
    return {"topic": place.topic, "partition": str(place.partition)}
