"""Taking in a batch: examine the events, look up what is known of them, keep the new ones."""

import logging
from collections.abc import Iterator, Sequence
from itertools import islice

from chassis.logs import about
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.store import Stale, Taken
from services.support import store as kept
from services.support.decide import decide
from services.support.deps import Deps
from services.support.examine import Terms, examine
from services.support.model import Accepted, Duplicate, Outcome, Refused, Sound

_ATTEMPTS = 5

_log = logging.getLogger(__name__)


async def take_in(deps: Deps, agency: str, values: Sequence[bytes], *, source: str = "http") -> list[Outcome]:
    """What became of each event that the agency sent, in order. Accepted means kept; it is published soon after.
    `source` says on which way they came, for the metrics.

    Raises:
        Taken: other requests with the same events kept getting in the way; nothing is lost by sending again.
    """
    terms = Terms(deps.plan, agency, deps.clock.now(), deps.settings.ahead, deps.settings.max_event_bytes)
    seen: dict[str, str] = {}  # mostly nothing is: the store's own refusal tells, and then it is looked up
    outcomes: list[Outcome] = []
    for chunk in _chunks(values, deps.settings.events_per_write):
        events = [examine(value, terms) for value in chunk]
        sound = [event for event in events if isinstance(event, Sound)]
        known = await kept.existing(deps.store, (code for event in sound for code, _ in event.cooperatives))
        outcomes += await _keep(deps, terms, events, seen, known)
    deps.relay.wake()
    _measure(deps, outcomes, source)
    return outcomes


async def _keep(
    deps: Deps, terms: Terms, events: Sequence[Sound | Refused], seen: dict[str, str], known: frozenset[str]
) -> list[Outcome]:
    """Keep the new ones of some events in one write; `seen` learns of them."""
    for attempt in range(1, _ATTEMPTS + 1):
        batch = deps.batch_ids.next(terms.now)
        outcomes = decide(events, seen=seen, known=known, batch=batch)
        accepted = [outcome.event for outcome in outcomes if isinstance(outcome, Accepted)]
        try:
            if accepted:
                await kept.put_batch(deps.store, batch, terms.speaker, terms.now, accepted)
        except (Taken, Stale):
            if attempt == _ATTEMPTS:
                raise
            seen.update(await kept.seen(deps.store, [event.claim for event in accepted]))
        else:
            seen.update((event.claim, batch) for event in accepted)
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
            case Duplicate():
                deps.metrics.count(EVENTS_DUPLICATE, source=source)
            case Refused():
                deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
                with about(event=outcome.id or ""):
                    _log.info("refused: %s at %s", outcome.code, outcome.pointer or "/")
