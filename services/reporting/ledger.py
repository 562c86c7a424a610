"""The ledger's pure side: what a partition holds, how a committed batch is taken in, which log is the right one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.listening import Fatal, Place, Span
from services.reporting.fold import Cells, apply
from services.reporting.model import Entry, Row

RUNBOOK = "docs/runbooks/log-behind-store.md"
CATALOGUE_RUNBOOK = "docs/runbooks/catalogue-changed.md"


@dataclass(slots=True)
class Partition:
    """One partition of a canonical topic as reporting has folded it.

    ``watermark`` is the next offset to fold in the log of ``epoch``; ``heard`` counts records over all epochs;
    ``last`` is the digest of the record just below the watermark, by which the right log is known again.
    """

    place: Place
    epoch: int
    cells: Cells
    watermark: int = 0
    heard: int = 0
    last: bytes = b""
    proven: bool = False
    events: int = 0
    duplicates: int = 0
    superseded: int = 0
    dead: int = 0


@dataclass(frozen=True)
class Batch:
    """What one append adds: a run of offsets, the entries that are no duplicates, and all their bytes. ``at`` is when
    it was heard, milliseconds since 1970 UTC.

    ``replaced`` and ``superseded`` are what `fold.replaced` says of the entries, so that who reads a batch knows what
    it changed without the state before it.
    """

    first: int
    end: int
    entries: Sequence[Entry]
    replaced: Mapping[int, tuple[Row, ...]]
    superseded: frozenset[int]
    values: Sequence[bytes]
    duplicates: int
    dead: int
    last: bytes
    at: int


@dataclass(frozen=True)
class Committed:
    """A batch as it lies in the ledger; ``counting`` names how its rows were counted."""

    id: str
    place: str
    epoch: int
    counting: str
    batch: Batch


def take(partition: Partition, batch: Batch) -> None:
    """Take a committed batch into the state."""
    for entry in batch.entries:
        if apply(partition.cells, entry) == "superseded":
            partition.superseded += 1
    partition.events += len(batch.entries)
    partition.duplicates += batch.duplicates
    partition.dead += batch.dead
    partition.heard += batch.end - batch.first
    partition.watermark = batch.end
    partition.last = batch.last


def digest(value: bytes) -> bytes:
    """By what a record is known again."""
    return hashlib.blake2b(value, digest_size=16).digest()


def check_span(partition: Partition, span: Span) -> None:
    """Refuse a log that can't be the one the ledger was folded from; a log newly adopted is taken from where it begins.

    Raises:
        Fatal: it ends before the watermark (wiped, or another cluster), or begins after it (records are gone).
    """
    if partition.epoch and not partition.last:
        partition.watermark = span.first
    if span.end < partition.watermark:
        raise Fatal(
            f"{partition.place}: the broker's log ends at {span.end}, before the store's watermark "
            f"{partition.watermark}: it was wiped, or this is another cluster. Nothing was folded; see {RUNBOOK}"
        )
    if span.first > partition.watermark:
        raise Fatal(
            f"{partition.place}: the broker's log begins at {span.first}, after the store's watermark "
            f"{partition.watermark}: records between them are gone. Nothing was folded; see {RUNBOOK}"
        )


def check_last(partition: Partition, found: bytes) -> None:
    """Refuse a log whose record just below the watermark is not the one that was folded.

    Raises:
        Fatal: it is another log, though long enough.
    """
    if found != partition.last:
        raise Fatal(
            f"{partition.place}: the record at offset {partition.watermark - 1} is not the one that was folded: this "
            f"is another cluster's log. Nothing was folded; see {RUNBOOK}"
        )
