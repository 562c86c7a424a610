"""Exactly once in effect: whatever crashes and whoever believes they own a partition, the cells come out the same."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.listening import Fatal, Place, Record, Span
from chassis.metrics import LEDGER_WATERMARK
from chassis.store import Stale, Store, StoreUnavailable
from chassis.store_memory import MemoryStore
from contracts.topics import SUPPORT
from services.reporting import batches
from services.reporting import store as kept
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.handlers import Folding
from services.reporting.model import Cell, CellKey
from tests.services.reporting.said import JUNE_EVENTS, event, events
from tests.services.reporting.standing import deps_on

Logs = dict[Place, list[Record]]


class Crash(Exception):
    """The process died here."""


class CrashingStore(MemoryStore):
    """Dies at the n-th write, before or after it took effect."""

    def __init__(self) -> None:
        super().__init__()
        self.writes_left: int | None = None
        self.after = False

    async def _maybe_crash(self, write: Any) -> Any:
        if self.writes_left is None:
            return await write
        self.writes_left -= 1
        if self.writes_left > 0:
            return await write
        if self.after:
            await write
        else:
            write.close()
        raise Crash

    async def put(self, *args: Any, **kwargs: Any) -> int:
        return int(await self._maybe_crash(super().put(*args, **kwargs)))

    async def keep_newest(self, *args: Any, **kwargs: Any) -> None:
        await self._maybe_crash(super().keep_newest(*args, **kwargs))


def logs_of(values: Sequence[bytes], partitions: int = 2) -> Logs:
    """Lay events on partitions by their subject's key, garbage on the first."""
    logs: Logs = {Place("coop.support.v1", number): [] for number in range(partitions)}
    for value in values:
        try:
            number = sum(event(value).envelope.subject.partition("/")[0].encode()) % partitions
        except Exception:  # noqa: BLE001  garbage has no subject
            number = 0
        place = Place("coop.support.v1", number)
        logs[place].append(Record(place.topic, place.partition, len(logs[place]), None, value))
    return logs


async def consume(folding: Folding, logs: Logs, chance: random.Random) -> None:
    """Hear the logs from where the ledger stands, in batches of random size that join partitions."""
    starts = dict(await folding.assigned({place: Span(0, len(log)) for place, log in logs.items()}))
    while any(starts[place] < len(log) for place, log in logs.items()):
        batch: list[Record] = []
        for place, log in logs.items():
            take = log[starts[place] : starts[place] + chance.randint(0, 4)]
            starts[place] += len(take)
            batch += take
        await folding.hear(batch)
        if chance.random() < 0.3:
            await folding.flush()
    await folding.flush()


async def stored_cells(store: Store, counting: Counting) -> dict[CellKey, Cell]:
    buckets = {document.body["bucket"].partition(":")[2] for document in await store.find("cells")}
    merged: dict[CellKey, Cell] = {}
    for key, cell in await kept.read_cells(store, buckets, counting):
        into = merged.setdefault(key, Cell(0, {}, 0))
        into.amount += cell.amount
        into.newest = max(into.newest, cell.newest)
        for member, mentions in cell.members.items():
            into.members[member] = into.members.get(member, 0) + mentions
    return merged


def plain_cells(counting: Counting, values: Sequence[bytes]) -> dict[CellKey, Cell]:
    cells = Cells(counting.stocks)
    for value in values:
        apply(cells, entry_of(event(value), counting))
    return {key: cell for bucket in cells.buckets.values() for key, cell in bucket.items()}


@given(
    values=st.lists(events(), max_size=25),
    crashes=st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=6),
    seed=st.integers(0, 2**32),
)
async def test_a_crash_between_any_two_steps_changes_no_cell(
    plan: Plan, values: list[bytes], crashes: list[tuple[int, bool]], seed: int
) -> None:
    chance = random.Random(seed)
    heard = values + chance.choices(values, k=len(values) // 2) if values else []
    logs, store, counting = logs_of(heard), CrashingStore(), Counting(plan)
    for writes, after in crashes:
        store.writes_left, store.after = writes, after
        try:
            await consume(Folding(deps_on(plan, store)), logs, chance)
        except Crash:
            continue
    store.writes_left = None
    await consume(Folding(deps_on(plan, store)), logs, chance)
    assert await stored_cells(store, counting) == plain_cells(counting, values)


@given(values=st.lists(events(), min_size=1, max_size=25), seed=st.integers(0, 2**32))
async def test_two_consumers_that_own_the_same_partitions_count_once(
    plan: Plan, values: list[bytes], seed: int
) -> None:
    chance, logs, store = random.Random(seed), logs_of(values), MemoryStore()
    rivals = [Folding(deps_on(plan, store)), Folding(deps_on(plan, store))]
    spans = {place: Span(0, len(log)) for place, log in logs.items()}
    heard = [dict(await rival.assigned(spans)) for rival in rivals]
    while any(starts[place] < len(log) for starts in heard for place, log in logs.items()):
        rival, starts = chance.choice(list(zip(rivals, heard, strict=True)))
        place = chance.choice(list(logs))
        batch = logs[place][starts[place] : starts[place] + chance.randint(1, 5)]
        try:
            await rival.hear(batch)
        except Stale:
            continue  # the bus would bring the batch again
        starts[place] += len(batch)
    for rival in rivals:
        await rival.flush()
    assert await stored_cells(store, Counting(plan)) == plain_cells(Counting(plan), values)


@given(values=st.lists(events() | st.binary(max_size=30), max_size=25), seed=st.integers(0, 2**32))
async def test_what_cannot_be_read_is_put_aside_and_nothing_else(plan: Plan, values: list[bytes], seed: int) -> None:
    store = MemoryStore()
    deps = deps_on(plan, store)
    folding = Folding(deps)
    await consume(folding, logs_of(values), random.Random(seed))
    held = folding.partitions.values()
    readable = [value for value in values if value[:1] == b"{" and len(value) > 30]
    assert sum(p.dead for p in held) == await store.count("dead_letters", {}) == len(values) - len(readable)
    assert sum(p.events + p.duplicates for p in held) == len(readable)
    assert await stored_cells(store, Counting(plan)) == plain_cells(Counting(plan), readable)


async def test_a_store_that_fails_leaves_the_state_as_it_was(plan: Plan) -> None:
    class DownStore(MemoryStore):
        down = False

        async def put(self, *args: Any, **kwargs: Any) -> int:
            if self.down:
                raise StoreUnavailable("down")
            return await super().put(*args, **kwargs)

    store = DownStore()
    folding = Folding(deps_on(plan, store))
    place = Place("coop.support.v1", 0)
    await folding.assigned({place: Span(0, 1)})
    record = Record(place.topic, 0, 0, None, b"garbage")
    store.down = True
    with pytest.raises(StoreUnavailable):
        await folding.hear([record])
    assert folding.partitions[place].watermark == 0
    store.down = False
    await folding.hear([record])
    assert folding.partitions[place].watermark == 1


@pytest.fixture
async def folded(plan: Plan) -> MemoryStore:
    """A store whose ledger has three records of one partition."""
    store = MemoryStore()
    folding = Folding(deps_on(plan, store))
    place = Place("coop.support.v1", 0)
    await folding.assigned({place: Span(0, 3)})
    await folding.hear([Record(place.topic, 0, offset, None, b"record %d" % offset) for offset in range(3)])
    return store


async def test_a_log_that_ends_before_the_watermark_is_refused(plan: Plan, folded: MemoryStore) -> None:
    with pytest.raises(Fatal, match=r"ends at 1, before the store's watermark 3.*log-behind-store"):
        await Folding(deps_on(plan, folded, log_end=1)).assigned({Place("coop.support.v1", 0): Span(0, 1)})


async def test_a_log_that_grew_while_this_copy_stood_still_is_looked_at_again(plan: Plan, folded: MemoryStore) -> None:
    place = Place("coop.support.v1", 0)
    assert await Folding(deps_on(plan, folded, log_end=3)).assigned({place: Span(0, 1)}) == {place: 2}


async def test_a_log_that_begins_after_the_watermark_is_refused(plan: Plan, folded: MemoryStore) -> None:
    with pytest.raises(Fatal, match="begins at 5, after"):
        await Folding(deps_on(plan, folded)).assigned({Place("coop.support.v1", 0): Span(5, 9)})


async def test_another_log_that_is_long_enough_is_refused_at_its_first_record(plan: Plan, folded: MemoryStore) -> None:
    folding = Folding(deps_on(plan, folded))
    place = Place("coop.support.v1", 0)
    assert await folding.assigned({place: Span(0, 9)}) == {place: 2}
    with pytest.raises(Fatal, match="another cluster"):
        await folding.hear([Record(place.topic, 0, 2, None, b"something else")])


async def test_the_right_log_goes_on_where_it_stopped(plan: Plan, folded: MemoryStore) -> None:
    folding = Folding(deps_on(plan, folded))
    place = Place("coop.support.v1", 0)
    await folding.assigned({place: Span(0, 9)})
    await folding.hear([Record(place.topic, 0, offset, None, b"record %d" % offset) for offset in (2, 3)])
    assert folding.partitions[place].watermark == 4


async def test_a_gap_in_the_offsets_is_refused(plan: Plan, folded: MemoryStore) -> None:
    folding = Folding(deps_on(plan, folded))
    place = Place("coop.support.v1", 0)
    await folding.assigned({place: Span(0, 9)})
    with pytest.raises(Fatal, match="expected offset 3, got 4"):
        await folding.hear([Record(place.topic, 0, offset, None, b"record %d" % offset) for offset in (2, 4)])


async def test_an_adopted_log_is_taken_from_where_it_begins(plan: Plan, folded: MemoryStore) -> None:
    place = Place("coop.support.v1", 0)
    await batches.adopt_log(folded, [place])
    folding = Folding(deps_on(plan, folded))
    assert await folding.assigned({place: Span(5, 9)}) == {place: 5}
    await folding.hear([Record(place.topic, 0, offset, None, b"record %d" % offset) for offset in (5, 6)])
    assert folding.partitions[place].watermark == 7
    with pytest.raises(Fatal, match="begins at 8, after"):
        await Folding(deps_on(plan, folded)).assigned({place: Span(8, 9)})


async def test_an_adopted_log_is_folded_from_its_beginning_and_counts_nothing_twice(plan: Plan) -> None:
    values = list(JUNE_EVENTS)
    store, chance = MemoryStore(), random.Random(7)
    await consume(Folding(deps_on(plan, store)), logs_of(values), chance)
    before = await stored_cells(store, Counting(plan))
    await batches.adopt_log(store, list(logs_of(values)))
    await consume(Folding(deps_on(plan, store)), logs_of(values[::-1]), chance)
    assert await stored_cells(store, Counting(plan)) == before


async def test_the_position_is_told_from_the_start_and_only_while_the_place_is_ours(plan: Plan) -> None:
    store, place = MemoryStore(), Place(SUPPORT.name, 0)
    first = deps_on(plan, store)
    await Folding(first).assigned({place: Span(0, 9)})
    await Folding(first).hear([Record(*place, offset, None, value) for offset, value in enumerate(JUNE_EVENTS)])
    deps = deps_on(plan, store)
    folding, labels = Folding(deps), {"topic": place.topic, "partition": "0"}
    await folding.assigned({place: Span(0, len(JUNE_EVENTS))})
    assert deps.metrics.value(LEDGER_WATERMARK, **labels) == len(JUNE_EVENTS)
    await folding.revoked([place])
    assert "hopluc_ledger_watermark{" not in deps.metrics.render().decode()
