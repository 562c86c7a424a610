"""How support keeps its things.

``batches``       accepted events: one document per batch, its id in order of arrival. The events are the messages of
                  the document's outbox, their identities its claims: kept, known as seen and said, in one write.
``cooperatives``  the newest that registry told of each cooperative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from chassis.store import Message, Store
from contracts.envelope import key_of, read
from contracts.topics import SUPPORT
from services.support.model import Known, Sound

BATCHES = "batches"
COOPERATIVES = "cooperatives"
COLLECTIONS = {BATCHES: ("agency",), COOPERATIVES: ()}


async def seen(store: Store, claims: Iterable[str]) -> dict[str, str]:
    """Which batches keep the events with these claims."""
    return await store.claimed(BATCHES, claims)


async def existing(store: Store, codes: Iterable[str]) -> frozenset[str]:
    """Those of the codes that registry has told of."""
    wanted = sorted(set(codes))
    return frozenset(await store.get_many(COOPERATIVES, wanted)) if wanted else frozenset()


async def put_batch(store: Store, batch: str, agency: str, now: datetime, events: Sequence[Sound]) -> None:
    """Keep accepted events, and send them.

    Raises:
        Taken: one of them is kept by another batch already; nothing was written.
        Stale: there is a batch of this name; nothing was written.
    """
    await store.put(
        BATCHES,
        batch,
        {"agency": agency, "received_at": now.isoformat(), "events": len(events)},
        expected=0,
        messages=[Message(SUPPORT.name, key_of(event.subject), event.value) for event in events],
        claims=[event.claim for event in events],
    )


async def said(store: Store, batches: Iterable[str], *, source: str) -> dict[str, bytes]:
    """The events of one source that these batches keep, by their ids."""
    messages = await store.said(BATCHES, batches)
    events = (message.value for kept in messages.values() for message in kept)
    return {told.id: value for value in events if (told := read(value).envelope).source == source}


async def remember(store: Store, cooperatives: Iterable[Known]) -> None:
    """Keep what is newer than what is known; in any order, any number of times."""
    await store.keep_newest(COOPERATIVES, [(known.code, known.version, asdict(known)) for known in cooperatives])
