"""Dead letters: put aside once, with everything needed to try again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chassis.deadletters import DeadLetters
from chassis.listening import Record
from chassis.metrics import EVENTS_DEAD, Metrics
from chassis.store_memory import MemoryStore

NOW = datetime(2021, 6, 1, tzinfo=UTC)


def record(offset: int) -> Record:
    return Record("topic", 3, offset, b"key", b"\xff\x00", (("h", b"\xfe"),))


async def test_a_record_is_put_aside_with_its_bytes_and_the_reason() -> None:
    letters = DeadLetters(MemoryStore(), Metrics("test"))
    await letters.put(record(7), "/time: thiếu", NOW)
    (letter,) = await letters.list()
    assert letter.body == {
        "topic": "topic",
        "partition": 3,
        "offset": 7,
        "key": b"key",
        "value": b"\xff\x00",
        "headers": [["h", b"\xfe"]],
        "reason": "/time: thiếu",
        "first_seen": NOW,
    }


async def test_a_record_heard_again_is_put_aside_once_and_keeps_when_it_was_first_seen() -> None:
    letters = DeadLetters(MemoryStore(), Metrics("test"))
    await letters.put(record(7), "reason", NOW)
    await letters.put(record(7), "reason", NOW + timedelta(days=1))
    assert await letters.count() == 1
    assert (await letters.list())[0].body["first_seen"] == NOW


async def test_letters_are_listed_in_the_order_of_their_offsets() -> None:
    letters = DeadLetters(MemoryStore(), Metrics("test"))
    for offset in (10, 9, 100):
        await letters.put(record(offset), "reason", NOW)
    first = await letters.list(limit=2)
    rest = await letters.list(after=first[-1].id)
    assert [letter.body["offset"] for letter in (*first, *rest)] == [9, 10, 100]


async def test_another_record_at_the_same_offset_is_another_letter() -> None:
    """The log was lost and begun anew."""
    metrics = Metrics("test")
    letters = DeadLetters(MemoryStore(), metrics)
    await letters.put(record(7), "reason", NOW)
    await letters.put(record(7), "reason", NOW)
    await letters.put(replace(record(7), value=b"{"), "reason", NOW)
    assert await letters.count() == metrics.value(EVENTS_DEAD, topic="topic") == 2
