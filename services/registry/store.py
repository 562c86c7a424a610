"""How the register keeps a cooperative: one document, its id the code.

The document holds how the cooperative stands (for lists), every change it went through (of which that is the fold) and,
in its outbox, its events: a change and its event are one write.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from catalogue.windows import local_day
from chassis.store import Document, Message, Store
from chassis.totals import COLLECTION as TOTALS
from chassis.totals import INDEXES as TOTAL_INDEXES
from contracts.kinds import KINDS
from contracts.kinds.registry import ActivityReported, CooperativeEvaluated
from contracts.shapes import Shape
from services.registry.fold import replay
from services.registry.messages import kind_of, message, year_kind, year_message
from services.registry.model import Annulment, Change, Cooperative, Details, Numbers, Step, Undone, Year
from services.registry.names import words_of
from services.registry.searching import Listed, Wanted
from services.registry.years import latest

COLLECTION = "cooperatives"
COLLECTIONS = {
    COLLECTION: ("unit", "status", "form", "sector", "words", "unfinished", "told"),
    TOTALS: TOTAL_INDEXES,
}
_AT_ONCE = 200


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A change as it was recorded: when, and in answer to which request if the request had an idempotency key."""

    change: Change
    recorded_at: datetime
    key: str | None = None
    asked: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was told of a year, as it was recorded."""

    year: Year
    recorded_at: datetime


class Dossier:
    """All that is known of one cooperative. Empty for a code that is not in the register. ``pending`` are the steps
    that follow from its changes and are not carried out yet, ``undone`` those that never will be. ``stored`` is the
    version of its document, which counts every write."""

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        told: Iterable[Told] = (),
        pending: Iterable[Step] = (),
        stored: int = 0,
        undone: Iterable[Undone] = (),
    ) -> None:
        self.entries = tuple(entries)
        self.told = tuple(told)
        self.pending = tuple(pending)
        self.stored = stored
        self.undone = tuple(undone)

    @property
    def years(self) -> tuple[Year, ...]:
        return tuple(told.year for told in self.told)

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
    return _dossier(document) if document else Dossier()


async def append(
    store: Store, dossier: Dossier, entry: Entry, steps: Iterable[Step] = (), *, traceparent: str = ""
) -> Cooperative:
    """Record one more change, with its event in the outbox and what follows from it, in one write.

    Raises:
        Stale: another change was recorded meanwhile.
        Taken: the idempotency key belongs to a change of another cooperative.
    """
    grown = Dossier((*dossier.entries, entry), dossier.told, (*dossier.pending, *steps), dossier.stored, dossier.undone)
    claims = [entry.key] if entry.key else []
    return await _put(store, grown, [message(entry.change, traceparent)], claims)


async def annul(
    store: Store, dossier: Dossier, annulled: Change, *, claims: Sequence[str] = (), traceparent: str = ""
) -> Cooperative:
    """Record that one of the changes never happened, with the event that takes it back, in one write.

    Raises:
        Stale: something else was recorded meanwhile.
        Taken: the request's key belongs to another cooperative.
    """
    entries = [
        msgspec.structs.replace(entry, change=annulled) if _same(entry.change, annulled) else entry
        for entry in dossier.entries
    ]
    grown = Dossier(entries, dossier.told, dossier.pending, dossier.stored, dossier.undone)
    return await _put(store, grown, [message(annulled, traceparent)], claims)


def _same(one: Change, other: Change) -> bool:
    return one.data.version == other.data.version


async def tell(
    store: Store, dossier: Dossier, told: Told, *, claims: Sequence[str] = (), traceparent: str = ""
) -> Cooperative:
    """Record what was told of a year, with its event in the outbox, in one write.

    Raises:
        Stale: something else was recorded meanwhile.
        Taken: the request's key belongs to another cooperative.
    """
    grown = Dossier(dossier.entries, (*dossier.told, told), dossier.pending, dossier.stored, dossier.undone)
    return await _put(store, grown, [year_message(told.year, traceparent)], claims)


async def answer(store: Store, dossier: Dossier, claims: Sequence[str]) -> Cooperative:
    """Record that a request was answered which told nothing new; without a key of its own there is nothing to record.

    Raises:
        Stale: something else was recorded meanwhile.
        Taken: the request's key belongs to another cooperative.
    """
    state = dossier.state
    assert state is not None
    return await _put(store, dossier, [], claims) if claims else state


async def carried_out(store: Store, dossier: Dossier, step: Step, undone: Undone | None = None) -> None:
    """Forget a step: it is carried out, or is noted as never to be.

    Raises:
        Stale: something else was recorded meanwhile.
    """
    left, noted = [one for one in dossier.pending if one != step], (*dossier.undone, *([undone] if undone else []))
    await _put(store, Dossier(dossier.entries, dossier.told, left, dossier.stored, noted), [], [])


async def unfinished(store: Store) -> list[str]:
    """The codes of cooperatives with steps that are not carried out."""
    found = await store.find(COLLECTION, {"unfinished": True}, without=("changes", "years"))
    return [document.id for document in found]


async def _put(store: Store, grown: Dossier, said: list[Message], claims: Sequence[str]) -> Cooperative:
    state = grown.state
    assert state is not None
    body = {
        **msgspec.to_builtins(state),
        "words": words_of(state.code, state.name),
        "told": sorted({name for name, _ in _holding(grown)}),
        "changes": [_encoded(each) for each in grown.entries],
        "years": [_encoded_year(each) for each in grown.told],
        **({"unfinished": True, "pending": msgspec.to_builtins(grown.pending)} if grown.pending else {}),
        **({"undone": msgspec.to_builtins(grown.undone)} if grown.undone else {}),
    }
    await store.put(COLLECTION, state.code, body, expected=grown.stored, messages=said, claims=claims)
    return state


async def dossiers_of(store: Store, units: Collection[str] | None) -> list[Dossier]:
    """All that is known of every cooperative, of some units or of all."""
    where = {} if units is None else {"unit": {"$in": sorted(units)}}
    found: list[Dossier] = []
    after: str | None = None
    while True:
        page = await store.find(COLLECTION, where, after=after, limit=_AT_ONCE)
        found += map(_dossier, page)
        if len(page) < _AT_ONCE:
            return found
        after = page[-1].id


async def telling(
    store: Store, agency: str, kind: str, day: date, *, after: str | None, limit: int
) -> list[tuple[str, list[Shape]]]:
    """By the cooperatives' codes, in their order, what holds of what an agency told in a kind on a business day."""
    wanted = _name_of(agency, kind, day)
    found = await store.find(COLLECTION, {"told": wanted}, after=after, limit=limit)
    return [(one.id, [data for name, data in _holding(_dossier(one)) if name == wanted]) for one in found]


def _holding(dossier: Dossier) -> Iterator[tuple[str, Shape]]:
    """What holds of everything that was told, each under the name of its agency, kind and business day."""
    for change in (entry.change for entry in dossier.entries):
        if not change.annulled:
            yield _name_of(change.agency, kind_of(change).name, local_day(change.at)), change.data
    for year in latest(dossier.years).values():
        yield _name_of(year.agency, year_kind(year).name, local_day(year.at)), year.data


def _name_of(agency: str, kind: str, day: date) -> str:
    return f"{agency} {kind} {day.isoformat()}"


async def listed(store: Store, wanted: Wanted, *, after: str | None, limit: int) -> list[Listed]:
    """Cooperatives in the order of their codes, from the one behind `after`."""
    found: list[Listed] = []
    while len(found) < limit:
        page = await store.find(COLLECTION, wanted.where, after=after, limit=_AT_ONCE, without=("changes",))
        found += [one for one in map(_listed, page) if wanted.fits(one)]
        if len(page) < _AT_ONCE:
            break
        after = page[-1].id
    return found[:limit]


def _listed(document: Document) -> Listed:
    state = msgspec.convert(document.body, Cooperative)
    years = tuple(_told(stored).year for stored in document.body["years"])
    return Listed(state, years, frozenset(document.body["words"]))


def _dossier(document: Document) -> Dossier:
    body = document.body
    pending = (msgspec.convert(step, Step) for step in body.get("pending", ()))
    undone = (msgspec.convert(one, Undone) for one in body.get("undone", ()))
    return Dossier(map(_entry, body["changes"]), map(_told, body["years"]), pending, document.version, undone)


def _encoded_year(told: Told) -> dict[str, Any]:
    return {**msgspec.to_builtins(told), "kind": "activity" if isinstance(told.year.data, ActivityReported) else ""}


def _told(stored: dict[str, Any]) -> Told:
    year = stored["year"]
    shape: type[ActivityReported | CooperativeEvaluated]
    shape = ActivityReported if stored["kind"] else CooperativeEvaluated
    return Told(
        year=Year(
            at=datetime.fromisoformat(year["at"]),
            agency=year["agency"],
            revision=year["revision"],
            data=msgspec.convert(year["data"], shape),
            retracted=year["retracted"],
        ),
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
    )


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
            shared=change["shared"],
            annulled=msgspec.convert(change["annulled"], Annulment | None),
        ),
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        key=stored["key"],
        asked=stored["asked"],
    )
