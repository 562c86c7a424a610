"""What was said of facts: which account an event belongs to, what there is to correct, what holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from catalogue.windows import local_day
from chassis.store import Document, Store
from contracts.envelope import Event, read
from services.support.accounts import step_into
from services.support.examine import claim_of
from services.support.model import Refused, Sound, Step
from services.support.ranks import Rank, cautions, rank_of
from services.support.store import BATCHES, content_of

_HEAVY = ("held", "content", "steps")
_AT_ONCE = 20  # documents whose events are read together


async def stating(store: Store, agencies: Collection[str], facts: Iterable[str]) -> list[Document]:
    """The documents in which one of the agencies said something of one of the facts, without what is held."""
    wanted = sorted(set(facts))
    if not wanted:
        return []
    # By the facts alone: an agency has many documents, and a store may look through them all rather than for the facts.
    found = await store.find(BATCHES, {"facts": {"$in": wanted}}, without=_HEAVY)
    return [document for document in found if document.body["agency"] in agencies]


async def statements(store: Store, documents: Iterable[Document]) -> dict[str, list[Event]]:
    """All events that the documents have said, by document."""
    said = await store.said(BATCHES, [document.id for document in documents])
    return {id: [read(message.value) for message in messages] for id, messages in said.items()}


async def located(
    store: Store, agency: str, events: Sequence[Sound | Refused], forebears: Collection[str] = ()
) -> tuple[list[Sound | Refused], list[Step]]:
    """The events, each with the account that it belongs to and with what is unusual about its revision; and steps that
    were told before the account they belong to was known: retractions that came ahead of what they take back.

    What one of the agency's ``forebears`` stated and the agency itself did not is a fact of theirs: corrected here it
    would count twice.

    Of facts that nobody has stated yet, which is most, it is one question to the store.
    """
    asked = [event for event in events if isinstance(event, Sound)]
    if not asked:
        return list(events), []
    stated = await stating(store, {agency, *forebears}, (event.fact for event in asked))
    documents = [one for one in stated if one.body["agency"] == agency]
    theirs = {fact: one.body["agency"] for one in stated if one not in documents for fact in one.body["facts"]}
    wanted = {event.fact for event in asked}
    where: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        for fact in wanted.intersection(document.body["facts"]):
            where[fact].append(document)
    beside = {event.fact: event.step.account for event in asked if event.step}
    told = _Told(where, beside, theirs, await _ranks(store, documents, wanted))
    placed = [_placed(event, told) if isinstance(event, Sound) else event for event in events]
    steps = {event.fact: event.step for event in placed if isinstance(event, Sound) and event.step}
    return placed, await _told_ahead(store, documents, steps)


@dataclass(frozen=True)
class _Told:
    """What is known of facts: the documents ``where`` the agency states them; the accounts of those that came
    ``beside``; whose they are where they are forebears' (``theirs``); the ranks of what was said of each, also of what
    came before in the same request."""

    where: Mapping[str, Sequence[Document]]
    beside: Mapping[str, str]
    theirs: Mapping[str, str]
    ranks: Mapping[str, set[Rank]]


async def _ranks(store: Store, documents: Sequence[Document], wanted: Collection[str]) -> defaultdict[str, set[Rank]]:
    ranks: defaultdict[str, set[Rank]] = defaultdict(set)
    for first in range(0, len(documents), _AT_ONCE):
        said = await statements(store, documents[first : first + _AT_ONCE])
        for event in (event for events in said.values() for event in events):
            if (fact := fact_of(event)) in wanted:
                at = event.envelope
                ranks[fact].add(Rank(*_rank(event), claim_of(at.agency, at.source, at.id)))
    return ranks


def _placed(event: Sound, told: _Told) -> Sound | Refused:
    known = told.where.get(event.fact, ())
    account = next((document.id for document in known if "account" in document.body), told.beside.get(event.fact))
    if event.step and account and event.step.account != account:
        return Refused(
            event.id,
            "other-account",
            "/data",
            f"hồ sơ `{event.subject}` đã ghi vào một khoản vay hoặc nguồn kinh phí khác",
            "Rút lại hồ sơ đã gửi, rồi gửi hồ sơ mới với mã khác.",
        )
    if event.retracted and account:
        event = replace(event, step=step_into(account, read(event.value)))
    others = {rank for rank in told.ranks[event.fact] if rank.claim != event.claim}
    if not (known or others) and (event.retracted or event.revision > 1) and event.fact in told.theirs:
        return _of_a_forebear(event, told.theirs[event.fact])
    told.ranks[event.fact].add(rank_of(event))
    if others or not known:
        event = replace(event, warnings=(*event.warnings, *cautions(event, others)))
    return event


def _of_a_forebear(event: Sound, agency: str) -> Refused:
    return Refused(
        event.id,
        "forebears-fact",
        "/subject",
        f"hồ sơ `{event.subject}` do {agency} ghi trước khi sắp xếp lại cơ quan; sửa dưới tên khác sẽ bị tính hai lần",
        f"Gửi bản sửa hoặc bản rút lại bằng khóa của {agency}, giữ nguyên mã hồ sơ và thời điểm xảy ra.",
    )


async def _told_ahead(store: Store, documents: Sequence[Document], steps: Mapping[str, Step]) -> list[Step]:
    batches = [one for one in documents if "account" not in one.body and steps.keys() & set(one.body["facts"])]
    told = await statements(store, batches) if batches else {}
    found = [event for events in told.values() for event in events]
    return [step_into(steps[fact].account, event) for event in found if (fact := fact_of(event)) in steps]


async def history(store: Store, agency: str | None, fact: str) -> list[tuple[Document, Event]]:
    """Everything said of a fact (kind and subject), the lowest revision first; the last one holds. By one agency, or by
    each that used the subject."""
    where = {"facts": fact} | ({"agency": agency} if agency else {})
    documents = {one.id: one for one in await store.find(BATCHES, where, without=_HEAVY)}
    told = [
        (documents[id], event)
        for id, events in (await statements(store, documents.values())).items()
        for event in events
        if fact_of(event) == fact
    ]
    return sorted(told, key=lambda one: (one[1].envelope.agency, *_rank(one[1])))


async def telling(
    store: Store, agency: str | None, kind: str, first: date, last: date, *, after: str | None, limit: int
) -> list[Document]:
    """Documents with events of a kind whose business days lie between two days, both included; in order of ids."""
    content = {"$gte": content_of(kind, first), "$lt": content_of(kind, last + timedelta(1))}
    where: dict[str, object] = {"content": content} | ({"agency": agency} if agency else {})
    return await store.find(BATCHES, where, after=after, limit=limit, without=_HEAVY)


async def holding_in(
    store: Store, documents: Iterable[Document], kind: str, first: date, last: date
) -> list[tuple[Document, Event]]:
    """The events of these documents, of the kind and the days, that hold: no higher revision is known anywhere, and
    they take nothing back. Over all documents, each fact is found exactly once, or not at all if it was taken back."""
    home = {one.id: one for one in documents}
    told = await statements(store, home.values())
    found = [
        (home[id], event)
        for id, events in told.items()
        for event in events
        if event.kind.name == kind and first <= local_day(event.envelope.time) <= last
    ]
    facts: defaultdict[str, set[str]] = defaultdict(set)
    for document, event in found:
        facts[document.body["agency"]].add(fact_of(event))
    highest: dict[str, tuple[int, str]] = {}
    for agency, wanted in facts.items():
        others = [one for one in await stating(store, {agency}, wanted) if one.id not in told]
        told |= await statements(store, others) if others else {}
    for event in (event for events in told.values() for event in events):
        highest[event.fact] = max(_rank(event), highest.get(event.fact, (0, "")))
    return [(at, event) for at, event in found if not event.retracted and _rank(event) == highest[event.fact]]


def fact_of(event: Event) -> str:
    """What the event states, among its agency's facts."""
    return f"{event.kind.name} {event.envelope.subject}"


def _rank(event: Event) -> tuple[int, str]:
    return event.envelope.revision, event.envelope.id
