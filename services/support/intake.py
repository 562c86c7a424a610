"""Taking in a batch: examine the events, look up what is known of them, keep the new ones."""

import logging
from collections.abc import Iterator, Sequence
from itertools import islice

from chassis.logs import about
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_HELD, EVENTS_REFUSED
from chassis.store import Stale, Taken
from contracts.envelope import key_of
from services.support import store as kept
from services.support.decide import Register, decide
from services.support.deps import Deps
from services.support.examine import Terms, examine
from services.support.holding import register_for, release_of
from services.support.model import Accepted, Duplicate, Held, Outcome, Refused, Sound

_ATTEMPTS = 5

_log = logging.getLogger(__name__)


async def take_in(deps: Deps, agency: str, values: Sequence[bytes], *, source: str = "http") -> list[Outcome]:
    """What became of each event that the agency sent, in order. Accepted means kept; it is published soon after.
    `source` says on which way they came, for the metrics.

    Raises:
        Taken: other requests with the same events kept getting in the way; nothing is lost by sending again.
    """
    terms = Terms(deps.plan, agency, deps.clock.now(), deps.settings.ahead, deps.settings.max_event_bytes)
    behind = {key for one in await kept.waiting(deps.store, agency) for key in one.keys}
    seen: dict[str, str] = {}  # mostly nothing is: the store's own refusal tells, and then it is looked up
    outcomes: list[Outcome] = []
    for chunk in _chunks(values, deps.settings.events_per_write):
        events = [examine(value, terms) for value in chunk]
        register = await register_for(deps, [event for event in events if isinstance(event, Sound)])
        outcomes += await _take(deps, terms, events, seen, register, behind)
    deps.relay.wake()
    if any(isinstance(outcome, Held) for outcome in outcomes):
        await release_of(deps, agency)  # registry may have told more since it was looked up
    _measure(deps, outcomes, source)
    return outcomes


async def _take(
    deps: Deps,
    terms: Terms,
    events: Sequence[Sound | Refused],
    seen: dict[str, str],
    register: Register,
    behind: set[str],
) -> list[Outcome]:
    """Keep the new ones of some events. What is held gets a document of its own: one with messages waiting to be said
    would say a released event in its old place, before others of its key that are released from an older document."""
    first = decide(events, seen=seen, register=register, behind=behind, batch="")
    if not any(isinstance(outcome, Held) for outcome in first):
        return await _keep(deps, terms, events, seen, register, behind)
    outcomes: dict[int, Outcome] = {}
    for wanted in ((Accepted,), (Held,), (Duplicate, Refused)):
        places = [place for place, outcome in enumerate(first) if isinstance(outcome, wanted)]
        became = await _keep(deps, terms, [events[place] for place in places], seen, register, behind)
        outcomes |= dict(zip(places, became, strict=True))
    return [outcomes[place] for place in range(len(events))]


async def _keep(
    deps: Deps,
    terms: Terms,
    events: Sequence[Sound | Refused],
    seen: dict[str, str],
    register: Register,
    behind: set[str],
) -> list[Outcome]:
    """Keep the new ones of some events in one write; `seen` and `behind` learn of them."""
    for attempt in range(1, _ATTEMPTS + 1):
        batch = deps.batch_ids.next(terms.now)
        outcomes = decide(events, seen=seen, register=register, behind=behind, batch=batch)
        accepted = [outcome.event for outcome in outcomes if isinstance(outcome, Accepted)]
        held = [outcome for outcome in outcomes if isinstance(outcome, Held)]
        new = [event.claim for event in [*accepted, *(one.event for one in held)]]
        try:
            if new:
                await kept.put_batch(deps.store, batch, terms.speaker, terms.now, accepted, held)
        except (Taken, Stale):
            if attempt == _ATTEMPTS:
                raise
            seen.update(await kept.seen(deps.store, new))
        else:
            seen.update((claim, batch) for claim in new)
            behind.update(key_of(one.event.subject) for one in held)
            return outcomes
    raise AssertionError("unreachable")


def _chunks(values: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    rest = iter(values)
    while chunk := tuple(islice(rest, size)):
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
