"""Heartbeats: every stage is measured, nothing else ever sees one, and a beat that fails harms nothing."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import pytest

from chassis.heartbeat import COLLECTION, Carried, Heart, beating
from chassis.listening import Place, Record, Span
from chassis.metrics import HEARTBEAT_DELAY, HEARTBEAT_INTERVAL, HEARTBEAT_NEWEST, Metrics
from chassis.outbox import Relay
from chassis.store import Message, StoreUnavailable
from chassis.store_memory import MemoryStore
from contracts.heartbeat import Beat, read_beat, write_beat
from contracts.topics import REPORTING_BEATS, SUPPORT_BEATS
from tests.kit.wait import until

EVENTS, BEATS = Place("coop.support.v1", 3), Place(SUPPORT_BEATS.name, 0)
MADE = 1_600_000_000.0


class Listening:
    """A listener that remembers what it was told."""

    def __init__(self) -> None:
        self.places: set[Place] = set()
        self.heard: list[Record] = []
        self.errors: list[Exception] = []

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        self.places |= set(spans)
        return {place: span.first for place, span in spans.items()}

    async def revoked(self, places: Collection[Place]) -> None:
        self.places -= set(places)

    async def hear(self, records: Sequence[Record]) -> None:
        for error in self.errors:
            raise error
        self.heard.extend(records)


class Station:
    """A service's heart on a store in memory, with what its relay has said and a clock that is set."""

    def __init__(self, *, tells: bool = True, store: MemoryStore | None = None) -> None:
        self.metrics, self.store, self.said = Metrics("test"), store or MemoryStore(), list[Message]()
        self.now = MADE
        self.relay = Relay(self.store, (), self.publish, self.metrics)
        topic = REPORTING_BEATS if tells else None
        self.heart = Heart(self.store, self.relay, self.metrics, tells=topic, now=lambda: self.now)
        self.listener = Listening()
        self.carried = Carried(self.listener, SUPPORT_BEATS, self.heart.heard("folded", said="said"))

    async def publish(self, messages: Sequence[Message]) -> None:
        self.said.extend(messages)

    async def beats(self) -> list[Beat | None]:
        await self.relay.round()
        return [read_beat(message.value) for message in self.said]


def record(place: Place, offset: int, value: bytes, written: float = MADE) -> Record:
    return Record(place.topic, place.partition, offset, None, value, timestamp=int(written * 1_000))


def beat(made: float = MADE) -> bytes:
    return write_beat(Beat(int(made * 1_000)))


class Down(MemoryStore):
    """A store that takes no heartbeat."""

    async def keep_newest(self, collection: str, documents: object) -> None:
        raise StoreUnavailable("down")


async def test_a_beat_is_written_over_the_one_before_and_said_by_the_relay() -> None:
    station = Station()
    for _ in range(3):
        station.now += 60
        await station.heart.beat()
    assert await station.store.count(COLLECTION) == 1
    assert await station.beats() == [Beat(int(station.now * 1_000))]
    assert station.metrics.value(HEARTBEAT_NEWEST, stage="made") == station.now


async def test_a_beat_that_came_is_measured_at_the_log_and_here_and_passed_on() -> None:
    station = Station()
    station.now = MADE + 4
    await station.carried.hear([record(BEATS, 0, beat(), written=MADE + 1)])
    assert await station.beats() == [Beat(int(MADE * 1_000))]
    for stage, seconds in (("said", 1), ("folded", 4)):
        assert station.metrics.value(HEARTBEAT_NEWEST, stage=stage) == MADE
        total = station.metrics.registry.get_sample_value("hopluc_heartbeat_seconds_sum", {"stage": stage})
        assert total == pytest.approx(seconds)


async def test_the_last_service_only_measures() -> None:
    station = Station(tells=False)
    await station.carried.hear([record(BEATS, 0, beat())])
    assert await station.beats() == []
    assert station.metrics.value(HEARTBEAT_NEWEST, stage="folded") == MADE


async def test_the_listener_never_sees_a_beat_nor_its_place() -> None:
    station = Station()
    told = await station.carried.assigned({EVENTS: Span(2, 9), BEATS: Span(0, 5)})
    assert told == {EVENTS: 2}
    assert station.listener.places == {EVENTS}
    records = [record(EVENTS, 2, b"a"), record(BEATS, 0, beat()), record(EVENTS, 3, b"b")]
    await station.carried.hear(records)
    assert [heard.value for heard in station.listener.heard] == [b"a", b"b"]
    await station.carried.revoked([EVENTS, BEATS])
    assert station.listener.places == set()


async def test_a_beat_waits_for_the_events_that_were_fetched_with_it() -> None:
    station = Station()
    station.listener.errors.append(StoreUnavailable("down"))
    with pytest.raises(StoreUnavailable):
        await station.carried.hear([record(BEATS, 0, beat()), record(EVENTS, 2, b"a")])
    assert await station.beats() == []
    assert station.metrics.value(HEARTBEAT_DELAY, stage="folded") == 0


async def test_of_several_beats_the_newest_is_taken_and_one_said_twice_is_measured_once() -> None:
    station = Station()
    await station.carried.hear([record(BEATS, 0, beat(MADE)), record(BEATS, 1, beat(MADE + 60))])
    await station.carried.hear([record(BEATS, 1, beat(MADE + 60))])
    assert station.metrics.value(HEARTBEAT_NEWEST, stage="folded") == MADE + 60
    assert station.metrics.value(HEARTBEAT_DELAY, stage="folded") == 1


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b'{"made":"now"}', b"[" * 5_000])
async def test_what_is_no_beat_is_passed_over(value: bytes) -> None:
    station = Station()
    await station.carried.hear([record(BEATS, 0, value)])
    assert await station.beats() == []


async def test_a_beat_that_the_store_does_not_take_leaves_the_events_heard() -> None:
    station = Station(store=Down())
    await station.carried.hear([record(EVENTS, 2, b"a"), record(BEATS, 0, beat())])
    assert [heard.value for heard in station.listener.heard] == [b"a"]
    assert station.metrics.value(HEARTBEAT_DELAY, stage="folded") == 0


async def test_a_group_that_is_new_at_every_start_passes_over_older_beats() -> None:
    station = Station()
    carried = Carried(station.listener, SUPPORT_BEATS, station.heart.heard("heard", said="passed-on"), only_new=True)
    assert await carried.assigned({EVENTS: Span(2, 9), BEATS: Span(0, 5)}) == {EVENTS: 2, BEATS: 5}


async def test_hearts_beat_until_they_are_told_not_to() -> None:
    station = Station()
    part = beating(station.heart, 0.01, station.metrics)
    assert part.run is not None
    running = asyncio.ensure_future(part.run())
    await until(lambda: station.metrics.value(HEARTBEAT_NEWEST, stage="made") == MADE)
    running.cancel()
    assert station.metrics.value(HEARTBEAT_INTERVAL) == 0.01
    assert beating(station.heart, 0.0, station.metrics).run is None
    assert station.metrics.value(HEARTBEAT_INTERVAL) == 0
