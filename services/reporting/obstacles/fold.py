"""How obstacles stand, read off what was heard and what was done. Pure.

Agencies' systems state them as events (``obstacle.raised``, ``obstacle.solved``); what people do about one over HTTP is
its *life*. How it stands is read off both, so it does not matter which is known first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.envelope import Event
from contracts.kinds.support.oversight import ObstacleRaised, ObstacleSolved
from services.reporting.obstacles.model import RAISED, SOLVED, Life, Obstacle, obstacle_id


@dataclass
class _Fact:
    """What events say of one kind about an obstacle: what holds, and the last words before a retraction."""

    standing: Event | None = None
    words: Event | None = None

    def take(self, event: Event) -> None:
        if self.standing is None or _rank(self.standing) < _rank(event):
            self.standing = event
        if not event.retracted and (self.words is None or _rank(self.words) < _rank(event)):
            self.words = event

    @property
    def holds(self) -> Event | None:
        return None if self.standing is None or self.standing.retracted else self.standing


def _rank(event: Event) -> tuple[int, str]:
    return event.envelope.revision, event.envelope.id


class Known:
    """Everything known of obstacles: events and lives, in any order and any number of times."""

    def __init__(self, plan: Plan, events: Iterable[Event] = (), lives: Iterable[Life] = ()) -> None:
        self._plan = plan
        self._facts: dict[tuple[str, str], dict[str, _Fact]] = {}
        self._lives = {(life.agency, life.subject): life for life in lives}
        for event in events:
            facts = self._facts.setdefault((event.envelope.agency, event.envelope.subject), {})
            facts.setdefault(event.kind.name, _Fact()).take(event)

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """All of them, the longest open first; without those that were taken back before anybody did anything."""
        names = {**self._facts, **self._lives}
        found = [one for name in names if (one := self._stands(*name)) is not None]
        return sorted(found, key=lambda one: (one.raised_at, one.id))

    def _stands(self, agency: str, subject: str) -> Obstacle | None:
        facts = self._facts.get((agency, subject), {})
        raised, solved = facts.get(RAISED, _Fact()), facts.get(SOLVED, _Fact())
        life = self._lives.get((agency, subject)) or Life(obstacle_id(agency, subject), agency, subject)
        first = _first_words(raised, solved, life)
        if first is None:
            return None
        text, raised_at = first
        told = life.told
        withdrawn = told is None and raised.holds is None and (raised.standing is not None or solved.holds is None)
        if withdrawn and not life.steps:
            return None
        closing = life.last("closed")
        ends = [_time(solved.holds), closing.at if closing else None, _time(raised.standing) if withdrawn else None]
        return Obstacle(
            id=life.obstacle,
            agency=agency,
            subject=subject,
            text=text,
            raised_at=raised_at,
            task=told.task if told and told.task else self._counted_for(agency, raised_at),
            period=told.period if told else None,
            forwarded=life.last("forwarded"),
            answered=life.last("answered"),
            closed_at=min((end for end in ends if end), default=raised_at if withdrawn else None),
            solution=(closing.text if closing else None) or _solution(solved.holds),
            withdrawn=withdrawn,
        )

    def _counted_for(self, agency: str, at: datetime) -> str | None:
        """The task under which the plan counts this agency's obstacles, where that is one."""
        day = local_day(at)
        tasks = [task for task in _counting(self._plan) if agency in self._plan.owners(task, day)]
        return tasks[0] if len(tasks) == 1 else None


def _counting(plan: Plan) -> list[str]:
    return [
        task.code
        for task in plan.tasks
        if any(term.kind == RAISED for indicator in task.indicators for term in indicator.terms)
    ]


def _first_words(raised: _Fact, solved: _Fact, life: Life) -> tuple[str, datetime] | None:
    """What the difficulty is and since when: by the event that raised it, by what was told, by what was taken back, or
    by its solution alone."""
    told = life.told
    event = raised.holds or (None if told else raised.words)
    if event is not None:
        assert isinstance(event.data, ObstacleRaised)
        at = event.envelope.time
        return event.data.title, min(at, told.at) if told else at
    if told is not None:
        return told.text, told.at
    if solved.words is not None:
        assert isinstance(solved.words.data, ObstacleSolved)
        return solved.words.data.title, _before(solved.words.envelope.time, solved.words.data.days)
    return None


def _before(at: datetime, days: int) -> datetime:
    """So many days earlier; what would lie before there was a calendar says nothing."""
    return at - timedelta(days=days) if days < 36_525 else at


def _time(event: Event | None) -> datetime | None:
    return event.envelope.time if event else None


def _solution(event: Event | None) -> str | None:
    if event is None:
        return None
    assert isinstance(event.data, ObstacleSolved)
    return event.data.note
