"""The store contract in memory: for tests of what stands on it. Bodies are copied in and out."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from chassis.store import Body, Document, Message, Stale, Taken, Unsent, Whole, Write


@dataclass
class _Kept:
    version: int
    body: Body
    claims: frozenset[str] = frozenset()
    said: list[Message] = field(default_factory=list)
    sent: int = 0
    queued: int | None = None


class MemoryStore:
    """Everything in dictionaries; one event loop, so every method is atomic."""

    def __init__(self) -> None:
        self._collections: dict[str, dict[str, _Kept]] = {}
        self._turn = count(1)

    async def prepare(self, collections: Mapping[str, Sequence[str]]) -> None:
        for collection in collections:
            self._of(collection)

    async def get(self, collection: str, id: str) -> Document | None:
        kept = self._of(collection).get(id)
        return Document(id, kept.version, deepcopy(kept.body)) if kept else None

    async def get_many(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        found = {id: await self.get(collection, id) for id in ids}
        return {id: document for id, document in found.items() if document}

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
        found = [
            Document(id, kept.version, deepcopy({name: v for name, v in kept.body.items() if name not in without}))
            for id, kept in self._of(collection).items()
            if _holds(where, kept.body) and (after is None or (id < after if descending else id > after))
        ]
        found.sort(key=lambda document: document.id)
        if order != "id":
            found.sort(key=lambda document: _ordered(_at(document.body, order)))
        if descending:
            found.reverse()
        return found[:limit]

    async def count(self, collection: str, where: Mapping[str, Any] = {}) -> int:
        return sum(_holds(where, kept.body) for kept in self._of(collection).values())

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
        documents = self._of(collection)
        kept = documents.get(id)
        if (kept.version if kept else 0) != expected:
            raise Stale(f"{collection}/{id}: expected version {expected}, stored {kept.version if kept else 0}")
        wanted = frozenset(claims)
        taken = {claim for other, held in documents.items() if other != id for claim in held.claims & wanted}
        if taken:
            raise Taken(taken)
        kept = kept or _Kept(0, {})
        kept.version, kept.body, kept.claims = expected + 1, deepcopy(body), kept.claims | wanted
        if messages:
            kept.said.extend(messages)
            kept.queued = kept.queued or next(self._turn)
        documents[id] = kept
        return kept.version

    async def put_all(self, collection: str, writes: Sequence[Write]) -> tuple[int, Stale | Taken | None]:
        for written, one in enumerate(writes):
            try:
                await self.put(
                    collection, one.id, one.body, expected=one.expected, messages=one.messages, claims=one.claims
                )
            except (Stale, Taken) as error:
                return written, error
        return len(writes), None

    async def keep_newest(self, collection: str, documents: Iterable[tuple[str, int, Body]]) -> None:
        for id, rank, body in documents:
            kept = self._of(collection).get(id)
            if kept is None or kept.version < rank:
                self._of(collection)[id] = _Kept(rank, deepcopy(body))

    async def claimed(self, collection: str, claims: Iterable[str]) -> dict[str, str]:
        wanted = frozenset(claims)
        return {claim: id for id, kept in self._of(collection).items() for claim in kept.claims & wanted}

    async def unsent(self, collection: str, limit: int) -> list[Unsent]:
        waiting = [(kept.queued, id, kept) for id, kept in self._of(collection).items() if kept.queued is not None]
        waiting.sort(key=lambda item: item[:2])
        return [
            Unsent(id, kept.version, tuple(kept.said[kept.sent :]), len(kept.said)) for _, id, kept in waiting[:limit]
        ]

    async def waiting(self, collection: str) -> int:
        return sum(kept.queued is not None for kept in self._of(collection).values())

    async def said(self, collection: str, ids: Iterable[str]) -> dict[str, Sequence[Message]]:
        found = {id: self._of(collection).get(id) for id in ids}
        return {id: tuple(kept.said) for id, kept in found.items() if kept}

    async def sent(self, collection: str, items: Iterable[Unsent]) -> None:
        for item in items:
            kept = self._of(collection)[item.id]
            if (kept.version, kept.sent) == (item.version, item.start):
                kept.sent, kept.queued = item.end, None

    async def resend(self, collection: str) -> int:
        again = [kept for kept in self._of(collection).values() if kept.said]
        for kept in again:
            kept.sent, kept.queued = 0, kept.queued or next(self._turn)
        return len(again)

    async def versions(self, collection: str) -> dict[str, int]:
        return {id: kept.version for id, kept in self._of(collection).items()}

    async def whole(
        self, collection: str, *, after: str | None = None, limit: int | None = None, ids: Iterable[str] | None = None
    ) -> list[Whole]:
        wanted = None if ids is None else frozenset(ids)
        found = sorted(self._of(collection).items())
        return [
            Whole(id, one.version, deepcopy(one.body), sorted(one.claims), tuple(one.said), one.sent, one.queued)
            for id, one in found
            if (after is None or id > after) and (wanted is None or id in wanted)
        ][:limit]

    async def put_back(self, collection: str, documents: Sequence[Whole]) -> None:
        kept = self._of(collection)
        for one in documents:
            if one.id in kept:
                raise Stale(f"{collection}/{one.id} exists")
            self._turn = count(max(next(self._turn), (one.queued or 0) + 1))
            body, claims = deepcopy(one.body), frozenset(one.claims)
            kept[one.id] = _Kept(one.version, body, claims, list(one.said), one.sent, one.queued)

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        return None

    def _of(self, collection: str) -> dict[str, _Kept]:
        return self._collections.setdefault(collection, {})


def _at(body: Body, path: str) -> Any:
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _ordered(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _holds(where: Mapping[str, Any], body: Body) -> bool:
    return all(_matches(_at(body, path), wanted) for path, wanted in where.items())


def _matches(value: Any, wanted: Any) -> bool:
    if isinstance(value, list) and not isinstance(wanted, list):
        return any(_matches(member, wanted) for member in value)
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    if "$in" in wanted:
        return value in wanted["$in"]
    if value is None:
        return False
    return ("$gte" not in wanted or value >= wanted["$gte"]) and ("$lt" not in wanted or value < wanted["$lt"])
