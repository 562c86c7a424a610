"""The ledger as it lies in the store: batch after batch of each partition, and how each catalogue counts them.

``ledger``     one document per partition and batch, appended only; its id holds the batch's first offset, so of two
               consumers that both believe they own a partition only one can append. That one write is the commit.
``recounted``  what a batch comes to as another catalogue counts it, where that differs.
``countings``  up to where a catalogue's count of the ledger is there; what lies after is counted from its bytes.
``logs``       the epoch of each partition: which broker's log its offsets belong to.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chassis.listening import Fatal, Place
from chassis.store import Document, Stale, Store
from services.reporting.fold import Cells, Counting
from services.reporting.ledger import CATALOGUE_RUNBOOK, Batch, Committed, Partition, take
from services.reporting.packing import pack_entries, pack_values, unpack_entries, unpack_values
from services.reporting.past import Positions, Recount, reached

PAGE = 200
BEGINNING = (0, 0)


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


async def ledger_of(
    store: Store,
    place: Place,
    counting: Counting,
    since: tuple[int, int] = BEGINNING,
    before: str | None = None,
    page: int = PAGE,
) -> AsyncIterator[Committed]:
    """Every batch of a partition from an epoch and offset on, up to the one of that id, in order, as this counting
    counts it, without the events' bytes; so many with a read.

    What another counting has counted is taken from what was counted anew, and what came after that is counted from the
    events' bytes.

    Raises:
        Fatal: nobody has counted it anew.
    """
    approved: Positions | None = None
    recount: Recount | None = None
    async for found in batches_of(store, place, since, page):
        asked = [committed for committed in found if before is None or committed.id < before]
        other = [committed for committed in asked if committed.counting != counting.name]
        if other and approved is None:
            approved = await approved_of(store, counting)
        anew = await store.get_many("recounted", (_anew(counting, committed.id) for committed in other))
        late = [committed.id for committed in other if not reached(approved or {}, committed)]
        values = await values_of(store, late)
        if values and recount is None:
            recount = await _recount_up_to(store, place, counting, min(values))
        for committed in asked:
            if recount is not None and committed.id in values:
                yield recount.take(committed, values[committed.id])
                continue
            kept = anew.get(_anew(counting, committed.id))
            counted = _counted(committed, kept.body["entries"]) if kept else committed
            if recount is not None:
                recount.follow(counted)
            yield counted
        if len(asked) < len(found):
            return


async def _recount_up_to(store: Store, place: Place, counting: Counting, end: str) -> Recount:
    recount = Recount(counting)
    async for committed in ledger_of(store, place, counting, before=end):
        recount.follow(committed)
    return recount


async def batches_of(
    store: Store, place: Place, since: tuple[int, int] = BEGINNING, page: int = PAGE
) -> AsyncIterator[list[Committed]]:
    """Every batch of a partition as it was counted when it was heard, in order, so many at a time."""
    epoch, offset = since
    after = _id(place, epoch, offset - 1)
    while True:
        found = await store.find("ledger", {"place": str(place)}, after=after, limit=page, without=("values",))
        yield [_committed(document) for document in found]
        if len(found) < page:
            return
        after = found[-1].id


async def values_of(store: Store, ids: Iterable[str]) -> dict[str, Sequence[bytes]]:
    """The events' bytes of some batches, by the batch's id, in the order of their entries; in one read."""
    found = await store.get_many("ledger", ids)
    return {id: unpack_values(document.body["values"]) for id, document in found.items()}


async def append(store: Store, partition: Partition, batch: Batch, counting: Counting) -> None:
    """Commit the batch, counted so.

    Raises:
        Stale: another consumer has appended at this offset; what this one holds of the partition is worthless now.
    """
    await store.put(
        "ledger",
        _id(partition.place, partition.epoch, batch.first),
        {
            "place": str(partition.place),
            "epoch": partition.epoch,
            "first": batch.first,
            "end": batch.end,
            "entries": pack_entries(batch.entries, batch.replaced, batch.superseded),
            "values": pack_values(batch.values),
            "duplicates": batch.duplicates,
            "dead": batch.dead,
            "last": batch.last,
            "at": batch.at,
            "counting": counting.name,
        },
        expected=0,
    )


async def put_recounted(store: Store, counting: Counting, batches: Iterable[Committed]) -> None:
    """Keep what this counting makes of some batches, beside what they were heard with."""
    rows = [
        (
            _anew(counting, one.id),
            1,
            {"entries": pack_entries(one.batch.entries, one.batch.replaced, one.batch.superseded)},
        )
        for one in batches
    ]
    if rows:
        await store.keep_newest("recounted", rows)


async def as_counted(store: Store, name: str, page: Sequence[Committed]) -> list[Committed]:
    """Some batches as the counting of this name counts them, where it was kept; else as they were heard."""
    ids = {one.id: f"{name}:{one.id}" for one in page if one.counting != name}
    anew = await store.get_many("recounted", ids.values())
    found = {id: anew[key].body["entries"] for id, key in ids.items() if key in anew}
    return [_counted(one, found[one.id]) if one.id in found else one for one in page]


async def former(store: Store) -> str:
    """The name of the counting that was approved last; none where none was."""
    newest = await store.find("countings", order="at", descending=True, limit=1)
    return newest[0].id if newest else ""


async def approve(
    store: Store, counting: Counting, positions: Positions, accepted: Iterable[str], now: datetime
) -> None:
    """Let services count so: what lies before the positions was counted anew. Again means further positions.

    Copies that start together may approve one counting at the same moment; then the furthest positions hold.
    """
    while True:
        stored = await store.get("countings", counting.name)
        furthest = dict(positions)
        for place, end in (_positions(stored) if stored else {}).items():
            furthest[place] = max(end, furthest.get(place, end))
        body = {
            "positions": {place: list(end) for place, end in furthest.items()},
            "accepted": sorted(accepted),
            "at": int(now.timestamp() * 1000),
        }
        try:
            await store.put("countings", counting.name, body, expected=stored.version if stored else 0)
        except Stale:
            continue
        return


async def use_again(store: Store, counting: Counting, now: datetime) -> None:
    """A service of this counting starts: where another was approved since, this is the one that is used from now on."""
    if await former(store) == counting.name:
        return
    document = await store.get("countings", counting.name)
    accepted = document.body["accepted"] if document else ()
    await approve(store, counting, await approved_of(store, counting), accepted, now)


async def approved_of(store: Store, counting: Counting) -> Positions:
    """Up to where the ledger was counted so.

    Raises:
        Fatal: nobody has counted it so.
    """
    document = await store.get("countings", counting.name)
    if document is None:
        raise Fatal(
            f"the ledger was counted by another catalogue than this one ({counting.name}), and nothing was counted "
            f"anew. Nothing was folded; see {CATALOGUE_RUNBOOK}"
        )
    return _positions(document)


def _positions(document: Document) -> Positions:
    return {place: (epoch, offset) for place, (epoch, offset) in document.body["positions"].items()}


def _id(place: Place | str, epoch: int, first: int) -> str:
    return f"{place}:{epoch:04d}:{first:020d}"


def _anew(counting: Counting, batch: str) -> str:
    return f"{counting.name}:{batch}"


def _committed(document: Document) -> Committed:
    body = document.body
    entries, replaced, superseded = unpack_entries(body["entries"])
    batch = Batch(
        first=body["first"],
        end=body["end"],
        entries=entries,
        replaced=replaced,
        superseded=superseded,
        values=(),
        duplicates=body["duplicates"],
        dead=body["dead"],
        last=body["last"],
        at=body["at"],
    )
    return Committed(document.id, body["place"], body["epoch"], body["counting"], batch)


def _counted(committed: Committed, packed: bytes) -> Committed:
    entries, taken, superseded = unpack_entries(packed)
    return replace(committed, batch=replace(committed.batch, entries=entries, replaced=taken, superseded=superseded))
