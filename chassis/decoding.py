"""Records that Kafka's client cannot decode: a header whose name is not UTF-8.

Kafka's protocol calls the name a string, and no broker checks it. aiokafka raises in the middle of the batch, at every
fetch anew, so that one such record would stop everybody who hears its topic. Here the batch is decoded again with the
client's decoder in plain Python and the name's wrong bytes written as ``\\xff``.
"""

import struct
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_OVERHEAD = struct.calcsize(">qi")


class _Lenient(bytearray):
    """Bytes whose every text can be decoded."""

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return _Lenient(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "") -> str:
        return super().decode(encoding, "backslashreplace")


class _Batch:
    """One batch of records as the client decodes it, or leniently where the client cannot."""

    def __init__(self, batch: Any, value: memoryview) -> None:
        self._batch = batch
        self._value = value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except UnicodeDecodeError:
            again = _DefaultRecordBatchPy(self._value)
            again._maybe_uncompress()
            again._buffer = _Lenient(again._buffer)
            return iter(list(again))


class LenientRecords:
    """What was fetched of a partition: batches, each with the bytes it was read from."""

    def __init__(self, value: bytes) -> None:
        self._records = MemoryRecords(value)
        self._value = memoryview(value)
        self._at = 0

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def size_in_bytes(self) -> int:
        return int(self._records.size_in_bytes())

    def next_batch(self) -> _Batch | None:
        batch = self._records.next_batch()
        if batch is None:
            return None
        (length,) = struct.unpack_from(">i", self._value, self._at + 8)
        start, self._at = self._at, self._at + _OVERHEAD + length
        return _Batch(batch, self._value[start : self._at])


def install() -> None:
    """Let every consumer of this process decode leniently."""
    fetcher.MemoryRecords = LenientRecords
