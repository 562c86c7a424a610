"""How reporting keeps its things.

``ledger``, ``recounted``, ``countings``, ``logs``   see `batches`.
``cells``   snapshots of buckets of cells, for readers; they can be thrown away, the ledger has it all. Each catalogue's
            count has its own, so that services of two catalogues answer side by side.
``rebuilds``   how far each new count of the ledger is, or what it came to.
``statements``, ``obstacles``   events that are shown one by one, and what people do about obstacles.
``consolidations``   the newest of each period, with its events in its outbox; agencies' reports have a store of
            their own.
``old_consolidations``   what a newer version has replaced, one document each: written before it is, so that nothing is
            ever lost. A crash between the two leaves a copy of what is still the newest, which readers pass by.
``restated``   one document a note of the restatement ledger, with its events in its outbox.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from chassis import logs
from chassis.listening import Place
from chassis.store import Document, Message, Stale, Store
from services.reporting.fold import Cells, Counting
from services.reporting.ledger import Partition
from services.reporting.messages import period_consolidated, period_signed
from services.reporting.model import Cell, CellKey
from services.reporting.packing import pack_cells, unpack_cells
from services.reporting.past import Positions
from services.reporting.proof_views import NoteView
from services.reporting.reports import store as reports
from services.reporting.views import ConsolidationView

COLLECTIONS = {
    "ledger": ("place",),
    "cells": ("bucket",),
    "logs": (),
    "recounted": (),
    "countings": ("at",),
    "rebuilds": ("at",),
    "consolidations": ("signed",),
    "old_consolidations": (),
    "restated": ("period",),
    "statements": ("kind", "agency", "thing"),
    "obstacles": ("agency", "stands.place", "stands.state"),
    **reports.COLLECTIONS,
}
OUTBOXES = (*reports.OUTBOXES, "consolidations", "restated", "obstacles")


async def write_cells(store: Store, partitions: Iterable[Partition], counting: Counting) -> None:
    """Write the buckets that changed, for readers, in one go."""
    touched = [(partition, bucket) for partition in partitions for bucket in sorted(partition.cells.touched)]
    if not touched:
        return
    for partition, _ in touched:
        partition.cells.touched.clear()
    try:
        await store.keep_newest(
            "cells", [_snapshot(one.place, one.cells, one.heard, bucket, counting) for one, bucket in touched]
        )
    except BaseException:
        for partition, bucket in touched:
            partition.cells.touched.add(bucket)
        raise


async def read_cells(store: Store, buckets: Iterable[str], counting: Counting) -> list[tuple[CellKey, Cell]]:
    """All partitions' cells of the buckets, so counted, in one read."""
    wanted = [f"{counting.name}:{bucket}" for bucket in sorted(buckets)]
    documents = await store.find("cells", {"bucket": {"$in": wanted}})
    return [pair for document in documents for pair in unpack_cells(document.body["cells"])]


async def cells_heard(store: Store, counting: Counting) -> dict[str, int]:
    """How many records of each partition the cells that readers see come of; nothing of a partition that has none."""
    heard: dict[str, int] = {}
    for document in await store.find("cells", without=("cells",)):
        if document.body["bucket"].startswith(f"{counting.name}:"):
            place = document.body["place"]
            heard[place] = max(heard.get(place, 0), document.version)
    return heard


def snapshots(place: Place, cells: Cells, heard: int, counting: Counting) -> list[tuple[str, int, dict[str, object]]]:
    """All buckets of a partition after so many records, as they are written for readers."""
    return [_snapshot(place, cells, heard, bucket, counting) for bucket in sorted(cells.buckets)]


def _snapshot(
    place: Place, cells: Cells, heard: int, bucket: str, counting: Counting
) -> tuple[str, int, dict[str, object]]:
    body: dict[str, object] = {
        "bucket": f"{counting.name}:{bucket}",
        "place": str(place),
        "cells": pack_cells(cells.buckets[bucket]),
    }
    return f"{counting.name}:{place}:{bucket}", heard, body


async def put_progress(store: Store, counting: str, body: dict[str, Any]) -> None:
    """Keep how far a new count is. Of two that count the same at once, one tells."""
    stored = await store.get("rebuilds", counting)
    with suppress(Stale):
        await store.put("rebuilds", counting, body, expected=stored.version if stored else 0)


async def progress(store: Store) -> list[dict[str, Any]]:
    """How far each new count is, or what it came to, the newest first; in one read."""
    return [document.body for document in await store.find("rebuilds", order="at", descending=True, limit=100)]


async def consolidation_of(store: Store, period: str, version: int | None = None) -> ConsolidationView | None:
    """The newest consolidation of a period, with its signature if it is signed; or an earlier version of it."""
    newest = _frozen(await store.get("consolidations", period))
    if newest is None or version is None or version >= newest.version:
        return newest if newest and version in (None, newest.version) else None
    return _frozen(await store.get("old_consolidations", _old_id(period, version)))


async def consolidation_at(store: Store, period: str, moment: datetime | None) -> ConsolidationView | None:
    """The newest consolidation of a period as it was known at a moment, or now: without a signature that came later."""
    found = await consolidation_of(store, period)
    if moment is None:
        return found
    while found is not None and found.consolidated_at > moment:
        found = await consolidation_of(store, period, found.version - 1) if found.version > 1 else None
    if found is not None and found.signature is not None and found.signature.signed_at > moment:
        return found.model_copy(update={"signature": None})
    return found


def _frozen(document: Document | None) -> ConsolidationView | None:
    return ConsolidationView.model_validate_json(document.body["frozen"]) if document else None


def _old_id(period: str, version: int) -> str:
    return f"{period}/{version:06d}"


async def signed_periods(store: Store) -> list[ConsolidationView]:
    """Every consolidation that is signed, in one read."""
    documents = await store.find("consolidations", {"signed": True})
    return [ConsolidationView.model_validate_json(document.body["frozen"]) for document in documents]


async def signed_codes(store: Store) -> set[str]:
    """Which periods are signed, in one read that leaves what was frozen where it is."""
    return {found.id for found in await store.find("consolidations", {"signed": True}, without=("frozen",))}


async def notes_of(
    store: Store, period: str, after: int = 0, limit: int | None = None
) -> list[tuple[int, Positions, NoteView]]:
    """A period's notes of restatement behind a number, each with where in the ledger it ended; in one read."""
    found = await store.find("restated", {"period": period}, after=_note_id(period, after), limit=limit)
    return [
        (
            document.body["number"],
            {place: (epoch, offset) for place, (epoch, offset) in document.body["positions"].items()},
            NoteView.model_validate_json(document.body["note"]),
        )
        for document in found
    ]


async def put_note(store: Store, note: NoteView, positions: Positions, said: Iterable[Message]) -> None:
    """Keep a note with its events in the outbox, in one write.

    Raises:
        Stale: somebody else has kept the note of this number.
    """
    body = {
        "period": note.period,
        "number": note.number,
        "positions": {place: list(end) for place, end in positions.items()},
        "note": note.model_dump_json(),
    }
    await store.put("restated", _note_id(note.period, note.number), body, expected=0, messages=tuple(said))


def _note_id(period: str, number: int) -> str:
    return f"{period}:{number:06d}"


async def put_consolidation(store: Store, frozen: ConsolidationView) -> None:
    """Keep a consolidation, or the signature on it, with its event in the outbox, in one write; what it replaces
    stays.

    Raises:
        Stale: it was consolidated or signed meanwhile.
    """
    replaced = _frozen(await store.get("consolidations", frozen.period))
    if replaced is not None and replaced.version < frozen.version:
        old = {"frozen": replaced.model_dump_json(by_alias=True)}
        await store.keep_newest("old_consolidations", [(_old_id(replaced.period, replaced.version), 1, old)])
    signature = frozen.signature
    body = {
        "period": frozen.period,
        "digest": frozen.digest,
        "signed": signature is not None,
        "frozen": frozen.model_dump_json(by_alias=True),
    }
    trace = logs.traceparent.get()
    said = period_signed(frozen, signature, trace) if signature else period_consolidated(frozen, trace)
    expected = frozen.version if signature else frozen.version - 1
    await store.put("consolidations", frozen.period, body, expected=expected, messages=[said])
