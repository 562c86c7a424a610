"""How the register keeps a cooperative: one document, its id the code.

The document holds how the cooperative stands (for lists), every change it went through (of which that is the fold) and,
in its outbox, its events: a change and its event are one write.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from chassis.store import Document, Store
from contracts.kinds import KINDS
from services.registry.fold import replay
from services.registry.messages import kind_of, message
from services.registry.model import Change, Cooperative, Details, Numbers
from services.registry.names import name_key

COLLECTION = "cooperatives"
COLLECTIONS = {COLLECTION: ("unit", "status", "form", "name_key")}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A change as it was recorded: when, and in answer to which request if the request had an idempotency key."""

    change: Change
    recorded_at: datetime
    key: str | None = None
    asked: str | None = None


class Dossier:
    """All that is known of one cooperative. Empty for a code that is not in the register."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)

    @property
    def state(self) -> Cooperative | None:
        return replay(entry.change for entry in self.entries)

    def answered(self, key: str) -> tuple[Entry, Cooperative] | None:
        """The change that a request with this idempotency key made, and how the cooperative stood after it."""
        for index, entry in enumerate(self.entries):
            if entry.key == key:
                state = replay(earlier.change for earlier in self.entries[: index + 1])
                return (entry, state) if state else None
        return None


def digest(*parts: str) -> str:
    """A short fixed-length name for some texts."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def claim_of(speaker: str, key: str) -> str:
    """What stands for a speaker's idempotency key: another speaker may use the same."""
    return digest(speaker, key)


async def claimed(store: Store, claims: Iterable[str]) -> dict[str, str]:
    """Which idempotency keys have been used, and for which cooperative."""
    return await store.claimed(COLLECTION, claims)


async def dossier_of(store: Store, code: str) -> Dossier:
    document = await store.get(COLLECTION, code)
    return Dossier(map(_entry, document.body["changes"])) if document else Dossier()


async def append(store: Store, dossier: Dossier, entry: Entry, *, traceparent: str = "") -> Cooperative:
    """Record one more change, with its event in the outbox, in one write.

    Raises:
        Stale: another change was recorded meanwhile.
        Taken: the idempotency key belongs to a change of another cooperative.
    """
    grown = Dossier((*dossier.entries, entry))
    state = grown.state
    assert state is not None
    body = {
        **msgspec.to_builtins(state),
        "name_key": name_key(state.name),
        "changes": [_encoded(each) for each in grown.entries],
    }
    await store.put(
        COLLECTION,
        state.code,
        body,
        expected=state.version - 1,
        messages=[message(entry.change, traceparent)],
        claims=[entry.key] if entry.key else [],
    )
    return state


async def listed(store: Store, where: dict[str, Any], *, after: str | None, limit: int) -> list[Cooperative]:
    """Cooperatives in the order of their codes, from the one behind `after`."""
    documents = await store.find(COLLECTION, where, after=after, limit=limit, without=("changes",))
    return [_state(document) for document in documents]


def _state(document: Document) -> Cooperative:
    return msgspec.convert(document.body, Cooperative)


def _encoded(entry: Entry) -> dict[str, Any]:
    return {**msgspec.to_builtins(entry), "kind": kind_of(entry.change).name}


def _entry(stored: dict[str, Any]) -> Entry:
    change = stored["change"]
    data = msgspec.convert(change["data"], KINDS[stored["kind"]].shape)
    return Entry(
        change=Change(
            at=datetime.fromisoformat(change["at"]),
            agency=change["agency"],
            data=data,  # type: ignore[arg-type]  # the kinds of this speaker are the facts
            numbers=msgspec.convert(change["numbers"], Numbers),
            details=msgspec.convert(change["details"], Details),
        ),
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        key=stored["key"],
        asked=stored["asked"],
    )
