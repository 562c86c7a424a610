"""How support keeps its things.

``batches``       what agencies sent: one document per batch, its id in order of arrival. Its events are the messages of
                  the document's outbox, their identities its claims: kept, known as seen and said, in one write. Events
                  that are held lie in the body of a batch of their own; releasing one moves it to that batch's outbox,
                  in one write too.
``cooperatives``  how each of registry's events left its cooperative; one document per version.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from chassis.store import Body, Document, Message, Store
from contracts.envelope import key_of, read
from contracts.topics import SUPPORT
from services.support.examine import taken
from services.support.model import Held, Known, Sound

BATCHES = "batches"
COOPERATIVES = "cooperatives"
COLLECTIONS = {BATCHES: ("agency", "waiting"), COOPERATIVES: ("code",)}

_WAITING = {"waiting": True}


@dataclass(frozen=True)
class Waiting:
    """A batch with held events: which cooperatives they mention; ``keys`` may not be overtaken."""

    id: str
    agency: str
    keys: frozenset[str]
    cooperatives: frozenset[str]
    events: int
    since: datetime


async def seen(store: Store, claims: Iterable[str]) -> dict[str, str]:
    """Which batches keep the events with these claims."""
    return await store.claimed(BATCHES, claims)


async def versions(store: Store, codes: Iterable[str]) -> dict[str, list[Known]]:
    """What registry has told of each of the codes; nothing of those it has not told of."""
    wanted = sorted(set(codes))
    found: defaultdict[str, list[Known]] = defaultdict(list)
    if wanted:
        for document in await store.find(COOPERATIVES, {"code": {"$in": wanted}}):
            one = Known(**document.body | {"since": date.fromisoformat(document.body["since"])})
            found[one.code].append(one)
    return dict(found)


async def put_batch(
    store: Store, batch: str, agency: str, now: datetime, events: Sequence[Sound], held: Sequence[Held] = ()
) -> None:
    """Keep accepted events, and send them; keep held ones.

    Raises:
        Taken: one of them is kept by another batch already; nothing was written.
        Stale: there is a batch of this name; nothing was written.
    """
    await store.put(
        BATCHES,
        batch,
        {"agency": agency, "received_at": now.isoformat(), "events": len(events), **_held(held)},
        expected=0,
        messages=_messages(events),
        claims=[event.claim for event in [*events, *(one.event for one in held)]],
    )


async def waiting(store: Store, agency: str | None = None) -> list[Waiting]:
    """The batches with held events, oldest first; one agency's or all."""
    where = _WAITING | ({"agency": agency} if agency else {})
    return [
        Waiting(
            id=document.id,
            agency=document.body["agency"],
            keys=frozenset(document.body["keys"]),
            cooperatives=frozenset(document.body["cooperatives"]),
            events=document.body["held_events"],
            since=datetime.fromisoformat(document.body["received_at"]),
        )
        for document in await store.find(BATCHES, where, without=("held",))
    ]


async def holding(
    store: Store, agency: str | None, *, after: str | None = None, limit: int | None = None
) -> list[Document]:
    """The batches with held events, oldest first, those events too; one agency's or all."""
    where = _WAITING | ({"agency": agency} if agency else {})
    return await store.find(BATCHES, where, after=after, limit=limit)


def held_in(batch: Document) -> list[Held]:
    """The held events of a batch, in order of arrival, each with what it was last found to wait for."""
    return [
        Held(taken(bytes(one["value"])), one["code"], one["pointer"], one["reason"], one["remedy"])
        for one in batch.body.get("held", ())
    ]


async def put_again(store: Store, batch: Document, released: Sequence[Sound], held: Sequence[Held]) -> None:
    """Send released events of a batch and keep the others held.

    Raises:
        Stale: somebody else released some meanwhile; nothing was written.
    """
    body = {name: value for name, value in batch.body.items() if name not in _HELD}
    body |= {"events": body["events"] + len(released), **_held(held)}
    await store.put(BATCHES, batch.id, body, expected=batch.version, messages=_messages(released))


async def withdraw(store: Store, batch: Document, event: Sound, held: Sequence[Held], now: datetime) -> None:
    """Take a held event out of its batch; that it was there is kept.

    Raises:
        Stale: the batch has changed meanwhile; nothing was written.
    """
    body = {name: value for name, value in batch.body.items() if name not in _HELD}
    gone = {"value": event.value, "withdrawn_at": now.isoformat()}
    body["withdrawn"] = [*body.get("withdrawn", ()), gone]
    body |= _held(held)
    await store.put(BATCHES, batch.id, body, expected=batch.version)


async def said(store: Store, batches: Iterable[str], *, source: str) -> dict[str, bytes]:
    """The events of one source that these batches keep, held ones too, by their ids."""
    ids = set(batches)
    values = [message.value for kept in (await store.said(BATCHES, ids)).values() for message in kept]
    for batch in (await store.get_many(BATCHES, ids)).values():
        values += [bytes(one["value"]) for one in batch.body.get("held", ())]
    return {told.id: value for value in values if (told := read(value).envelope).source == source}


async def remember(store: Store, cooperatives: Iterable[Known]) -> None:
    """Keep every version; in any order, any number of times."""
    await store.keep_newest(
        COOPERATIVES,
        [
            (f"{one.code}/{one.version}", one.version, asdict(one) | {"since": one.since.isoformat()})
            for one in cooperatives
        ],
    )


_HELD = frozenset({"waiting", "held", "held_events", "keys", "cooperatives"})


def _held(held: Collection[Held]) -> Mapping[str, object]:
    """The part of a batch's body about held events; nothing where none is."""
    if not held:
        return {}
    events = [one.event for one in held]
    return {
        "waiting": True,
        "held_events": len(events),
        "keys": sorted({key_of(event.subject) for event in events}),
        "cooperatives": sorted({code for event in events for code, _ in event.cooperatives}),
        "held": [_entry(one) for one in held],
    }


def _entry(held: Held) -> Body:
    return {
        "value": held.event.value,
        "code": held.code,
        "pointer": held.pointer,
        "reason": held.reason,
        "remedy": held.remedy,
    }


def _messages(events: Sequence[Sound]) -> list[Message]:
    return [Message(SUPPORT.name, key_of(event.subject), event.value) for event in events]
