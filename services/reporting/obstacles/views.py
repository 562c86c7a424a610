"""Obstacles as they are shown."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from catalogue.model import Plan
from catalogue.windows import local_day
from services.reporting.obstacles.listing import Listed
from services.reporting.obstacles.model import Obstacle, days_between
from services.reporting.views import ObstacleView

Chosen = Literal["pending", "open", "forwarded", "answered", "closed"]


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
    heirs = plan.roster.heirs_on(one.agency, local_day(now))
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
        answering=[code for code in heirs if code != one.agency],
    )


def obstacles_view(plan: Plan, page: Listed, now: datetime) -> ObstaclesView:
    """A page of what was found."""
    return ObstaclesView(
        obstacles=[obstacle_view(plan, one, now) for one in page.obstacles],
        counts=dict(page.counts),
        oldest_days=days_between(page.oldest, now) if page.oldest else 0,
        next=page.next,
    )
