"""Obstacles as they are shown."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from catalogue.model import Plan
from services.reporting.obstacles.model import STATES, Obstacle
from services.reporting.views import ObstacleView


class ObstaclesView(BaseModel):
    """A page of obstacles, the oldest first; ``counts`` are of all that were asked for, by state. ``next`` is the
    ``after`` of the following page, absent on the last."""

    obstacles: list[ObstacleView]
    counts: dict[str, int]
    oldest_days: int = Field(description="For how many days the oldest one not closed has been open")
    next: str | None


def obstacle_view(plan: Plan, one: Obstacle, now: datetime) -> ObstacleView:
    """An obstacle as it stands, with its age on a day."""
    forwarded, answered = one.forwarded, one.answered
    return ObstacleView(
        obstacle=one.id,
        agency=one.agency,
        agency_name=plan.roster.names.get(one.agency, one.agency),
        raised_at=one.raised_at,
        task=one.task,
        text=one.text,
        state=one.state,
        forwarded_at=forwarded.at if forwarded else None,
        answered_at=answered.at if answered else None,
        closed_at=one.closed_at,
        answer=answered.text if answered else None,
        days_open=one.days_open(now),
        subject=one.subject,
        period=one.period,
        forwarded_document=forwarded.document if forwarded else None,
        answer_document=answered.document if answered else None,
        solution=one.solution,
        withdrawn=one.withdrawn,
    )


def obstacles_view(
    plan: Plan, found: Sequence[Obstacle], now: datetime, *, limit: int, after: str | None
) -> ObstaclesView:
    """A page of what was found, from behind the obstacle ``after``; an unknown one begins at the beginning."""
    first = next((number for number, one in enumerate(found, start=1) if one.id == after), 0)
    page = found[first : first + limit]
    counts = Counter(one.state for one in found)
    return ObstaclesView(
        obstacles=[obstacle_view(plan, one, now) for one in page],
        counts={state: counts[state] for state in STATES},
        oldest_days=max((one.days_open(now) for one in found if one.state != "closed"), default=0),
        next=page[-1].id if first + limit < len(found) else None,
    )
