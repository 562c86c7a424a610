"""How support keeps its things.

``batches``       what agencies sent, in two sorts of documents. A *batch* holds the events of one write, its id in
                  order of arrival. An *account* holds all events of one loan or budget, so that what may not be
                  overdrawn is judged and written in one place. The events are the messages of the document's outbox,
                  their identities its claims: kept, known as seen and said, in one write. Events that are held lie in
                  the body of their account, or of a batch of their own; releasing one moves it to that document's
                  outbox, in one write too. ``facts`` and ``content`` say what a document's events are about.
``cooperatives``  how each of registry's events left its cooperative; one document per version.
``totals``        control totals, one document per agency, kind and day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.store import Body, Document, Message, Stale, Store, Taken, Write
from chassis.totals import COLLECTION as TOTALS
from chassis.totals import INDEXES as TOTAL_INDEXES
from contracts.envelope import key_of, read
from contracts.topics import SUPPORT
from services.support.accounts import Account, account_of, kind_of_account, step_into
from services.support.examine import taken
from services.support.model import OVERDRAWN, Held, Known, Sound, Step, Unsaid

BATCHES = "batches"
COOPERATIVES = "cooperatives"
COLLECTIONS = {
    BATCHES: ("agency", "waiting", "facts", "content", "account", "withdrawn_claims"),
    COOPERATIVES: ("code",),
    TOTALS: TOTAL_INDEXES,
}

_WAITING = {"waiting": True}


@dataclass(frozen=True)
class Waiting:
    """A document with held events: which cooperatives they mention; ``keys`` may not be overtaken."""

    id: str
    agency: str
    keys: frozenset[str]
    cooperatives: frozenset[str]
    events: int
    since: datetime


@dataclass(frozen=True)
class Place:
    """A held event, and when it came: ``arrival`` is in order of arrival over all documents."""

    arrival: str
    since: datetime
    held: Held


async def seen(store: Store, claims: Iterable[str]) -> dict[str, str]:
    """Which documents keep the events with these claims."""
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


async def documents(store: Store, ids: Iterable[str]) -> dict[str, Document]:
    """The batches and accounts of these ids that there are."""
    return await store.get_many(BATCHES, ids)


def writing(
    id: str,
    known: Document | None,
    *,
    agency: str,
    now: datetime,
    arrival: str,
    accepted: Sequence[Sound],
    held: Sequence[Held],
    account: Account | None,
) -> Write:
    """What keeps an agency's events in a batch or an account, and sends those that are accepted.

    `known` is the document as it was read, `account` as it is with what is accepted.
    """
    body: Body = known.body if known else {"agency": agency, "received_at": now.isoformat(), "events": 0}
    places = [*(places_in(known) if known else ()), *(Place(arrival, now, one) for one in held)]
    events = [*accepted, *(one.event for one in held)]
    body = body | {"bytes": body.get("bytes", 0) + sum(len(event.value) for event in events)}
    body = _about(_with(body, accepted, places, account), events)
    claims = [event.claim for event in events]
    return Write(id, body, known.version if known else 0, _messages(accepted), claims)


def bytes_in(document: Document) -> int:
    """How many bytes the events have that were ever put into a document: the store bounds it."""
    return int(document.body.get("bytes", 0))


async def put(store: Store, writes: Sequence[Write]) -> tuple[int, Stale | Taken | None]:
    """Write one after the other; how many were written, and what stopped the rest: `Taken` where an event is kept
    elsewhere already, `Stale` where a document has changed meanwhile."""
    return await store.put_all(BATCHES, writes)


async def put_again(store: Store, document: Document, released: Sequence[Sound], left: Sequence[Place]) -> None:
    """Send released events of a document and keep the others held.

    Raises:
        Stale: the document has changed meanwhile; nothing was written.
    """
    account = account_in(document)
    for event in released:
        account = account.after(event.step) if account and event.step else account
    body = _with(document.body, released, left, account)
    await store.put(BATCHES, document.id, body, expected=document.version, messages=_messages(released))


async def withdraw(store: Store, document: Document, event: Sound, left: Sequence[Place], now: datetime) -> None:
    """Take a held event out of its document; that it was there is kept.

    Raises:
        Stale: the document has changed meanwhile; nothing was written.
    """
    body = _with(document.body, (), left, account_in(document))
    gone = {"value": event.value, "withdrawn_at": now.isoformat()}
    body["withdrawn"] = [*body.get("withdrawn", ()), gone]
    body["withdrawn_claims"] = [*body.get("withdrawn_claims", ()), event.claim]
    await store.put(BATCHES, document.id, body, expected=document.version)


async def withdrawn(store: Store, claims: Iterable[str]) -> frozenset[str]:
    """Which of the events with these claims were taken out while they were held."""
    wanted = frozenset(claims)
    if not wanted:
        return wanted
    heavy = ("held", "facts", "content", "steps", "withdrawn")
    found = await store.find(BATCHES, {"withdrawn_claims": {"$in": sorted(wanted)}}, without=heavy)
    return wanted.intersection(claim for one in found for claim in one.body["withdrawn_claims"])


async def waiting(store: Store, agency: str | None = None) -> list[Waiting]:
    """The documents with held events; one agency's or all."""
    where = _WAITING | ({"agency": agency} if agency else {})
    return [
        Waiting(
            id=document.id,
            agency=document.body["agency"],
            keys=frozenset(document.body["keys"]),
            cooperatives=frozenset(document.body["cooperatives"]),
            events=document.body["held_events"],
            since=datetime.fromisoformat(document.body["held_since"]),
        )
        for document in await store.find(BATCHES, where, without=("held", "facts", "content", "steps"))
    ]


async def holding(
    store: Store, agency: str | None, *, after: str | None = None, limit: int | None = None
) -> list[Document]:
    """The documents with held events, those events too; one agency's or all."""
    where = _WAITING | ({"agency": agency} if agency else {})
    return await store.find(BATCHES, where, after=after, limit=limit)


def places_in(document: Document) -> list[Place]:
    """The held events of a document, in order of arrival, each with what it was last found to wait for."""
    return [
        Place(
            one["arrival"],
            datetime.fromisoformat(one["since"]),
            Held(_event(document, bytes(one["value"])), one["code"], one["pointer"], one["reason"], one["remedy"]),
        )
        for one in document.body.get("held", ())
    ]


def account_in(document: Document) -> Account | None:
    """The account that the document is; ``None`` where it is a batch."""
    if "account" not in document.body:
        return None
    steps = (Step(**one | {"account": document.id, "day": date.fromisoformat(one["day"])}) for one in _steps(document))
    return account_of(document.id, steps)


async def said(store: Store, batches: Iterable[str], *, source: str) -> dict[str, bytes]:
    """The events of one source that these documents keep, held ones too, by their ids."""
    ids = set(batches)
    values = [message.value for kept in (await store.said(BATCHES, ids)).values() for message in kept]
    for document in (await store.get_many(BATCHES, ids)).values():
        values += [bytes(one["value"]) for one in document.body.get("held", ())]
    return {told.id: value for value in values if (told := read(value).envelope).source == source}


async def remember(store: Store, told: Iterable[Known | Unsaid]) -> None:
    """Keep every version, and which of them never were; in any order, any number of times."""
    await store.keep_newest(COOPERATIVES, [(f"{one.code}/{one.version}", *_rank_and_body(one)) for one in told])


def _rank_and_body(one: Known | Unsaid) -> tuple[int, Body]:
    if isinstance(one, Unsaid):
        return one.version + 1, {"unsaid": asdict(one)}
    return one.version, asdict(one) | {"since": one.since.isoformat()}


def content_of(kind: str, day: date) -> str:
    """What ``content`` says of a kind's events of a day; in order of days within a kind."""
    return f"{kind} {day.isoformat()}"


_HELD = frozenset({"waiting", "held", "held_events", "held_since", "keys", "cooperatives"})


def _with(body: Body, accepted: Sequence[Sound], places: Sequence[Place], account: Account | None) -> Body:
    """The body once these are accepted and those are held."""
    body = {name: value for name, value in body.items() if name not in _HELD}
    body["events"] += len(accepted)
    if account is not None:
        steps = [_step(step) for step in account.steps.values()]
        body |= {"account": kind_of_account(account.id), "state": account.state, "steps": steps}
    return body | _held(places)


def _about(body: Body, events: Collection[Sound]) -> Body:
    """The body, which tells of these events too."""
    facts = {*body.get("facts", ()), *(event.fact for event in events)}
    content = {*body.get("content", ()), *(content_of(event.kind, event.day) for event in events)}
    return body | {"facts": sorted(facts), "content": sorted(content)}


def _held(places: Collection[Place]) -> Body:
    """The part of a body about held events; nothing where none is."""
    if not places:
        return {}
    return {
        "waiting": True,
        "held_events": len(places),
        "held_since": min(place.since for place in places).isoformat(),
        "keys": sorted({key_of(one.held.event.subject) for one in places if one.held.code != OVERDRAWN}),
        "cooperatives": sorted({code for place in places for code, _ in place.held.event.cooperatives}),
        "held": [_entry(place) for place in places],
    }


def _event(document: Document, value: bytes) -> Sound:
    """An event of the document; a retraction in an account does not name the account itself."""
    event = taken(value)
    if "account" in document.body and event.step is None:
        event = replace(event, step=step_into(document.id, read(value)))
    return event


def _entry(place: Place) -> Body:
    held = place.held
    return {
        "arrival": place.arrival,
        "since": place.since.isoformat(),
        "value": held.event.value,
        "code": held.code,
        "pointer": held.pointer,
        "reason": held.reason,
        "remedy": held.remedy,
    }


def _steps(document: Document) -> list[dict[str, Any]]:
    return list(document.body["steps"])


def _step(step: Step) -> Body:
    return {name: value for name, value in asdict(step).items() if name != "account"} | {"day": step.day.isoformat()}


def _messages(events: Sequence[Sound]) -> list[Message]:
    return [Message(SUPPORT.name, key_of(event.subject), event.value) for event in events]
