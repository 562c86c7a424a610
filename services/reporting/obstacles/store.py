"""Obstacles as they are kept and acted on: one versioned document for the life of each, with its events in the outbox,
beside the events that raised or solved it (`statements`)."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import count

from chassis.store import Body, Document, Message, Stale, Store
from services.reporting import statements
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.obstacles.decide import tell
from services.reporting.obstacles.fold import Known
from services.reporting.obstacles.messages import obstacle_moved, obstacle_told
from services.reporting.obstacles.model import KINDS, Life, Obstacle, Step, Told

COLLECTION = "obstacles"
_ATTEMPTS = 3


async def every(deps: Deps, agency: str | None = None) -> list[Obstacle]:
    """All obstacles, or those of one agency, the oldest first. Two reads."""
    events = await statements.of_kinds(deps.store, KINDS, agency)
    where = {"agency": agency} if agency is not None else {}
    lives = [_life(document) for document in await deps.store.find(COLLECTION, where)]
    return Known(deps.plan, events, lives).obstacles


async def find(deps: Deps, id: str) -> Obstacle | None:
    """One obstacle as it stands now. Two reads."""
    return (await _look(deps, id))[0]


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
        one, stored = await _look(deps, id)
        step = decide(one) if one else None
        if one is None or step is None:
            return one
        life = _life(stored) if stored else Life(id, one.agency, one.subject)
        try:
            await _put(deps.store, life, step, stored)
        except Stale:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            deps.relay.wake()
            break
    return await find(deps, id)


async def _open(deps: Deps, life: Life, told: Told) -> Obstacle:
    """The obstacle of this name: a new one, or the one that there is with the same words."""
    one = await find(deps, life.obstacle)
    if one is None:
        try:
            await _write(deps.store, life, 0, obstacle_told(life, told))
        except Stale:
            pass  # it was told at the same moment, and is one then
        else:
            deps.relay.wake()
        one = await find(deps, life.obstacle)
    assert one is not None, f"{life.obstacle} is kept"
    if one.text != told.text:
        raise Refused("other-obstacle", f"`{life.subject}` đã là mã của vướng mắc khác: {one.text}")
    return one


def _named_after(text: str, number: int) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{digest}-{number}" if number > 1 else digest


async def _look(deps: Deps, id: str) -> tuple[Obstacle | None, Document | None]:
    events = await statements.about(deps.store, id)
    stored = await deps.store.get(COLLECTION, id)
    found = Known(deps.plan, events, [_life(stored)] if stored else []).obstacles
    return (found[0] if found else None), stored


async def _put(store: Store, life: Life, step: Step, stored: Document | None) -> None:
    moved = replace(life, steps=(*life.steps, step))
    await _write(store, moved, stored.version if stored else 0, obstacle_moved(life, step))


async def _write(store: Store, life: Life, expected: int, message: Message) -> None:
    await store.put(COLLECTION, life.obstacle, _body(life), expected=expected, messages=[message])


def _body(life: Life) -> Body:
    return {
        "agency": life.agency,
        "subject": life.subject,
        "told": asdict(life.told) if life.told else None,
        "steps": [asdict(step) for step in life.steps],
    }


def _life(document: Document) -> Life:
    body = document.body
    return Life(
        obstacle=document.id,
        agency=body["agency"],
        subject=body["subject"],
        told=Told(**body["told"]) if body["told"] else None,
        steps=tuple(Step(**step) for step in body["steps"]),
    )
