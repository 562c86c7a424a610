"""The store contract, the same for memory, Motor and pymongo's asynchronous client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.store import Document, Message, Stale, Store, StoreUnavailable, Taken, Write
from chassis.store_memory import MemoryStore
from chassis.store_mongo import MongoStore

COLLECTION = "things"


def said(number: int, key: str = "k") -> Message:
    return Message("topic", key, b"%d" % number, {"h": "1"})


@pytest.fixture(
    params=[
        "memory",
        pytest.param("motor", marks=pytest.mark.servers),
        pytest.param("pymongo", marks=pytest.mark.servers),
    ]
)
async def store(request: pytest.FixtureRequest, database: str) -> AsyncIterator[Store]:
    store: Store = MemoryStore()
    if request.param != "memory":
        store = MongoStore.open(request.getfixturevalue("mongodb_uri"), database, request.param)
    await store.prepare({COLLECTION: ("colour", "size")})
    yield store
    await store.close()


async def test_a_document_is_read_as_it_was_put(store: Store) -> None:
    body = {"text": "Hợp tác xã", "bytes": b"\x00\xff", "list": [1, {"a": None}], "big": 2**53 - 1, "yes": True}
    assert await store.put(COLLECTION, "a", body, expected=0) == 1
    assert await store.get(COLLECTION, "a") == Document("a", 1, body)
    assert await store.get(COLLECTION, "b") is None
    assert await store.get_many(COLLECTION, ["a", "b"]) == {"a": Document("a", 1, body)}
    assert await store.get_many(COLLECTION, []) == {}


async def test_what_is_read_can_be_changed_without_changing_what_is_stored(store: Store) -> None:
    body = {"list": [1]}
    await store.put(COLLECTION, "a", body, expected=0)
    body["list"].append(2)
    read = await store.get(COLLECTION, "a")
    assert read is not None
    read.body["list"].append(3)
    again = await store.get(COLLECTION, "a")
    assert again is not None
    assert again.body == {"list": [1]}


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_a_put_on_another_version_is_stale_and_changes_nothing(store: Store, expected: int) -> None:
    await store.put(COLLECTION, "a", {"n": 1}, expected=0)
    with pytest.raises(Stale):
        await store.put(COLLECTION, "a", {"n": 2}, expected=expected, messages=[said(1)])
    assert await store.get(COLLECTION, "a") == Document("a", 1, {"n": 1})
    assert await store.unsent(COLLECTION, 10) == []


async def test_a_put_on_a_version_of_what_is_not_there_is_stale(store: Store) -> None:
    with pytest.raises(Stale):
        await store.put(COLLECTION, "a", {}, expected=3)


async def test_of_many_puts_on_one_version_exactly_one_wins(store: Store) -> None:
    await store.put(COLLECTION, "a", {"n": 0}, expected=0)
    outcomes = await asyncio.gather(
        *(store.put(COLLECTION, "a", {"n": n}, expected=1, messages=[said(n)]) for n in range(1, 9)),
        return_exceptions=True,
    )
    assert sorted(str(o) if isinstance(o, int) else type(o).__name__ for o in outcomes) == ["2"] + ["Stale"] * 7
    (waiting,) = await store.unsent(COLLECTION, 10)
    read = await store.get(COLLECTION, "a")
    assert read is not None
    assert [message.value for message in waiting.messages] == [b"%d" % read.body["n"]]


async def test_a_claim_belongs_to_the_first_document_that_made_it(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, claims=["x", "y"])
    await store.put(COLLECTION, "b", {}, expected=0)
    with pytest.raises(Taken) as taken:
        await store.put(COLLECTION, "c", {}, expected=0, claims=["y", "z"], messages=[said(1)])
    assert taken.value.claims == {"y"}
    with pytest.raises(Taken):
        await store.put(COLLECTION, "b", {}, expected=1, claims=["x"])
    assert await store.get(COLLECTION, "c") is None
    assert await store.claimed(COLLECTION, ["x", "y", "z"]) == {"x": "a", "y": "a"}
    assert await store.claimed(COLLECTION, []) == {}


async def test_a_document_keeps_its_claims_and_may_claim_more(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, claims=["x"])
    await store.put(COLLECTION, "a", {}, expected=1, claims=["y"])
    await store.put(COLLECTION, "a", {}, expected=2)
    assert await store.claimed(COLLECTION, ["x", "y"]) == {"x": "a", "y": "a"}


async def test_of_two_that_put_the_same_at_once_the_slower_is_stale_and_no_claim_is_taken(store: Store) -> None:
    for turn in range(10):
        puts = (store.put(COLLECTION, f"a{turn}", {}, expected=0, claims=[f"x{turn}"]) for _ in range(6))
        outcomes = await asyncio.gather(*puts, return_exceptions=True)
        assert sorted(type(one).__name__ for one in outcomes) == [*["Stale"] * 5, "int"], outcomes


async def test_many_are_put_one_after_the_other(store: Store) -> None:
    await store.put(COLLECTION, "a", {"n": 1}, expected=0, messages=[said(1)], claims=["x"])
    writes = [Write("b", {"n": 2}, 0, [said(2)], ["y"]), Write("a", {"n": 3}, 1, [said(3)], ["z"]), Write("c", {}, 0)]
    assert await store.put_all(COLLECTION, writes) == (3, None)
    assert await store.get(COLLECTION, "a") == Document("a", 2, {"n": 3})
    assert await store.claimed(COLLECTION, ["x", "y", "z"]) == {"x": "a", "y": "b", "z": "a"}
    waiting = await store.unsent(COLLECTION, 10)
    assert {one.id: one.messages for one in waiting} == {"a": (said(1), said(3)), "b": (said(2),)}
    assert await store.put_all(COLLECTION, []) == (0, None)


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (Write("a", {"n": 2}, 0), Stale),
        (Write("a", {"n": 2}, 7), Stale),
        (Write("c", {"n": 2}, 0, [said(2)], ["x"]), Taken),
        (Write("b", {"n": 2}, 1, [said(2)], ["x"]), Taken),
    ],
)
async def test_of_many_puts_the_first_refusal_stops_the_rest(
    store: Store, refused: Write, error: type[Exception]
) -> None:
    await store.put(COLLECTION, "a", {"n": 1}, expected=0, claims=["x"])
    await store.put(COLLECTION, "b", {"n": 1}, expected=0)
    written, stopped = await store.put_all(COLLECTION, [Write("first", {}, 0), refused, Write("last", {}, 0)])
    assert (written, type(stopped)) == (1, error)
    if isinstance(stopped, Taken):
        assert stopped.claims == {"x"}
    kept = await store.get_many(COLLECTION, ["a", "b", "c", "first", "last"])
    assert {id: document.version for id, document in kept.items()} == {"a": 1, "b": 1, "first": 1}
    assert await store.unsent(COLLECTION, 10) == []


async def test_messages_wait_in_the_order_they_were_put(store: Store) -> None:
    await store.put(COLLECTION, "b", {}, expected=0, messages=[said(1), said(2)])
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(3)])
    await store.put(COLLECTION, "b", {}, expected=1, messages=[said(4)])
    waiting = await store.unsent(COLLECTION, 10)
    assert [(unsent.id, unsent.version) for unsent in waiting] == [("b", 2), ("a", 1)]
    assert [message for unsent in waiting for message in unsent.messages] == [said(1), said(2), said(4), said(3)]
    assert len(await store.unsent(COLLECTION, 1)) == 1


async def test_sent_messages_wait_no_longer_but_can_be_sent_again(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(1)])
    await store.sent(COLLECTION, await store.unsent(COLLECTION, 10))
    assert await store.unsent(COLLECTION, 10) == []
    await store.put(COLLECTION, "a", {}, expected=1, messages=[said(2)])
    assert [unsent.messages for unsent in await store.unsent(COLLECTION, 10)] == [(said(2),)]
    assert await store.resend(COLLECTION) == 1
    assert [unsent.messages for unsent in await store.unsent(COLLECTION, 10)] == [(said(1), said(2))]


async def test_all_that_was_ever_said_can_be_read_again(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(1)])
    await store.sent(COLLECTION, await store.unsent(COLLECTION, 10))
    await store.put(COLLECTION, "a", {}, expected=1, messages=[said(2)])
    await store.put(COLLECTION, "b", {}, expected=0)
    assert await store.said(COLLECTION, ["a", "b", "c"]) == {"a": (said(1), said(2)), "b": ()}


async def test_a_writer_that_comes_between_sending_and_marking_loses_nothing(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(1)])
    (waiting,) = await store.unsent(COLLECTION, 10)
    await store.put(COLLECTION, "a", {}, expected=1, messages=[said(2)])
    await store.sent(COLLECTION, [waiting])
    assert [unsent.messages for unsent in await store.unsent(COLLECTION, 10)] == [(said(1), said(2))]


async def test_saying_all_again_is_not_undone_by_a_round_that_was_under_way(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(1)])
    await store.sent(COLLECTION, await store.unsent(COLLECTION, 10))
    await store.put(COLLECTION, "a", {}, expected=1, messages=[said(2)])
    under_way = await store.unsent(COLLECTION, 10)
    await store.resend(COLLECTION)
    await store.sent(COLLECTION, under_way)
    assert [unsent.messages for unsent in await store.unsent(COLLECTION, 10)] == [(said(1), said(2))]


async def test_a_put_without_messages_leaves_what_waits(store: Store) -> None:
    await store.put(COLLECTION, "a", {}, expected=0, messages=[said(1)])
    await store.put(COLLECTION, "a", {"n": 2}, expected=1)
    assert [unsent.messages for unsent in await store.unsent(COLLECTION, 10)] == [(said(1),)]


async def test_the_highest_rank_is_kept_in_whatever_order_it_comes(store: Store) -> None:
    await store.keep_newest(COLLECTION, [("a", 3, {"n": 3}), ("b", 1, {"n": 1})])
    await store.keep_newest(COLLECTION, [("a", 2, {"n": 2}), ("b", 5, {"n": 5}), ("a", 3, {"n": 9})])
    await store.keep_newest(COLLECTION, [])
    kept = await store.get_many(COLLECTION, ["a", "b"])
    assert {id: document.body["n"] for id, document in kept.items()} == {"a": 3, "b": 5}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), max_size=20))
async def test_whatever_is_kept_is_the_highest_rank_given(given_ranks: list[tuple[str, int]]) -> None:
    store = MemoryStore()
    for id, rank in given_ranks:
        await store.keep_newest(COLLECTION, [(id, rank, {"rank": rank})])
    highest = {id: max(rank for other, rank in given_ranks if other == id) for id, _ in given_ranks}
    assert {document.id: document.body["rank"] for document in await store.find(COLLECTION)} == highest


@pytest.fixture
async def shelf(store: Store) -> Store:
    for id, colour, size in (("a", "red", 3), ("b", "blue", 1), ("c", "red", 2), ("d", "green", 1)):
        await store.put(COLLECTION, id, {"colour": colour, "size": size, "deep": {"er": size * 10}}, expected=0)
    return store


async def ids(store: Store, *args: object, **options: object) -> str:
    return "".join(document.id for document in await store.find(COLLECTION, *args, **options))  # type: ignore[arg-type]


async def test_documents_are_found_by_what_is_in_them(shelf: Store) -> None:
    assert await ids(shelf) == "abcd"
    assert await ids(shelf, {"colour": "red"}) == "ac"
    assert await ids(shelf, {"colour": {"$in": ["blue", "green"]}}) == "bd"
    assert await ids(shelf, {"size": {"$gte": 2}}) == "ac"
    assert await ids(shelf, {"size": {"$gte": 1, "$lt": 2}, "colour": "blue"}) == "b"
    assert await ids(shelf, {"deep.er": 20}) == "c"
    assert await ids(shelf, {"nothing": 1}) == ""
    assert await shelf.count(COLLECTION, {"colour": "red"}) == 2
    assert await shelf.count(COLLECTION) == 4


async def test_documents_are_found_by_a_member_of_a_list(store: Store) -> None:
    for id, things in (("a", ["x 01", "y 09"]), ("b", ["x 05"]), ("c", ["y 02"]), ("d", [])):
        await store.put(COLLECTION, id, {"colour": things}, expected=0)
    assert await ids(store, {"colour": "y 02"}) == "c"
    assert await ids(store, {"colour": {"$in": ["x 05", "y 09"]}}) == "ab"
    found = await ids(store, {"colour": {"$gte": "x 04", "$lt": "x 06"}})
    assert "b" in found, "a range finds all; what it finds too much, the asker leaves out"
    assert not {"c", "d"} & set(found)


async def test_documents_come_in_order_and_page_by_page(shelf: Store) -> None:
    assert await ids(shelf, order="size") == "bdca"
    assert await ids(shelf, order="size", descending=True) == "acdb"
    assert await ids(shelf, after="b") == "cd"
    assert await ids(shelf, after="c", descending=True) == "ba"
    assert await ids(shelf, after="a", limit=2) == "bc"


async def test_fields_can_be_left_out(shelf: Store) -> None:
    (found, *_) = await shelf.find(COLLECTION, {"colour": "blue"}, without=("deep",))
    assert found.body == {"colour": "blue", "size": 1}


@pytest.mark.servers
@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_store_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    monkeypatch.setattr("chassis.store_mongo._TIMEOUT_MS", 200)
    store = MongoStore.open("mongodb://127.0.0.1:1/?replicaSet=none", "x", driver)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        await store.get(COLLECTION, "a")
    await store.close()


async def test_it_is_known_how_many_documents_have_something_to_say(store: Store) -> None:
    assert await store.waiting(COLLECTION) == 0
    for id in ("a", "b"):
        await store.put(COLLECTION, id, {}, expected=0, messages=[Message("t", id, b"1"), Message("t", id, b"2")])
    await store.put(COLLECTION, "silent", {}, expected=0)
    assert await store.waiting(COLLECTION) == 2
    await store.sent(COLLECTION, await store.unsent(COLLECTION, 1))
    assert await store.waiting(COLLECTION) == 1
