"""API keys that an administrator makes, replaces and takes back while the services run; one database for all of them.

A key is 256 random bits, so its bare SHA-256 is enough to keep: there is nothing to guess that slow hashing would
protect. The key itself is shown once and is nowhere.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chassis.auth import Principal, Role
from chassis.clock import Clock
from chassis.store import Document, Store

KEYS, USES = "keys", "key_uses"
COLLECTIONS = {KEYS: ("id",), USES: ()}

_NOTE_USE_EVERY = timedelta(minutes=1)
_REMEMBERED = 10_000


class Deed(msgspec.Struct, frozen=True):
    """Something done to a key: when, by whom, what."""

    at: datetime
    by: str
    what: str


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a key. ``id`` is what it is called by: the beginning of its hash, of no use to anybody."""

    id: str
    role: Role
    agency: str | None
    name: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    history: tuple[Deed, ...] = ()

    def good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class NoSuchKey(LookupError):
    """No key is called so."""


@dataclass
class Keys:
    """The keys of the store. What was looked up is remembered for `cache_seconds`: so late a revocation is felt."""

    store: Store
    clock: Clock
    cache_seconds: float = 5.0
    monotonic: Callable[[], float] = time.monotonic
    _remembered: dict[str, tuple[float, Key | None]] = field(default_factory=dict)
    _noted: dict[str, datetime] = field(default_factory=dict)

    async def find(self, digest: str) -> Principal | None:
        """Whose key has this SHA-256, if it is good now."""
        key, now = await self._key(digest), self.clock.now()
        if key is None or not key.good(now):
            return None
        await self._note_use(digest, now)
        return Principal(role=key.role, agency=key.agency, name=key.name)

    async def make(
        self, role: Role, agency: str | None, name: str, *, by: str, expires_at: datetime | None = None
    ) -> tuple[Key, str]:
        """A new key, and what to say to be known by it: the only time that it is seen."""
        secret = secrets.token_urlsafe(32)
        digest = hashlib.sha256(secret.encode()).hexdigest()
        deed = Deed(self.clock.now(), by, "made")
        key = Key(id=digest[:16], role=role, agency=agency, name=name, expires_at=expires_at, history=(deed,))
        await self.store.put(KEYS, digest, _body(key), expected=0)
        return key, secret

    async def replace(self, id: str, *, by: str, grace: timedelta) -> tuple[Key, str]:
        """A new key for the same speaker; the old one stays good for the grace period.

        Raises:
            NoSuchKey: no key is called so, or it is good no more.
            Stale: somebody else changed it meanwhile.
        """
        document, old = await self._called(id)
        now = self.clock.now()
        if not old.good(now):
            raise NoSuchKey(id)
        until = min(now + grace, old.expires_at or now + grace)
        new, secret = await self.make(old.role, old.agency, old.name, by=by, expires_at=old.expires_at)
        deed = Deed(now, by, f"replaced by {new.id}")
        await self._change(document, msgspec.structs.replace(old, expires_at=until, history=(*old.history, deed)))
        return new, secret

    async def revoke(self, id: str, *, by: str) -> Key:
        """Take a key back for good. Doing it again changes nothing.

        Raises:
            NoSuchKey: no key is called so.
            Stale: somebody else changed it meanwhile.
        """
        document, key = await self._called(id)
        if key.revoked_at is not None:
            return key
        now = self.clock.now()
        revoked = msgspec.structs.replace(key, revoked_at=now, history=(*key.history, Deed(now, by, "revoked")))
        await self._change(document, revoked)
        return revoked

    async def last_use(self, id: str) -> datetime | None:
        """When a key was last used.

        Raises:
            NoSuchKey: no key is called so.
        """
        document, _ = await self._called(id)
        used = await self.store.get(USES, document.id)
        return used.body["at"] if used else None

    async def all(self) -> list[tuple[Key, datetime | None]]:
        """Every key there ever was, by name, with its last use."""
        documents = await self.store.find(KEYS)
        uses = await self.store.get_many(USES, [document.id for document in documents])
        found = [(_key(one), uses[one.id].body["at"] if one.id in uses else None) for one in documents]
        return sorted(found, key=lambda one: (one[0].agency or "", one[0].name, one[0].id))

    async def _key(self, digest: str) -> Key | None:
        until, key = self._remembered.get(digest, (0.0, None))
        if self.monotonic() < until:
            return key
        document = await self.store.get(KEYS, digest)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()  # strangers' guesses, mostly
        key = _key(document) if document else None
        self._remembered[digest] = (self.monotonic() + self.cache_seconds, key)
        return key

    async def _note_use(self, digest: str, now: datetime) -> None:
        if digest in self._noted and now - self._noted[digest] < _NOTE_USE_EVERY:
            return
        self._noted[digest] = now
        await self.store.keep_newest(USES, [(digest, int(now.timestamp()), {"at": now})])

    async def _called(self, id: str) -> tuple[Document, Key]:
        found = await self.store.find(KEYS, {"id": id}, limit=1)
        if not found:
            raise NoSuchKey(id)
        return found[0], _key(found[0])

    async def _change(self, document: Document, key: Key) -> None:
        await self.store.put(KEYS, document.id, _body(key), expected=document.version)
        self._remembered.pop(document.id, None)


def _body(key: Key) -> dict[str, Any]:
    return dict(msgspec.to_builtins(key))


def _key(document: Document) -> Key:
    return msgspec.convert(document.body, Key)
