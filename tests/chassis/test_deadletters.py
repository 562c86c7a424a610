"""Dead letters: put aside once, tried before they are replayed, and in the order of their subject."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import ManualClock
from chassis.deadletters import DeadLetters, NotReplayed, record_of
from chassis.listening import Record
from chassis.metrics import DEAD_LETTERS_OLDEST, DEAD_LETTERS_OPEN, EVENTS_DEAD, Metrics
from chassis.store_memory import MemoryStore
from contracts.envelope import Malformed

NOW = datetime(2021, 6, 1, tzinfo=UTC)


class Log:
    """A place of a topic, and a service that hears it: `broken` values cannot be read for now."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.heard = 0
        self.told: list[bytes] = []
        self.broken: set[bytes] = set()
        self.metrics = Metrics("test")
        self.clock = ManualClock(NOW)
        self.letters: DeadLetters[bytes] = DeadLetters(
            MemoryStore(), self.metrics, self.clock, judge=self._judge, publish=self._publish, max_replays=2
        )

    def _judge(self, record: Record) -> bytes:
        if record.value in self.broken:
            raise Malformed("/data/people", "hỏng")
        return record.value

    async def _publish(self, records: Sequence[Record]) -> None:
        self.records += [replace(record, offset=len(self.records) + n) for n, record in enumerate(records)]

    async def write(self, value: bytes, key: bytes | None) -> None:
        await self._publish([Record("topic", 3, 0, key, value, (("h", b"\xfe"),))])

    async def hear(self, records: int = 1_000) -> None:
        for record in self.records[self.heard : self.heard + records]:
            if (told := await self.letters.admit(record)) is not None and told not in self.told:
                self.told.append(told)  # what is heard again counts once
            self.heard += 1

    async def states(self) -> list[tuple[bytes, str]]:
        return [(letter.body["value"], letter.body["state"]) for letter in await self.letters.list()]


@pytest.fixture
def log() -> Log:
    return Log()


async def poisoned(log: Log, *values: bytes, key: bytes = b"k") -> None:
    """The first of them cannot be read; all are heard."""
    log.broken.add(values[0])
    for value in values:
        await log.write(value, key)
    await log.hear()


async def test_a_record_is_put_aside_with_its_bytes_and_the_reason(log: Log) -> None:
    await poisoned(log, b"\xff\x00")
    (letter,) = await log.letters.list()
    assert letter.body == {
        "topic": "topic",
        "partition": 3,
        "offset": 0,
        "key": b"k",
        "value": b"\xff\x00",
        "headers": [["h", b"\xfe"]],
        "code": "wrong-data",
        "reason": "/data/people: hỏng",
        "subject": "topic k",
        "speaker": "",
        "first_seen": NOW,
        "state": "open",
        "replays": 0,
        "line": letter.id,
    }


async def test_a_record_heard_again_is_put_aside_once_and_keeps_when_it_was_first_seen(log: Log) -> None:
    await poisoned(log, b"a")
    log.clock.set(NOW + timedelta(days=1))
    log.heard = 0
    await log.hear()
    assert await log.letters.count() == 1
    assert (await log.letters.list())[0].body["first_seen"] == NOW
    assert log.metrics.value(EVENTS_DEAD, topic="topic") == 1


async def test_letters_are_listed_in_the_order_of_their_offsets(log: Log) -> None:
    for offset in (10, 9, 100):
        await log.letters.put(Record("topic", 3, offset, None, b"x"), "reason")
    first = await log.letters.list(limit=2)
    rest = await log.letters.list(after=first[-1].id)
    assert [letter.body["offset"] for letter in (*first, *rest)] == [9, 10, 100]


async def test_another_record_at_the_same_offset_is_another_letter(log: Log) -> None:
    """The log was lost and begun anew."""
    await poisoned(log, b"a")
    log.records, log.heard = [], 0
    await poisoned(log, b"b")
    assert await log.letters.count() == log.metrics.value(EVENTS_DEAD, topic="topic") == 2


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"\xff", "unreadable"),
        (b'{"specversion":"1.0"}', "wrong-envelope"),
        (b"[]", "unreadable"),
    ],
)
async def test_what_is_wrong_has_a_code(log: Log, value: bytes, code: str) -> None:
    def judge(record: Record) -> bytes:
        raise Malformed("", "hỏng")

    log.letters._judge = judge
    await log.write(value, None)
    await log.hear()
    (letter,) = await log.letters.list()
    assert letter.body["code"] == code


async def test_a_letter_holds_its_own_subject_s_later_records_and_no_others(log: Log) -> None:
    await poisoned(log, b"1", b"2")
    await log.write(b"other", b"o")
    await log.hear()
    assert log.told == [b"other"]
    assert await log.states() == [(b"1", "open"), (b"2", "held")]


async def test_a_record_that_names_no_subject_holds_nothing(log: Log) -> None:
    log.broken.add(b"1")
    await log.write(b"1", None)
    await log.write(b"2", None)
    await log.hear()
    assert log.told == [b"2"]


async def test_once_it_can_be_read_it_is_replayed_and_the_rest_goes_in_order(log: Log) -> None:
    await poisoned(log, b"1", b"2", b"3")
    log.broken.clear()
    (first, *_) = await log.letters.list()
    await log.letters.replay(first)
    await log.write(b"4", b"k")  # heard while the others are on their way
    while log.heard < len(log.records):
        await log.hear(1)
    assert log.told == [b"1", b"2", b"3", b"4"]
    assert {state for _, state in await log.states()} == {"closed"}
    assert record_of(first) == log.records[0]


async def test_trying_writes_nothing_and_says_what_would_become_of_it(log: Log) -> None:
    await poisoned(log, b"1", b"2")
    first, second = await log.letters.list()
    with pytest.raises(NotReplayed, match="Vẫn không đọc được") as dead:
        await log.letters.replay(first)
    with pytest.raises(NotReplayed, match="chờ sau") as behind:
        await log.letters.try_again(second)
    assert (dead.value.code, behind.value.code) == ("still-dead", "held")
    log.broken.clear()
    await log.letters.try_again(first)
    assert len(log.records) == 2


async def test_one_that_keeps_coming_back_is_left_alone(log: Log) -> None:
    """As when the copy that is asked can read it and the copy that hears it cannot."""
    await poisoned(log, b"1", b"2")
    for _ in range(2):
        (letter,) = await log.letters.list({"state": "open"})
        log.broken.clear()
        await log.letters.replay(letter)
        log.broken.add(b"1")
        await log.hear()
    (letter,) = await log.letters.list({"state": "open"})
    log.broken.clear()
    with pytest.raises(NotReplayed, match="Đã phát lại 2 lần"):
        await log.letters.replay(letter)
    assert log.told == []
    await log.letters.discard(letter, "hỏng hẳn", "an operator")
    await log.hear()
    assert log.told == [b"2"]


async def test_what_waits_behind_a_discarded_one_goes(log: Log) -> None:
    await poisoned(log, b"1", b"2")
    (first, _) = await log.letters.list()
    await log.letters.discard(first, "thử nghiệm", "an operator")
    await log.hear()
    assert log.told == [b"2"]
    settled = (await log.letters.list())[0].body
    assert (settled["state"], settled["settled_by"], settled["why"]) == ("discarded", "an operator", "thử nghiệm")
    with pytest.raises(NotReplayed, match="đã xử lý xong"):
        await log.letters.try_again((await log.letters.list())[1])


async def test_a_service_that_starts_again_knows_whom_it_holds(log: Log) -> None:
    await poisoned(log, b"1")
    store = log.letters._store
    log.letters = DeadLetters(store, log.metrics, log.clock, judge=log._judge, publish=log._publish)
    await log.letters.load()
    await log.write(b"2", b"k")
    await log.hear()
    assert log.told == []


async def test_letters_are_measured_by_reason_and_age(log: Log) -> None:
    await poisoned(log, b"1", b"2")
    log.clock.set(NOW + timedelta(hours=1))
    await log.letters.measure()
    assert log.metrics.value(DEAD_LETTERS_OPEN, reason="wrong-data") == 1
    assert log.metrics.value(DEAD_LETTERS_OPEN, reason="behind") == 1
    assert log.metrics.value(DEAD_LETTERS_OLDEST, reason="wrong-data") == 3600
    assert log.metrics.value(DEAD_LETTERS_OPEN, reason="unreadable") == 0
