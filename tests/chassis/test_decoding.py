"""A record whose header has a name that is no text is heard like any other, and stops nobody."""

from typing import Any

import pytest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.memory_records import MemoryRecords

from chassis.decoding import LenientRecords


class Name(str):
    """A header's name as a client in another language may write it: any bytes."""

    def encode(self, *_: str) -> bytes:
        return b"\xff\xfe"


Headers = list[tuple[str, bytes | None]]
SOUND: Headers = [("x", b"1"), ("ô", None)]
ODD: Headers = [(Name(), b"\xff")]


def builder(*headers: Headers, compression: int = 0) -> Any:
    """One batch, a record for each list of headers."""
    batch = _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, -1, 100_000)
    for offset, each in enumerate(headers):
        batch.append(offset, 1_000, b"k%d" % offset, b"v%d" % offset, each)
    return batch


def written(*headers: Headers, compression: int = 0) -> bytes:
    """The batch as it lies in the log."""
    return bytes(builder(*headers, compression=compression).build())


@pytest.mark.parametrize("compression", [0, 1], ids=["plain", "gzip"])
def test_names_that_are_no_text_are_written_out(compression: int) -> None:
    value = written(SOUND, ODD, SOUND, compression=compression)
    with pytest.raises(UnicodeDecodeError):
        list(MemoryRecords(value).next_batch() or ())
    records = LenientRecords(value)
    batch = records.next_batch()
    assert batch is not None
    assert batch.validate_crc()
    found = [(record.offset, record.key, record.value, list(record.headers)) for record in batch]
    odd = [("\\xff\\xfe", b"\xff")]
    assert found == [(0, b"k0", b"v0", SOUND), (1, b"k1", b"v1", odd), (2, b"k2", b"v2", SOUND)]
    assert not records.has_next()


def test_batches_before_and_after_are_decoded_as_ever() -> None:
    sound, odd = written(SOUND), written(ODD)
    records, headers = LenientRecords(sound + odd + sound), []
    while batch := records.next_batch():
        headers += [list(record.headers) for record in batch]
    assert headers == [SOUND, [("\\xff\\xfe", b"\xff")], SOUND]


def test_a_batch_that_is_not_all_there_is_left_for_the_next_fetch() -> None:
    value = written(SOUND)
    records = LenientRecords(value + value[:-1])
    assert records.next_batch() is not None
    assert not records.has_next()
