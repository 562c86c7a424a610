"""What reporting says of obstacles, as messages for the outbox. Pure."""

from datetime import datetime
from typing import assert_never

from chassis.store import Message
from contracts.envelope import new
from contracts.kinds import KINDS
from contracts.kinds.reporting import (
    ObstacleAnswered,
    ObstacleClosed,
    ObstacleForwarded,
    ObstacleReported,
    ObstacleStep,
)
from contracts.topics import REPORTING
from services.reporting.messages import SOURCE
from services.reporting.obstacles.model import Life, Step, Told


def obstacle_told(life: Life, told: Told) -> Message:
    """An agency raised it over HTTP."""
    data = ObstacleReported(
        obstacle=life.obstacle,
        agency=life.agency,
        title=told.text,
        reported_at=told.at,
        task=told.task,
        period=told.period,
    )
    return _said(life, "obstacle.reported", told.at, life.agency, data, 1)


def obstacle_moved(life: Life, step: Step) -> Message:
    """A step was taken; ``life`` is that before it. The same step again is a later revision of the same fact."""
    revision = 1 + sum(1 for earlier in life.steps if earlier.sort == step.sort)
    return _said(life, f"obstacle.{step.sort}", step.at, step.by, _data(life, step), revision)


def _data(life: Life, step: Step) -> ObstacleStep:
    obstacle, agency, document = life.obstacle, life.agency, step.document or ""
    match step.sort:
        case "forwarded":
            return ObstacleForwarded(obstacle=obstacle, agency=agency, forwarded_at=step.at, document=document)
        case "answered":
            answer = step.text or ""
            return ObstacleAnswered(
                obstacle=obstacle, agency=agency, answered_at=step.at, document=document, answer=answer
            )
        case "closed":
            return ObstacleClosed(obstacle=obstacle, agency=agency, closed_at=step.at, solution=step.text)
        case _:
            assert_never(step.sort)


def _said(life: Life, kind: str, at: datetime, by: str, data: ObstacleStep, revision: int) -> Message:
    value = new(
        id=f"{life.obstacle}/{kind}/{revision}",
        source=SOURCE,
        subject=life.obstacle,
        time=at,
        agency=by,
        data=data,
        kind=KINDS[kind],
        revision=revision,
    )
    return Message(REPORTING.name, life.obstacle, value)
