"""Events that reporting shows one by one, kept by themselves beside the ledger: obstacles, and the papers of the plan.

One document an event, known by fact, revision and id: it is never changed, so keeping it again changes nothing. It is
kept before the ledger takes its batch; a crash between the two hears the batch again. What holds of a fact is for
whoever reads all of them to say.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from chassis.store import Body, Document, Store
from contracts.envelope import Event, read
from services.reporting.model import Entry
from services.reporting.obstacles import model as obstacles

COLLECTION = "statements"
PAPERS = ("plan.issued", "policy.issued", "document.approved")
"""What a task that asks for a document is done by."""
KINDS = frozenset((*obstacles.KINDS, *PAPERS))
_PAPERS: Final[Mapping[str, object]] = {"kind": {"$in": list(PAPERS)}}


async def keep(store: Store, heard: Iterable[tuple[Entry, bytes]], at: int) -> list[Event]:
    """Keep those of the events that are shown one by one, as they were said, and when they were heard (milliseconds
    since 1970 UTC); returns those about obstacles."""
    shown = [(entry, read(value), value) for entry, value in heard if entry.fact.split(" ", 2)[1] in KINDS]
    if shown:
        rows = [(_id(entry), 1, _body(event, value, at)) for entry, event, value in shown]
        await store.keep_newest(COLLECTION, rows)
    return [event for _, event, _ in shown if event.kind.name in obstacles.KINDS]


async def of_kinds(
    store: Store, kinds: Sequence[str], agencies: Collection[str] | None = None, moment: datetime | None = None
) -> list[Event]:
    """Every event of these kinds, of some agencies or all, that was heard by a moment if one is given; in one read."""
    where = {"kind": {"$in": list(kinds)}} | ({"agency": {"$in": sorted(agencies)}} if agencies is not None else {})
    found = await store.find(COLLECTION, where)
    by = None if moment is None else int(moment.timestamp() * 1000)
    return [_event(document) for document in found if by is None or document.body.get("at", 0) <= by]


async def papers(store: Store, since: int | None = None) -> list[Document]:
    """Every event about a paper, or those heard since a moment (milliseconds since 1970 UTC), as kept; in one read."""
    return await store.find(COLLECTION, {**_PAPERS} if since is None else {**_PAPERS, "at": {"$gte": since}})


async def count_papers(store: Store) -> int:
    """How many events about papers are kept."""
    return await store.count(COLLECTION, _PAPERS)


def heard(document: Document) -> tuple[Event, int]:
    """The event, and when it was heard: milliseconds since 1970 UTC, 0 where that was not yet kept."""
    return _event(document), document.body.get("at", 0)


async def about(store: Store, things: Sequence[str]) -> list[Event]:
    """Every event about some obstacles; in one read."""
    return list(map(_event, await store.find(COLLECTION, {"thing": {"$in": list(things)}})))


def _id(entry: Entry) -> str:
    return hashlib.sha256(f"{entry.fact}\n{entry.revision}\n{entry.id}".encode()).hexdigest()[:32]


def _body(event: Event, value: bytes, at: int) -> Body:
    agency, subject = event.envelope.agency, event.envelope.subject
    return {
        "kind": event.kind.name,
        "agency": agency,
        "thing": obstacles.obstacle_id(agency, subject) if event.kind.name in obstacles.KINDS else None,
        "value": value,
        "at": at,
    }


def _event(document: Document) -> Event:
    return read(document.body["value"])
