"""The relay: nothing lost, nothing overtaken, whatever crashes between two steps."""

import asyncio
import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.listening import BrokerUnavailable
from chassis.metrics import OUTBOX_DEPTH, OUTBOX_OLDEST, Metrics
from chassis.outbox import Relay
from chassis.store import Message, StoreUnavailable, Unsent
from chassis.store_memory import MemoryStore
from tests.kit.wait import until


class Crash(Exception):
    """The process died here."""


class Log:
    """A broker that remembers, and dies when told: before a batch, in its middle, or after it."""

    def __init__(self, chance: random.Random, crashes: int) -> None:
        self.messages: list[Message] = []
        self._chance = chance
        self._crashes = crashes

    async def publish(self, messages: Sequence[Message]) -> None:
        if self._crashes and self._chance.random() < 0.5:
            self._crashes -= 1
            self.messages += messages[: self._chance.randint(0, len(messages))]
            raise self._chance.choice((BrokerUnavailable("gone"), Crash()))
        self.messages += messages


class ForgetfulStore(MemoryStore):
    """Dies now and then before it marks what is sent."""

    def __init__(self, chance: random.Random, crashes: int) -> None:
        super().__init__()
        self._chance = chance
        self._crashes = crashes

    async def sent(self, collection: str, items: Iterable[Unsent]) -> None:
        if self._crashes and self._chance.random() < 0.5:
            self._crashes -= 1
            raise self._chance.choice((StoreUnavailable("gone"), Crash()))
        await super().sent(collection, items)


def relay_of(store: MemoryStore, log: Log) -> Relay:
    return Relay(store, ("things",), log.publish, Metrics("test"), poll_seconds=0.01, longest_pause=0.01)


@given(
    puts=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=20),
    crashes=st.integers(0, 6),
    seed=st.integers(0, 2**32),
)
async def test_every_message_is_said_in_order_of_its_document(
    puts: list[tuple[str, int]], crashes: int, seed: int
) -> None:
    chance = random.Random(seed)
    store, log = ForgetfulStore(chance, crashes), Log(chance, crashes)
    versions: dict[str, int] = {}
    put: list[tuple[str, bytes]] = []
    for number, (id, count) in enumerate(puts):
        messages = [Message("t", id, b"%d.%d" % (number, part)) for part in range(count)]
        versions[id] = await store.put("things", id, {}, expected=versions.get(id, 0), messages=messages)
        put += [(id, message.value) for message in messages]
        if chance.random() < 0.5:
            await _round(store, log)
    while await store.unsent("things", 1):
        await _round(store, log)
    for id in versions:
        said = [message.value for message in log.messages if message.key == id]
        assert list(dict.fromkeys(said)) == [value for key, value in put if key == id]


async def _round(store: MemoryStore, log: Log) -> None:
    """A relay that dies is started anew."""
    try:
        await relay_of(store, log).round()
    except (Crash, BrokerUnavailable, StoreUnavailable):
        return


async def test_a_relay_goes_on_when_broker_and_store_come_back() -> None:
    chance = random.Random(1)
    store, log = MemoryStore(), Log(chance, 0)
    answers = iter([BrokerUnavailable("down"), StoreUnavailable("down")])

    async def publish(messages: Sequence[Message]) -> None:
        for error in answers:
            raise error
        await log.publish(messages)

    relay = Relay(store, ("things",), publish, Metrics("test"), poll_seconds=0.01, longest_pause=0.01)
    await store.put("things", "a", {}, expected=0, messages=[Message("t", "a", b"1")])
    running = asyncio.create_task(relay.run())
    assert await relay.drained(5.0)
    assert [message.value for message in log.messages] == [b"1"]
    running.cancel()


async def test_an_error_nobody_expected_ends_the_relay_rather_than_vanishing() -> None:
    async def publish(messages: Sequence[Message]) -> None:
        raise ValueError("a defect")

    store = MemoryStore()
    await store.put("things", "a", {}, expected=0, messages=[Message("t", "a", b"1")])
    relay = Relay(store, ("things",), publish, Metrics("test"))
    with pytest.raises(ValueError, match="a defect"):
        await relay.run()


async def test_a_message_put_while_the_relay_waits_is_said_when_it_is_woken() -> None:
    store, log = MemoryStore(), Log(random.Random(1), 0)
    relay = Relay(store, ("things",), log.publish, Metrics("test"), poll_seconds=3600)
    running = asyncio.create_task(relay.run())
    assert await relay.drained(5.0)
    await store.put("things", "a", {}, expected=0, messages=[Message("t", "a", b"1")])
    relay.wake()
    await until(lambda: log.messages, within=5)
    running.cancel()


async def test_depth_counts_all_that_wait_and_not_only_what_goes_at_once() -> None:
    store, metrics = MemoryStore(), Metrics("test")
    for number in range(130):
        await store.put("things", f"{number:03d}", {}, expected=0, messages=[Message("t", "a", b"1")])
    relay = Relay(store, ("things", "others"), Log(random.Random(1), 0).publish, metrics)
    assert await relay.round()
    assert metrics.value(OUTBOX_DEPTH, collection="things") == 130
    await relay.round()
    assert metrics.value(OUTBOX_DEPTH, collection="things") == 30


async def test_only_what_cannot_be_said_grows_old() -> None:
    store, metrics, now = MemoryStore(), Metrics("test"), [100.0]
    down: list[Exception] = []

    async def publish(messages: Sequence[Message]) -> None:
        for error in down:
            raise error

    relay = Relay(store, ("things", "others"), publish, metrics, now=lambda: now[0])
    version = 0
    for _ in range(3):  # something waits at every look, and never the same
        version = await store.put("things", "a", {}, expected=version, messages=[Message("t", "a", b"1")])
        await relay.round()
        now[0] += 50
    assert metrics.value(OUTBOX_OLDEST, collection="things") == 0
    down.append(BrokerUnavailable("down"))
    await store.put("things", "b", {}, expected=0, messages=[Message("t", "b", b"1")])
    for _ in range(2):
        with pytest.raises(BrokerUnavailable):
            await relay.round()
        now[0] += 50
    assert metrics.value(OUTBOX_OLDEST, collection="things") == 50
    down.clear()
    await relay.round()
    await relay.round()
    assert metrics.value(OUTBOX_OLDEST, collection="things") == 0


async def test_what_follows_is_said_behind_everything_that_waits_and_only_in_its_newest_form() -> None:
    store, log = MemoryStore(), Log(random.Random(1), 0)
    for number in range(60):
        await store.put("things", f"{number:02d}", {}, expected=0, messages=[Message("t", "a", b"%d" % number)])
    relay = relay_of(store, log)
    relay.follow(Message("beat", "", b"old"))
    relay.follow(Message("beat", "", b"new"))
    while await relay.round():
        pass
    assert [message.value for message in log.messages] == [*(b"%d" % number for number in range(60)), b"new"]
    await relay.round()
    assert len(log.messages) == 61
