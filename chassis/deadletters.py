"""Dead letters: records put aside with their bytes and the reason, in the service's own store. Nothing is lost."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from chassis.listening import Record
from chassis.logs import about
from chassis.metrics import EVENTS_DEAD, Metrics
from chassis.store import Document, Stale, Store

_log = logging.getLogger(__name__)

COLLECTION = "dead_letters"
INDEXES = ("reason",)


class DeadLetters:
    """The letters of one service; a record is put aside once however often it is heard."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    async def put(self, record: Record, reason: str, now: datetime) -> None:
        """Put a record aside.

        Its place, offset and bytes name it: after a broker was lost, another record at the offset is another letter.
        """
        body = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key,
            "value": record.value,
            "headers": [[name, value] for name, value in record.headers],
            "reason": reason,
            "first_seen": now,
        }
        try:
            await self._store.put(COLLECTION, _id(record), body, expected=0)
        except Stale:
            return  # heard and put aside before
        self._metrics.count(EVENTS_DEAD, topic=record.topic)
        with about(event=_id(record)):
            _log.warning("put aside: %s", reason)

    async def list(self, *, after: str | None = None, limit: int = 100) -> Sequence[Document]:
        """The letters in order of place and offset."""
        return await self._store.find(COLLECTION, after=after, limit=limit)

    async def count(self) -> int:
        return await self._store.count(COLLECTION)


def _id(record: Record) -> str:
    return f"{record.place}/{record.offset:020d}/{hashlib.blake2b(record.value, digest_size=8).hexdigest()}"
