"""Obstacles as they are kept and acted on: one versioned document for the life of each, with its events in the outbox,
beside the events that raised or solved it (`statements`).

The document also says how the obstacle stands, for lists (`listing`) and metrics to choose by. Whoever changes what is
known of it writes that anew: it reads the document first and all events after it, so of two who do it at once the later
write is refused unless it has seen what the earlier saw.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from itertools import count
from typing import Any

from catalogue.model import Plan
from chassis.store import Body, Document, Message, Stale, Write
from contracts.envelope import Event
from services.reporting import statements
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.obstacles.decide import tell
from services.reporting.obstacles.fold import Known
from services.reporting.obstacles.messages import obstacle_moved, obstacle_told
from services.reporting.obstacles.model import KINDS, Life, Obstacle, Step, Told, obstacle_id

COLLECTION = "obstacles"
_ATTEMPTS = 3


async def every(deps: Deps, agencies: Collection[str] | None = None, moment: datetime | None = None) -> list[Obstacle]:
    """All obstacles, or those of some agencies, the oldest first; as they stand, or stood at a moment. Two reads."""
    lives = [life_of(document) for document in await deps.store.find(COLLECTION, of_agencies(agencies))]
    events = await statements.of_kinds(deps.store, KINDS, agencies, moment)
    return Known(deps.plan, events, lives if moment is None else [life.at(moment) for life in lives]).obstacles


def of_agencies(agencies: Collection[str] | None) -> dict[str, Any]:
    """What chooses the documents of some agencies, or all."""
    return {} if agencies is None else {"agency": {"$in": sorted(agencies)}}


async def find(deps: Deps, id: str) -> Obstacle | None:
    """One obstacle as it stands now. Two reads."""
    stored = await deps.store.get(COLLECTION, id)
    return _stands(deps.plan, stored, await statements.about(deps.store, [id]))


async def report(
    deps: Deps,
    agency: str,
    text: str,
    *,
    task: str | None = None,
    period: str | None = None,
    subject: str | None = None,
) -> Obstacle:
    """An agency raises an obstacle, with its report for a period or at any time.

    The same words again, while it is not closed, are the same obstacle, so that a report handed in anew raises nothing
    twice. ``subject`` is the agency's own name for it, by which its system's events are about it too.

    Raises:
        Refused: the plan does not bind the agency, has no such task, or the subject names another obstacle.
    """
    told = Told(text, deps.clock.now(), task, period)
    for number in count(1):
        name = subject or _named_after(text, number)
        life = tell(deps.plan, agency, name, told)
        one = await _open(deps, life, told)
        if one.closed_at is None or subject is not None:
            return one
    raise AssertionError("unreachable")


async def act(deps: Deps, id: str, decide: Callable[[Obstacle], Step | None]) -> Obstacle | None:
    """Take a step about an obstacle; None where there is no such one.

    Raises:
        Refused: the step is not allowed.
        Stale: others keep acting on it at the same moment.
    """
    for attempt in range(_ATTEMPTS):
        stored = await deps.store.get(COLLECTION, id)
        events = await statements.about(deps.store, [id])
        one = _stands(deps.plan, stored, events)
        step = decide(one) if one else None
        if one is None or step is None:
            return one
        life = life_of(stored) if stored else Life(id, one.agency, one.subject)
        moved = replace(life, steps=(*life.steps, step))
        try:
            await _write(deps, moved, events, stored.version if stored else 0, obstacle_moved(life, step))
        except Stale:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            break
    return await find(deps, id)


async def stand(deps: Deps, heard: Iterable[Event]) -> None:
    """Note how the obstacles stand that these events are about, once the events are kept. A few reads, and a write for
    each that stands otherwise now.

    Raises:
        Stale: others keep acting on one at the same moment.
    """
    about = sorted({obstacle_id(*_name(event)) for event in heard})
    for attempt in range(_ATTEMPTS if about else 0):
        stored = await deps.store.get_many(COLLECTION, about)
        stopped = await _note(deps, stored, await statements.about(deps.store, about))
        if stopped is None:
            return
        if attempt == _ATTEMPTS - 1:
            raise stopped


async def stand_all(deps: Deps) -> None:
    """Note anew how all stand, for what was put back from a backup, or is told otherwise by a changed plan.

    Two reads, and a write for each that stands otherwise than noted.
    """
    for _ in range(_ATTEMPTS):
        stored = {one.id: one for one in await deps.store.find(COLLECTION)}
        events = await statements.of_kinds(deps.store, KINDS)
        if await _note(deps, stored, events) is None:
            return
    # Who got in the way every time is another copy, which notes them itself.


async def _note(deps: Deps, stored: Mapping[str, Document], events: Collection[Event]) -> Exception | None:
    """Write how they stand where that is not what is noted; what stopped it, if anything did."""
    lives = {id: Life(id, *name) for name in map(_name, events) for id in [obstacle_id(*name)]}
    lives |= {id: life_of(one) for id, one in stored.items()}
    found = {one.id: one for one in Known(deps.plan, events, lives.values()).obstacles}
    bodies = {id: _body(life, found.get(id)) for id, life in lives.items()}
    writes = [
        Write(id, body, stored[id].version if id in stored else 0)
        for id, body in bodies.items()
        if id not in stored or stored[id].body.get("stands") != body["stands"]
    ]
    return (await deps.store.put_all(COLLECTION, writes))[1]


async def _open(deps: Deps, life: Life, told: Told) -> Obstacle:
    """The obstacle of this name: a new one, or the one that there is with the same words."""
    stored = await deps.store.get(COLLECTION, life.obstacle)
    events = await statements.about(deps.store, [life.obstacle])
    one = _stands(deps.plan, stored, events)
    if one is None:
        try:
            version = stored.version if stored else 0
            await _write(deps, life, events, version, obstacle_told(life, told))
        except Stale:
            pass  # it was told at the same moment, and is one then
        one = await find(deps, life.obstacle)
    assert one is not None, f"{life.obstacle} is kept"
    if one.text != told.text:
        raise Refused("other-obstacle", f"`{life.subject}` đã là mã của vướng mắc khác: {one.text}")
    return one


def _named_after(text: str, number: int) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{digest}-{number}" if number > 1 else digest


def _name(event: Event) -> tuple[str, str]:
    return event.envelope.agency, event.envelope.subject


def _stands(plan: Plan, stored: Document | None, events: Iterable[Event]) -> Obstacle | None:
    found = Known(plan, events, [life_of(stored)] if stored else []).obstacles
    return found[0] if found else None


async def _write(deps: Deps, life: Life, events: Iterable[Event], expected: int, message: Message) -> None:
    found = Known(deps.plan, events, [life]).obstacles
    body = _body(life, found[0] if found else None)
    await deps.store.put(COLLECTION, life.obstacle, body, expected=expected, messages=[message])
    deps.relay.wake()


def _body(life: Life, one: Obstacle | None) -> Body:
    return {
        "agency": life.agency,
        "subject": life.subject,
        "told": asdict(life.told) if life.told else None,
        "steps": [asdict(step) for step in life.steps],
        "stands": {"place": one.place, "state": one.state, "task": one.task} if one else None,
    }


def life_of(document: Document) -> Life:
    """What was told and done about an obstacle."""
    body = document.body
    return Life(
        obstacle=document.id,
        agency=body["agency"],
        subject=body["subject"],
        told=Told(**body["told"]) if body["told"] else None,
        steps=tuple(Step(**step) for step in body["steps"]),
    )
