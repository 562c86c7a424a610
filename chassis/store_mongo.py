"""The store contract on MongoDB, by Motor or by its successor, pymongo's asynchronous client.

The only module that imports a driver. A document is ``{_id, version, body, claims, said, sent, queued}``: the outbox
(``said``, of which the first ``sent`` are acknowledged) lies inside, so one single-document write is atomic without a
transaction. ``queued`` is there only while something is unsent, ``claims`` only where there are some: an empty array
would collide in the unique index.
"""

import inspect
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import ASCENDING, DESCENDING, AsyncMongoClient, IndexModel, InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.write_concern import WriteConcern

from chassis import lying
from chassis.store import LOWEST_RANK, Body, Document, Message, Stale, StoreUnavailable, Taken, Unsent, Whole, Write

_DUPLICATE = 11000
_TIMEOUT_MS = 5_000


class MongoStore:
    """One database of a replica set. Open it in the event loop that uses it."""

    def __init__(self, client: Any, database: str) -> None:
        self._client = client
        self._database = client.get_database(database, write_concern=WriteConcern("majority", j=True))

    @classmethod
    def open(cls, uri: str, database: str, driver: Literal["motor", "pymongo"] = "motor") -> "MongoStore":
        """Connect lazily; the first call that needs the server finds out whether it is there."""
        client = AsyncIOMotorClient if driver == "motor" else AsyncMongoClient
        return cls(client(uri, serverSelectionTimeoutMS=_TIMEOUT_MS, tz_aware=True), database)

    async def prepare(self, collections: Mapping[str, Sequence[str]]) -> None:
        async with _reachable():
            for collection, fields in collections.items():
                indexes = [IndexModel([("claims", ASCENDING)], name="claims", unique=True, sparse=True)]
                indexes.append(IndexModel([("queued", ASCENDING)], name="queued", sparse=True))
                indexes += [IndexModel([(f"body.{field}", ASCENDING)], name=field) for field in fields]
                await self._database[collection].create_indexes(indexes)

    async def get(self, collection: str, id: str) -> Document | None:
        async with _reachable():
            found = await self._database[collection].find_one({"_id": id}, {"version": 1, "body": 1})
        return lying.document(found) if found else None

    async def get_many(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        wanted = list(ids)
        if not wanted:
            return {}
        async with _reachable():
            cursor = self._database[collection].find({"_id": {"$in": wanted}}, {"version": 1, "body": 1})
            return {found["_id"]: lying.document(found) async for found in cursor}

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any] = {},
        *,
        order: str = "id",
        descending: bool = False,
        limit: int | None = None,
        after: str | None = None,
        without: Sequence[str] = (),
    ) -> list[Document]:
        query = _query(where)
        if after is not None:
            query["_id"] = {"$lt" if descending else "$gt": after}
        direction = DESCENDING if descending else ASCENDING
        by = [("_id", direction)] if order == "id" else [(f"body.{order}", direction), ("_id", direction)]
        left_out = {"claims": 0, "said": 0, **{f"body.{field}": 0 for field in without}}
        async with _reachable():
            cursor = self._database[collection].find(query, left_out).sort(by)
            if limit is not None:
                cursor = cursor.limit(limit)
            return [lying.document(found) async for found in cursor]

    async def count(self, collection: str, where: Mapping[str, Any] = {}) -> int:
        async with _reachable():
            return int(await self._database[collection].count_documents(_query(where)))

    async def put(
        self,
        collection: str,
        id: str,
        body: Body,
        *,
        expected: int,
        messages: Sequence[Message] = (),
        claims: Iterable[str] = (),
    ) -> int:
        wanted, said = sorted(set(claims)), [lying.said(message) for message in messages]
        try:
            async with _reachable():
                if expected == 0:
                    await self._database[collection].insert_one(_new(id, body, wanted, said))
                elif not await self._update(collection, id, _change(body, expected, wanted, said), expected):
                    raise Stale(f"{collection}/{id}: version {expected} is not the stored one")
        except DuplicateKeyError as error:
            raise await self._refusal(collection, id, wanted, error.details or {}) from error
        return expected + 1

    async def put_all(self, collection: str, writes: Sequence[Write]) -> tuple[int, Stale | Taken | None]:
        if not writes:
            return 0, None
        try:
            async with _reachable():
                await self._database[collection].bulk_write([_operation(one) for one in writes], ordered=True)
        except BulkWriteError as error:
            (failed,) = _duplicates(error)
            one = writes[failed["index"]]
            return failed["index"], await self._refusal(collection, one.id, one.claims, failed)
        return len(writes), None

    async def keep_newest(self, collection: str, documents: Iterable[tuple[str, int, Body]]) -> None:
        writes = [_newest(id, rank, body) for id, rank, body in documents]
        if not writes:
            return
        try:
            async with _reachable():
                await self._database[collection].bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            _duplicates(error)  # as high a rank is stored: the filter found nothing and the upsert met the id

    async def claimed(self, collection: str, claims: Iterable[str]) -> dict[str, str]:
        wanted = set(claims)
        if not wanted:
            return {}
        async with _reachable():
            cursor = self._database[collection].find({"claims": {"$in": sorted(wanted)}}, {"claims": 1})
            return {claim: found["_id"] async for found in cursor for claim in wanted.intersection(found["claims"])}

    async def unsent(self, collection: str, limit: int) -> list[Unsent]:
        async with _reachable():
            query = {"queued": {"$gt": 0}}
            cursor = self._database[collection].find(query, {"version": 1, "said": 1, "sent": 1})
            found = [one async for one in cursor.sort([("queued", ASCENDING), ("_id", ASCENDING)]).limit(limit)]
        return [
            Unsent(one["_id"], one["version"], lying.messages(one["said"][one["sent"] :]), len(one["said"]))
            for one in found
        ]

    async def waiting(self, collection: str) -> int:
        async with _reachable():
            return int(await self._database[collection].count_documents({"queued": {"$gt": 0}}))

    async def said(self, collection: str, ids: Iterable[str]) -> dict[str, Sequence[Message]]:
        async with _reachable():
            cursor = self._database[collection].find({"_id": {"$in": list(ids)}}, {"said": 1})
            return {found["_id"]: lying.messages(found.get("said", ())) async for found in cursor}

    async def sent(self, collection: str, items: Iterable[Unsent]) -> None:
        writes = [
            UpdateOne(
                {"_id": item.id, "version": item.version, "sent": item.start},
                {"$set": {"sent": item.end}, "$unset": {"queued": 1}},
            )
            for item in items
        ]
        if writes:
            # Not waited for in the journal: a mark that a crash loses only makes the messages go again.
            marks = self._database[collection].with_options(write_concern=WriteConcern("majority", j=False))
            try:
                async with _reachable():
                    await marks.bulk_write(writes, ordered=False)
            except BulkWriteError as error:
                raise _unknown(error) from error

    async def resend(self, collection: str) -> int:
        async with _reachable():
            result = await self._database[collection].update_many(
                {"said.0": {"$exists": True}}, {"$set": {"sent": 0, "queued": time.time_ns()}}
            )
            return int(result.matched_count)

    async def versions(self, collection: str) -> dict[str, int]:
        async with _reachable():
            return {one["_id"]: one["version"] async for one in self._database[collection].find({}, {"version": 1})}

    async def whole(
        self, collection: str, *, after: str | None = None, limit: int | None = None, ids: Iterable[str] | None = None
    ) -> list[Whole]:
        wanted = ({"$gt": after} if after is not None else {}) | ({"$in": list(ids)} if ids is not None else {})
        async with _reachable():
            cursor = self._database[collection].find({"_id": wanted} if wanted else {}).sort([("_id", ASCENDING)])
            if limit is not None:
                cursor = cursor.limit(limit)
            return [lying.whole(found) async for found in cursor]

    async def put_back(self, collection: str, documents: Sequence[Whole]) -> None:
        if not documents:
            return
        try:
            async with _reachable():
                await self._database[collection].insert_many([lying.raw(one) for one in documents])
        except BulkWriteError as error:
            _duplicates(error)
            raise Stale(f"{collection}: a document is there already, or one of its claims") from error

    async def ping(self) -> None:
        async with _reachable():
            await self._client.admin.command("ping")

    async def close(self) -> None:
        closing = self._client.close()  # Motor closes at once, pymongo's client is awaited
        if inspect.isawaitable(closing):
            await closing

    async def _update(self, collection: str, id: str, change: Mapping[str, Any], expected: int) -> bool:
        result = await self._database[collection].update_one({"_id": id, "version": expected}, change)
        return bool(result.matched_count)

    async def _refusal(
        self, collection: str, id: str, claims: Iterable[str], details: Mapping[str, Any]
    ) -> Stale | Taken:
        if "claims" in details.get("keyPattern", {}):
            held = await self.claimed(collection, claims)
            if others := [claim for claim, holder in held.items() if holder != id]:
                return Taken(others)  # where the same document holds them, somebody wrote it a moment before
        return Stale(f"{collection}/{id} exists, in another version than the expected one")


def _duplicates(error: BulkWriteError) -> list[Mapping[str, Any]]:
    """The writes that met an id or a claim that is there.

    Raises:
        StoreUnavailable: something else is wrong, as that too few members of the replica set have confirmed: what was
            written may be lost again.
    """
    failed: list[Mapping[str, Any]] = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(one["code"] != _DUPLICATE for one in failed):
        raise _unknown(error) from error
    return failed


def _unknown(error: BulkWriteError) -> StoreUnavailable:
    """Told by codes alone: the error holds the documents."""
    details = error.details
    codes = [one.get("code") for one in (*details["writeErrors"], *details.get("writeConcernErrors", ()))]
    return StoreUnavailable(f"bulk write failed: {codes}")


def _operation(one: Write) -> InsertOne[Any] | UpdateOne:
    claims, said = sorted(set(one.claims)), [lying.said(message) for message in one.messages]
    if one.expected == 0:
        return InsertOne(_new(one.id, one.body, claims, said))
    # Where another version is stored the filter finds nothing, the upsert meets the id, and so it is told which failed.
    change = _change(one.body, one.expected, claims, said)
    return UpdateOne({"_id": one.id, "version": one.expected}, change, upsert=True)


def _newest(id: str, rank: int, body: Body) -> InsertOne[Any] | UpdateOne:
    # Nothing stored is below the lowest rank, and a store inserts many times faster than it upserts.
    if rank == LOWEST_RANK:
        return InsertOne({"_id": id, "version": rank, "body": body})
    return UpdateOne({"_id": id, "version": {"$lt": rank}}, {"$set": {"version": rank, "body": body}}, upsert=True)


def _new(id: str, body: Body, claims: list[str], said: list[Body]) -> dict[str, Any]:
    document: dict[str, Any] = {"_id": id, "version": 1, "body": body, "said": said, "sent": 0}
    if claims:
        document["claims"] = claims
    if said:
        document["queued"] = time.time_ns()
    return document


def _change(body: Body, expected: int, claims: list[str], said: list[Body]) -> dict[str, Any]:
    change: dict[str, Any] = {"$set": {"version": expected + 1, "body": body}}
    if said:
        change["$push"] = {"said": {"$each": said}}
        change["$min"] = {"queued": time.time_ns()}
    if claims:
        change["$addToSet"] = {"claims": {"$each": claims}}
    return change


@asynccontextmanager
async def _reachable() -> AsyncIterator[None]:
    try:
        yield
    except (DuplicateKeyError, BulkWriteError):
        raise
    except PyMongoError as error:
        raise StoreUnavailable(repr(error)) from error


def _query(where: Mapping[str, Any]) -> dict[str, Any]:
    return {f"body.{field}": wanted for field, wanted in where.items()}
