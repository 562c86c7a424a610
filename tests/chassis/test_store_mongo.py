"""What MongoDB's driver says when a bulk write is not well, and what the store makes of it. The rest of the store
contract runs on a real server."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from chassis.store import Message, StoreUnavailable, Unsent, Whole, Write
from chassis.store_mongo import MongoStore

COLLECTION = "things"
UNCONFIRMED = {"code": 64, "errmsg": "waiting for replication timed out"}
THERE = {"index": 0, "code": 11000, "keyPattern": {"_id": 1}, "errmsg": "duplicate", "op": {"name": "Nông Văn Bảo"}}
TOO_LARGE = {"index": 0, "code": 10334, "errmsg": "too large", "op": {"name": "Nông Văn Bảo"}}

ASKED: list[Callable[[MongoStore], Awaitable[object]]] = [
    lambda store: store.put_all(COLLECTION, [Write("a", {}, 0)]),
    lambda store: store.keep_newest(COLLECTION, [("a", 1, {})]),
    lambda store: store.sent(COLLECTION, [Unsent("a", 1, [Message("t", "k", b"v")], 1)]),
    lambda store: store.put_back(COLLECTION, [Whole("a", 1, {})]),
]


class Failing:
    """A client whose bulk writes fail as told, in the driver's own words."""

    def __init__(self, **details: Any) -> None:
        self._details = {"writeErrors": [], "writeConcernErrors": []} | details

    def get_database(self, name: str, **options: Any) -> "defaultdict[str, Failing]":
        return defaultdict(lambda: self)

    def with_options(self, **options: Any) -> "Failing":
        return self

    async def bulk_write(self, writes: Any, **options: Any) -> None:
        raise BulkWriteError(self._details)

    insert_many = bulk_write


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize(
    "details",
    [
        {"writeConcernErrors": [UNCONFIRMED]},
        {"writeConcernErrors": [UNCONFIRMED], "writeErrors": [THERE]},
        {"writeErrors": [TOO_LARGE]},
    ],
)
async def test_of_writes_that_are_not_confirmed_nothing_is_known(
    ask: Callable[[MongoStore], Awaitable[object]], details: dict[str, Any]
) -> None:
    with pytest.raises(StoreUnavailable) as told:
        await ask(MongoStore(Failing(**details), "hop_luc"))
    assert "Nông Văn Bảo" not in str(told.value), "logged, and no log holds what an event says"


async def test_a_newer_one_that_is_there_is_no_failure() -> None:
    await MongoStore(Failing(writeErrors=[THERE]), "hop_luc").keep_newest(COLLECTION, [("a", 1, {})])
