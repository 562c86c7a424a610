"""Taking in a batch: examine the events, look up what is known of them, keep the new ones."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from chassis import logs
from chassis.following import tell
from chassis.logs import about
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_HELD, EVENTS_REFUSED
from chassis.store import Document, Stale, Taken, Write
from contracts.envelope import key_of
from services.support import store as kept
from services.support.accounts import Account
from services.support.decide import Batches, Queue, Register, decide, withdrawn
from services.support.deps import Deps
from services.support.examine import Terms, examine
from services.support.facts import located
from services.support.holding import register_for, release_of
from services.support.model import OVERDRAWN, Accepted, Duplicate, Held, Outcome, Refused, Sound, Step

_ATTEMPTS = 5
_BYTES_PER_WRITE = 2_000_000

_log = logging.getLogger(__name__)


async def take_in(deps: Deps, agency: str, values: Sequence[bytes], *, source: str = "http") -> list[Outcome]:
    """What became of each event that the agency sent, in order. Accepted means kept; it is published soon after.
    `source` says on which way they came, for the metrics.

    Raises:
        Taken, Stale: other requests with the same events or accounts kept getting in the way; nothing is lost by
            sending again.
    """
    settings, trace = deps.settings, (logs.traceparent.get(), logs.tracestate.get())
    terms = Terms(deps.plan, agency, deps.clock.now(), settings.ahead, settings.max_event_bytes, *trace)
    behind = {key for one in await kept.waiting(deps.store, agency) for key in one.keys}
    seen: dict[str, str] = {}  # mostly nothing is: the store's own refusal tells, and then it is looked up
    outcomes: list[Outcome] = []
    release = False
    for chunk in _chunks(values, settings.events_per_write):
        taking = _Taking(deps, terms, seen, behind)
        outcomes += await taking.take([examine(value, terms) for value in chunk])
        release = release or taking.release
    deps.relay.wake()
    if release:
        await release_of(deps, agency)
    _measure(deps, outcomes, source)
    tell(_log, [one.event.value for one in outcomes if isinstance(one, Accepted)], "accepted from %s", agency)
    return outcomes


class _Taking:
    """Some events of an agency on their way into the store; `seen` and `behind` learn of what is kept."""

    def __init__(self, deps: Deps, terms: Terms, seen: dict[str, str], behind: set[str]) -> None:
        self._deps = deps
        self._terms = terms
        self._seen = seen
        self._behind = behind
        self._outcomes: dict[int, Outcome] = {}
        self.release = False
        """Whether held events may go now: some were held, and registry may have told more since it was looked up; or an
        account with held events has moved."""

    async def take(self, sent: Sequence[Sound | Refused]) -> list[Outcome]:
        """Keep the new ones; what became of each, in order."""
        forebears = self._deps.plan.roster.forebears(self._terms.speaker)
        events, told_ahead = await located(self._deps.store, self._terms.speaker, sent, forebears)
        register = await register_for(self._deps, _sound(events))
        for attempt in range(1, _ATTEMPTS + 1):
            left = [place for place in range(len(events)) if place not in self._outcomes]
            try:
                await self._take({place: events[place] for place in left}, register, told_ahead)
                break
            except (Taken, Stale):
                if attempt == _ATTEMPTS:
                    raise
                claims = [event.claim for event in _sound(events)]
                self._seen.update(await kept.seen(self._deps.store, claims))
        await self._withdrawn(events)
        return [self._outcomes[place] for place in range(len(events))]

    async def _withdrawn(self, events: Sequence[Sound | Refused]) -> None:
        """What came again but was withdrawn while it was held is kept to be looked at, and will not be said."""
        again = {
            place: one
            for place, one in enumerate(events)
            if isinstance(one, Sound) and isinstance(self._outcomes[place], Duplicate)
        }
        gone = await kept.withdrawn(self._deps.store, [one.claim for one in again.values()])
        self._outcomes |= {place: withdrawn(one.id) for place, one in again.items() if one.claim in gone}

    async def _take(self, events: Mapping[int, Sound | Refused], register: Register, told_ahead: list[Step]) -> None:
        moving = [event for event in _sound(events.values()) if event.step]
        touched = {event.step.account for event in moving if event.step}
        known = await kept.documents(self._deps.store, touched)
        # A document's own claims don't stand in its way: what an account keeps is looked up, once its version is known.
        self._seen.update(await kept.seen(self._deps.store, [event.claim for event in moving]))
        accounts = {id: _account(id, known.get(id), told_ahead) for id in touched}
        queue = Queue(register, self._behind, accounts)
        now = self._terms.now
        batches = Batches(accepted=self._deps.batch_ids.next(now), held=self._deps.batch_ids.next(now))
        full = {id for id, one in known.items() if kept.bytes_in(one) > self._deps.settings.max_account_bytes}
        decided = decide(list(events.values()), seen=self._seen, queue=queue, batches=batches, full=full)
        outcomes = dict(zip(events, decided, strict=True))
        homes = _homes(outcomes, batches)
        writes = [
            self._writing(
                home, known.get(home), accounts.get(home), [outcomes[place] for place in places], batches.held
            )
            for home, places in homes.items()
        ]
        written, stopped = await kept.put(self._deps.store, writes)
        for home, places in islice(homes.items(), written):
            self._kept(home, known.get(home), {place: outcomes[place] for place in places})
        if stopped is not None:
            raise stopped
        self._outcomes |= {place: one for place, one in outcomes.items() if isinstance(one, Duplicate | Refused)}

    def _writing(
        self, home: str, known: Document | None, account: Account | None, new: Sequence[Outcome], arrival: str
    ) -> Write:
        """What keeps accepted and held events of one document."""
        accepted = [one.event for one in new if isinstance(one, Accepted)]
        for event in accepted:
            account = account.after(event.step) if account and event.step else account
        return kept.writing(
            home,
            known,
            agency=self._terms.speaker,
            now=self._terms.now,
            arrival=arrival,
            accepted=accepted,
            held=[one for one in new if isinstance(one, Held)],
            account=account,
        )

    def _kept(self, home: str, known: Document | None, new: Mapping[int, Outcome]) -> None:
        """Learn of what one document keeps now."""
        self._outcomes |= new
        held = [one for one in new.values() if isinstance(one, Held)]
        self._seen.update((one.event.claim, home) for one in new.values() if isinstance(one, Accepted | Held))
        self._behind.update(key_of(one.event.subject) for one in held if one.code != OVERDRAWN)
        self.release = self.release or bool(held) or (known is not None and "waiting" in known.body)


def _homes(outcomes: Mapping[int, Outcome], batches: Batches) -> dict[str, list[int]]:
    """By the document that will keep them, the places of new events. What is held gets a batch of its own: one with
    messages waiting to be said would say a released event in its old place, before others of its key that are released
    from an older batch."""
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for place, outcome in outcomes.items():
        if isinstance(outcome, Accepted | Held):
            homes[batches.home(outcome)].append(place)
    return dict(homes)


def _account(id: str, known: Document | None, told_ahead: Iterable[Step]) -> Account:
    account = (kept.account_in(known) if known else None) or Account(id)
    for step in told_ahead:
        account = account.after(step) if step.account == id else account
    return account


def _sound(events: Iterable[Sound | Refused]) -> list[Sound]:
    return [event for event in events if isinstance(event, Sound)]


def _chunks(values: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    """At most so many at once, and no more bytes than a document of the store has room for, beside what it holds."""
    chunk: list[bytes] = []
    room = _BYTES_PER_WRITE
    for value in values:
        if chunk and (len(chunk) == size or len(value) > room):
            yield chunk
            chunk, room = [], _BYTES_PER_WRITE
        chunk.append(value)
        room -= len(value)
    if chunk:
        yield chunk


def _measure(deps: Deps, outcomes: Sequence[Outcome], source: str) -> None:
    for outcome in outcomes:
        match outcome:
            case Accepted():
                deps.metrics.count(EVENTS_ACCEPTED, kind=outcome.event.kind)
            case Held():
                deps.metrics.count(EVENTS_HELD, reason=outcome.code)
            case Duplicate():
                deps.metrics.count(EVENTS_DUPLICATE, source=source)
            case Refused():
                deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
                with about(event=outcome.id or ""):
                    _log.info("refused: %s at %s", outcome.code, outcome.pointer or "/")
