"""Backing up and putting back: nothing is lost of a document, and documents agree with each other."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chassis.archive import Broken, proven
from chassis.backup import Kept, Restless, back_up, restore
from chassis.clock import ManualClock
from chassis.listening import Fatal
from chassis.store import Message, Stale, Store, Taken, Whole
from chassis.store_memory import MemoryStore
from chassis.store_mongo import MongoStore

CLOCK = ManualClock(datetime(2021, 4, 1, 8, tzinfo=UTC))
INDEXES = {"things": ("n",), "others": (), "copies": ()}
KEPT = Kept("test", INDEXES, ("things", "others"), derived={"copies": "made anew"})


def said(number: int) -> Message:
    return Message("topic", "k", b"%d" % number, {"h": "1"})


async def filled(store: Store) -> Store:
    """A store with all that a document can have: claims, messages said, partly said and waiting, a rank."""
    await store.prepare(INDEXES)
    for number in range(450):
        await store.put("things", f"t-{number:03d}", {"n": number}, expected=0, claims=[f"c-{number}"])
    await store.put("others", "all", {"at": CLOCK.now(), "b": b"\xff"}, expected=0, messages=[said(1), said(2)])
    await store.sent("others", await store.unsent("others", 10))
    await store.put("others", "all", {"at": CLOCK.now(), "b": b"\xff"}, expected=1, messages=[said(3)])
    await store.put("others", "waits", {}, expected=0, messages=[said(4)])
    await store.keep_newest("others", [("ranked", 7, {"n": 7})])
    await store.keep_newest("copies", [("c", 1, {})])
    return store


@pytest.fixture(params=["memory", pytest.param("motor", marks=pytest.mark.servers)])
def opened(request: pytest.FixtureRequest, database: str) -> Callable[[str], Store]:
    """Opens a fresh database, in memory or on a real store."""
    if request.param == "memory":
        return lambda _: MemoryStore()
    uri = request.getfixturevalue("mongodb_uri")
    return lambda name: MongoStore.open(uri, f"{database}_{name}", "motor")


async def test_what_is_put_back_is_all_that_was_there(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store, fresh = await filled(opened("a")), opened("b")
    tail = await back_up(store, KEPT, tmp_path / "file", CLOCK)
    assert tail.documents == {"things": 450, "others": 3}
    assert await restore(fresh, KEPT, tmp_path / "file") == tail
    for collection in KEPT.collections:
        assert await fresh.whole(collection) == await store.whole(collection)
    assert await fresh.count("copies") == 0, "what is derived is left out"
    assert await fresh.claimed("things", ["c-7"]) == {"c-7": "t-007"}
    with pytest.raises(Taken):
        await fresh.put("things", "new", {}, expected=0, claims=["c-7"])
    assert [one.messages for one in await fresh.unsent("others", 10)] == [(said(3),), (said(4),)]
    assert await fresh.put("things", "t-007", {"n": 8}, expected=1) == 2
    assert await fresh.resend("others") == 2
    await store.close()
    await fresh.close()


async def test_a_backup_is_put_back_only_where_nothing_is(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = await filled(opened("a"))
    await back_up(store, KEPT, tmp_path / "file", CLOCK)
    with pytest.raises(Fatal, match="things is not empty"):
        await restore(store, KEPT, tmp_path / "file")
    other = MemoryStore()
    await other.keep_newest("copies", [("c", 1, {})])
    with pytest.raises(Fatal, match="copies is not empty"):
        await restore(other, KEPT, tmp_path / "file")
    with pytest.raises(Stale):
        await store.put_back("things", (await store.whole("things"))[:1])
    await store.close()


async def test_anothers_backup_and_one_from_the_future_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    await back_up(await filled(MemoryStore()), KEPT, tmp_path / "file", CLOCK)
    fresh = MemoryStore()
    with pytest.raises(Broken, match="is of test, not of another"):
        await restore(fresh, replace(KEPT, owner="another"), tmp_path / "file")
    with pytest.raises(Broken, match="holds others"):
        await restore(fresh, Kept("test", {"things": ()}, ("things",)), tmp_path / "file")
    (tmp_path / "cut").write_bytes((tmp_path / "file").read_bytes()[:-40])
    with pytest.raises(Broken):
        await restore(fresh, KEPT, tmp_path / "cut")
    assert await fresh.count("things") == 0


class Busy(MemoryStore):
    """A store that something is done to after each reading of a collection as a whole, and before each look at
    versions: the worst moments."""

    def __init__(self, act: Callable[[Store], Awaitable[None]]) -> None:
        super().__init__()
        self._act = act

    async def versions(self, collection: str) -> dict[str, int]:
        await self._act(self)
        return await super().versions(collection)

    async def whole(
        self, collection: str, *, after: str | None = None, limit: int | None = None, ids: Iterable[str] | None = None
    ) -> list[Whole]:
        page = await super().whole(collection, after=after, limit=1, ids=ids) if ids is None else None
        if page is not None:
            await self._act(self)
            return page
        return await super().whole(collection, ids=ids)


@pytest.mark.parametrize(("settled", "lost"), [(frozenset({"things"}), False), (frozenset(), True)])
async def test_a_step_that_moves_between_documents_while_they_are_read_is_in_one_of_them(
    tmp_path: Path, settled: frozenset[str], lost: bool
) -> None:
    """Once ``a`` was read, the step that ``b`` has for it is done and forgotten. Read once, it would be in neither."""

    async def act(store: Store) -> None:
        for id, body in (("a", {"done": True}), ("b", {"pending": False})):
            with suppress(Stale):
                await store.put("things", id, body, expected=1)

    store, fresh = Busy(act), MemoryStore()
    await store.put("things", "a", {"done": False}, expected=0)
    await store.put("things", "b", {"pending": True}, expected=0)
    kept = Kept("test", {"things": ()}, ("things",), settled=settled)
    await back_up(store, kept, tmp_path / "file", CLOCK)
    await restore(fresh, kept, tmp_path / "file")
    found = await fresh.get_many("things", ["a", "b"])
    assert (found["a"].body["done"] or found["b"].body["pending"]) is not lost


async def test_what_never_stands_still_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        document = await store.get("things", "a")
        assert document is not None
        await store.put("things", "a", {}, expected=document.version)

    store = Busy(act)
    await store.put("things", "a", {}, expected=0)
    kept = Kept("test", {"things": ()}, ("things",), settled=frozenset({"things"}))
    with pytest.raises(Restless):
        await back_up(store, kept, tmp_path / "file", CLOCK)
    assert list(tmp_path.iterdir()) == []


async def test_the_positions_of_the_log_are_told(tmp_path: Path) -> None:
    store = MemoryStore()
    for number in range(3):
        await store.put("things", f"t-{number}", {"end": number * 10}, expected=0)
    kept = Kept("test", {"things": ()}, ("things",), position=lambda _, one: ("t/0", f"0:{one.body['end']}"))
    await back_up(store, kept, tmp_path / "file", CLOCK)
    assert proven(tmp_path / "file")[1].positions == {"t/0": "0:20"}
