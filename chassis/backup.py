"""Backing up a service's database while it runs, and putting it back: two commands of every service.

One document is always whole: one write changes all of it. What must agree *between* documents is kept by the order in
which they are read. A collection that refers to another is read before it, so that what is referred to is there; across
services the same rule holds (docs/runbooks/backup-and-restore.md). Where a step moves from one document to another, no
order helps: such a collection is *settled*, read again until two readings agree. Between the two everything stood as it
was read, because a version counts every write.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from chassis.archive import Broken, Head, Tail, Writer, documents, proven
from chassis.clock import Clock, clock_of
from chassis.listening import Fatal
from chassis.settings import ServiceSettings
from chassis.store import Store, Whole
from chassis.store_mongo import MongoStore

_AT_ONCE = 20  # some documents are files of megabytes
_READINGS = 20


def _no_position(collection: str, document: Whole) -> tuple[str, str] | None:
    return None


@dataclass(frozen=True)
class Kept:
    """What is backed up of a database. ``indexes`` are those of all its collections, made before anything is put back:
    without them a claim would belong to nobody. ``collections`` in the order of reading; ``settled`` among them are
    read until they stand still; ``derived`` are left out, with the reason: they are made anew from the others.
    ``position`` tells how far in the log a document reaches, if it is one that does."""

    owner: str
    indexes: Mapping[str, Sequence[str]]
    collections: tuple[str, ...]
    settled: frozenset[str] = frozenset()
    derived: Mapping[str, str] = field(default_factory=dict)
    position: Callable[[str, Whole], tuple[str, str] | None] = _no_position
    database: Callable[[ServiceSettings], str] = lambda settings: settings.mongodb_database


class Restless(Exception):
    """A collection never stood still while it was read."""


async def back_up(store: Store, kept: Kept, path: Path, clock: Clock) -> Tail:
    """Write all that is kept to a new file.

    Raises:
        FileExistsError: there is one of that name.
        Restless: what must stand still was written to all the time.
    """
    positions: dict[str, str] = {}
    with Writer(path, Head(owner=kept.owner, begun=clock.now(), collections=kept.collections)) as writer:
        for collection in kept.collections:
            read = _settled if collection in kept.settled else _read
            async for document in read(store, collection):
                writer.add(collection, document)
                if told := kept.position(collection, document):
                    positions[told[0]] = told[1]
        return await asyncio.to_thread(writer.finish, clock.now(), positions)


async def restore(store: Store, kept: Kept, path: Path) -> Tail:
    """Put back all of a file that `back_up` wrote, into a database that holds nothing.

    Raises:
        Broken: the file is none, or not whole, or another database's; nothing was written.
        Fatal: the database holds something; nothing was written.
    """
    head, tail = await asyncio.to_thread(proven, path)
    if head.owner != kept.owner:
        raise Broken(f"{path}: is of {head.owner}, not of {kept.owner}")
    if unknown := set(head.collections) - set(kept.collections):
        raise Broken(f"{path}: holds {', '.join(sorted(unknown))}, which this release does not know")
    for collection in kept.indexes:
        if await store.count(collection):
            raise Fatal(f"{collection} is not empty: a backup is put back into a database that holds nothing")
    await store.prepare(kept.indexes)
    for collection, rows in groupby(documents(path), key=lambda row: row[0]):
        while page := [document for _, document in islice(rows, _AT_ONCE)]:
            await store.put_back(collection, page)
    return tail


async def _read(store: Store, collection: str) -> AsyncIterator[Whole]:
    after: str | None = None
    while page := await store.whole(collection, after=after, limit=_AT_ONCE):
        for document in page:
            yield document
        after = page[-1].id


async def _settled(store: Store, collection: str) -> AsyncIterator[Whole]:
    held = {document.id: document async for document in _read(store, collection)}
    for _ in range(_READINGS):
        now = await store.versions(collection)
        late = [id for id, version in now.items() if id not in held or held[id].version != version]
        if not late:
            for document in held.values():
                yield document
            return
        held |= {document.id: document for document in await store.whole(collection, ids=late)}
    raise Restless(f"{collection} was written to during each of {_READINGS} readings: try again in a quiet hour")


def backing_up(kept: Kept) -> Callable[..., Coroutine[Any, Any, None]]:
    """A command that writes a backup to a new file; the service may run."""

    async def backup(settings: ServiceSettings, file: str) -> None:
        store = MongoStore.open(settings.mongodb_uri, kept.database(settings), settings.store_driver)
        try:
            _tell(await back_up(store, kept, Path(file), clock_of(settings.clock_file)))
        finally:
            await store.close()

    return backup


def restoring(kept: Kept) -> Callable[..., Coroutine[Any, Any, None]]:
    """A command that puts a backup back; the service must be stopped, its database empty."""

    async def put_back(settings: ServiceSettings, file: str) -> None:
        store = MongoStore.open(settings.mongodb_uri, kept.database(settings), settings.store_driver)
        try:
            _tell(await restore(store, kept, Path(file)))
        finally:
            await store.close()

    return put_back


def _tell(tail: Tail) -> None:
    lines = [f"{collection}: {count} documents" for collection, count in tail.documents.items()]
    lines += [f"{place}: up to {end}" for place, end in sorted(tail.positions.items())]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
