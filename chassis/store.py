"""What a service asks of its store: versioned documents, each with its own outbox. The contract; no I/O here.

A document's body, version, claims and messages change in one atomic write, so what is said on Kafka is exactly what was
decided, and a crash can neither lose a message nor say one of a change that did not happen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

LOWEST_RANK = 1
Body = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What is to be published: topic, key (order holds within a key), value, headers."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A stored document; its version counts its writes."""

    id: str
    version: int
    body: Body


@dataclass(frozen=True)
class Unsent:
    """A document's messages that the broker has not acknowledged yet, in the order they were put.

    ``end`` counts all messages that the document had at this version, the acknowledged ones included.
    """

    id: str
    version: int
    messages: Sequence[Message]
    end: int

    @property
    def start(self) -> int:
        """How many messages were acknowledged before these."""
        return self.end - len(self.messages)


@dataclass(frozen=True)
class Write:
    """What `put` takes, for `put_all`. An ``expected`` version above 0 is one that was read."""

    id: str
    body: Body
    expected: int
    messages: Sequence[Message] = ()
    claims: Sequence[str] = ()


@dataclass(frozen=True)
class Whole:
    """A document with all that is kept of it, for backups: also its claims, all it ever said, how much of that is
    acknowledged, and since when it waits to say the rest (`queued`: in order of waiting; None where nothing waits)."""

    id: str
    version: int
    body: Body
    claims: Sequence[str] = ()
    said: Sequence[Message] = ()
    sent: int = 0
    queued: int | None = None


class Stale(Exception):
    """The stored version is not the expected one: somebody else wrote meanwhile. Read again, decide again."""


class Taken(Exception):
    """Claims that another document holds."""

    def __init__(self, claims: Iterable[str]) -> None:
        self.claims = frozenset(claims)
        super().__init__(f"{len(self.claims)} claims are held by other documents")


class StoreUnavailable(Exception):
    """The store can't be reached; nothing is known of the write."""


class Store(Protocol):
    """Documents by collection and id. ``where`` maps body fields to a value, ``{"$in": [...]}``, or a range of
    ``{"$gte": x, "$lt": y}``; of a list one member must match. A range over a list may find too much: some member may
    lie above the one end and another below the other."""

    async def prepare(self, collections: Mapping[str, Sequence[str]]) -> None:
        """Make the collections' indexes: the named body fields, claims, what is unsent."""
        ...

    async def get(self, collection: str, id: str) -> Document | None: ...

    async def get_many(self, collection: str, ids: Iterable[str]) -> dict[str, Document]: ...

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
        """Documents in the order of their ids or of a body field; ``after`` an id; ``without`` some body fields."""
        ...

    async def count(self, collection: str, where: Mapping[str, Any] = {}) -> int: ...

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
        """Write the document where its version is the expected one (0: where there is none); returns the new version.

        Raises:
            Stale: another version is stored.
            Taken: another document holds one of the claims.
        """
        ...

    async def put_all(self, collection: str, writes: Sequence[Write]) -> "tuple[int, Stale | Taken | None]":
        """Put documents one after the other, in few requests to the store; each is a write of its own.

        Returns how many were written, and what stopped the rest if anything did.
        """
        ...

    async def keep_newest(self, collection: str, documents: Iterable[tuple[str, int, Body]]) -> None:
        """Of each id keep the body of the highest rank ever given: ``(id, rank, body)`` in any order, any number of
        times; ranks count from `LOWEST_RANK`."""
        ...

    async def claimed(self, collection: str, claims: Iterable[str]) -> dict[str, str]:
        """Which of the claims are held, and by which document."""
        ...

    async def unsent(self, collection: str, limit: int) -> list[Unsent]:
        """Documents with messages not yet sent, the longest waiting first."""
        ...

    async def waiting(self, collection: str) -> int:
        """How many documents have messages not yet sent."""
        ...

    async def said(self, collection: str, ids: Iterable[str]) -> dict[str, Sequence[Message]]:
        """All messages that these documents ever had, sent or not, by the documents' ids."""
        ...

    async def sent(self, collection: str, items: Iterable[Unsent]) -> None:
        """The messages of these documents, as they were read, are acknowledged.

        A document that has changed since, or is to be said again, goes on waiting.
        """
        ...

    async def resend(self, collection: str) -> int:
        """Make every message ever put unsent again, after a broker was lost; returns how many documents."""
        ...

    async def versions(self, collection: str) -> dict[str, int]:
        """The version of every document."""
        ...

    async def whole(
        self, collection: str, *, after: str | None = None, limit: int | None = None, ids: Iterable[str] | None = None
    ) -> list[Whole]:
        """Documents with all that is kept of them, in the order of their ids; all, or those of some ids."""
        ...

    async def put_back(self, collection: str, documents: Sequence[Whole]) -> None:
        """Write documents as they once were, where there are none of their ids.

        Raises:
            Stale: there is one already; some of the others may be written.
        """
        ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...
