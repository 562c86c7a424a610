"""How reporting keeps its things.

``ledger``  one document per partition and batch, appended only; its id holds the batch's first offset, so of two
            consumers that both believe they own a partition only one can append. That one write is the commit.
``cells``   snapshots of buckets of cells, for readers; they can be thrown away, the ledger has it all.
``recounted``, ``countings``   batches' rows as another catalogue counts them, and which catalogue may be used.
``logs``    the epoch of each partition: which broker's log its offsets belong to.
``reports``, ``consolidations``   one versioned document each, with their events in its outbox.
"""

import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace

import msgspec

from chassis.listening import Fatal, Place
from chassis.store import Document, Store
from services.reporting.fold import Cells, Counting
from services.reporting.ledger import CATALOGUE_RUNBOOK, Batch, Committed, Partition, take
from services.reporting.messages import period_consolidated, period_signed
from services.reporting.model import Cell, CellKey, Entry
from services.reporting.past import Positions, reached, recounted
from services.reporting.views import ConsolidationView

COLLECTIONS = {
    "ledger": ("place",),
    "cells": ("bucket",),
    "logs": (),
    "recounted": (),
    "countings": (),
    "reports": ("period",),
    "consolidations": ("signed",),
}
OUTBOXES = ("reports", "consolidations")
_PAGE = 200


async def epoch_of(store: Store, place: Place) -> int:
    document = await store.get("logs", str(place))
    return int(document.body["epoch"]) if document else 0


async def adopt_log(store: Store, places: Iterable[Place]) -> None:
    """Take the broker's present log for the right one: fold it from its beginning, on top of the ledger so far.

    Nothing can count twice, because facts are known by what they state and not by their offset.
    """
    for place in places:
        document = await store.get("logs", str(place))
        epoch = int(document.body["epoch"]) + 1 if document else 1
        await store.put("logs", str(place), {"epoch": epoch}, expected=document.version if document else 0)


async def load(store: Store, place: Place, counting: Counting) -> Partition:
    """Fold the partition's ledger from its beginning (the columns only; the events' bytes stay where they are).

    Raises:
        Fatal: the ledger was counted otherwise, and nobody has counted it anew.
    """
    partition = Partition(place, await epoch_of(store, place), Cells(counting.stocks))
    async for committed in ledger_of(store, place, counting):
        take(partition, committed.batch)
        if committed.epoch < partition.epoch:
            partition.watermark, partition.last = 0, b""
    return partition


async def ledger_of(store: Store, place: Place, counting: Counting) -> AsyncIterator[Committed]:
    """Every batch of a partition, in order, as this counting counts it, without the events' bytes.

    What another counting has counted is taken from the rows that were counted anew, and what came after that is counted
    from the events' bytes.

    Raises:
        Fatal: nobody has counted it anew.
    """
    approved: Positions | None = None
    async for page in batches_of(store, place):
        other = [committed for committed in page if committed.counting != counting.name]
        if other and approved is None:
            approved = await _approved(store, counting)
        anew = await store.get_many("recounted", (_anew(counting, committed.id) for committed in other))
        late = [committed.id for committed in other if not reached(approved or {}, committed)]
        values = await values_of(store, late)
        for committed in page:
            if committed.id in values:
                yield recounted(committed, values[committed.id], counting)
            elif found := anew.get(_anew(counting, committed.id)):
                entries = _unpack_entries(found.body["entries"])
                yield replace(committed, batch=replace(committed.batch, entries=entries))
            else:
                yield committed


async def batches_of(store: Store, place: Place) -> AsyncIterator[list[Committed]]:
    """Every batch of a partition as it was counted when it was heard, in order, some at a time."""
    after: str | None = None
    while True:
        page = await store.find("ledger", {"place": str(place)}, after=after, limit=_PAGE, without=("values",))
        yield [_committed(document) for document in page]
        if len(page) < _PAGE:
            return
        after = page[-1].id


async def values_of(store: Store, ids: Iterable[str]) -> dict[str, Sequence[bytes]]:
    """The events' bytes of some batches, by the batch's id, in the order of their entries; in one read."""
    found = await store.get_many("ledger", ids)
    return {id: msgspec.msgpack.decode(zlib.decompress(document.body["values"])) for id, document in found.items()}


async def put_recounted(store: Store, counting: Counting, batches: Iterable[Committed]) -> None:
    """Keep the rows that this counting gives some batches, beside those that they were heard with."""
    rows = [(_anew(counting, one.id), 1, {"entries": _pack(one.batch.entries)}) for one in batches]
    if rows:
        await store.keep_newest("recounted", rows)


async def approve(store: Store, counting: Counting, positions: Positions, accepted: Iterable[str]) -> None:
    """Let services count so: what lies before the positions was counted anew. Again means further positions."""
    stored = await store.get("countings", counting.name)
    body = {"positions": {place: list(end) for place, end in positions.items()}, "accepted": sorted(accepted)}
    await store.put("countings", counting.name, body, expected=stored.version if stored else 0)


async def _approved(store: Store, counting: Counting) -> Positions:
    document = await store.get("countings", counting.name)
    if document is None:
        raise Fatal(
            f"the ledger was counted by another catalogue than this one ({counting.name}), and nothing was counted "
            f"anew. Nothing was folded; see {CATALOGUE_RUNBOOK}"
        )
    return {place: (epoch, offset) for place, (epoch, offset) in document.body["positions"].items()}


def _anew(counting: Counting, batch: str) -> str:
    return f"{counting.name}:{batch}"


def _committed(document: Document) -> Committed:
    body = document.body
    batch = Batch(
        first=body["first"],
        end=body["end"],
        entries=_unpack_entries(body["entries"]),
        values=(),
        duplicates=body["duplicates"],
        dead=body["dead"],
        last=body["last"],
        at=body["at"],
    )
    return Committed(document.id, body["place"], body["epoch"], body["counting"], batch)


async def append(store: Store, partition: Partition, batch: Batch, counting: Counting) -> None:
    """Commit the batch, counted so.

    Raises:
        Stale: another consumer has appended at this offset; what this one holds of the partition is worthless now.
    """
    await store.put(
        "ledger",
        f"{partition.place}:{partition.epoch:04d}:{batch.first:020d}",
        {
            "place": str(partition.place),
            "epoch": partition.epoch,
            "first": batch.first,
            "end": batch.end,
            "entries": _pack(batch.entries),
            "values": _pack(batch.values),
            "duplicates": batch.duplicates,
            "dead": batch.dead,
            "last": batch.last,
            "at": batch.at,
            "counting": counting.name,
        },
        expected=0,
    )


async def write_cells(store: Store, partitions: Iterable[Partition]) -> None:
    """Write the buckets that changed, for readers, in one go."""
    touched = [(partition, bucket) for partition in partitions for bucket in sorted(partition.cells.touched)]
    if not touched:
        return
    for partition, _ in touched:
        partition.cells.touched.clear()
    try:
        await store.keep_newest("cells", [_snapshot(partition, bucket) for partition, bucket in touched])
    except BaseException:
        for partition, bucket in touched:
            partition.cells.touched.add(bucket)
        raise


async def read_cells(store: Store, buckets: Iterable[str]) -> list[tuple[CellKey, Cell]]:
    """All partitions' cells of the buckets, in one read."""
    documents = await store.find("cells", {"bucket": {"$in": sorted(buckets)}})
    return [pair for document in documents for pair in _unpack_cells(document.body["cells"])]


def _snapshot(partition: Partition, bucket: str) -> tuple[str, int, dict[str, object]]:
    cells = [(key, cell.amount, cell.members, cell.newest) for key, cell in partition.cells.buckets[bucket].items()]
    body: dict[str, object] = {"bucket": bucket, "cells": _pack(cells), "watermark": partition.watermark}
    return f"{partition.place}:{bucket}", partition.heard, body


def _pack(columns: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(columns), 1)


def _unpack_entries(packed: bytes) -> list[Entry]:
    return msgspec.msgpack.decode(zlib.decompress(packed), type=list[Entry])


def _unpack_cells(packed: bytes) -> list[tuple[CellKey, Cell]]:
    rows = msgspec.msgpack.decode(zlib.decompress(packed), type=list[tuple[CellKey, int, dict[str, int], int]])
    return [(key, Cell(amount, members, newest)) for key, amount, members, newest in rows]


async def consolidation_of(store: Store, period: str) -> ConsolidationView | None:
    """The newest consolidation of a period, with its signature if it is signed."""
    document = await store.get("consolidations", period)
    return ConsolidationView.model_validate_json(document.body["frozen"]) if document else None


async def signed_periods(store: Store) -> list[ConsolidationView]:
    """Every consolidation that is signed, in one read."""
    documents = await store.find("consolidations", {"signed": True})
    return [ConsolidationView.model_validate_json(document.body["frozen"]) for document in documents]


async def put_consolidation(store: Store, frozen: ConsolidationView) -> None:
    """Keep a consolidation, or the signature on it, with its event in the outbox, in one write; earlier ones stay.

    Raises:
        Stale: it was consolidated or signed meanwhile.
    """
    stored = await store.get("consolidations", frozen.period)
    earlier = [*stored.body["earlier"], stored.body["frozen"]] if stored else []
    signature = frozen.signature
    body = {
        "period": frozen.period,
        "digest": frozen.digest,
        "signed": signature is not None,
        "frozen": frozen.model_dump_json(by_alias=True),
        "earlier": earlier,
    }
    said = period_signed(frozen, signature) if signature else period_consolidated(frozen)
    expected = frozen.version if signature else frozen.version - 1
    await store.put("consolidations", frozen.period, body, expected=expected, messages=[said])
