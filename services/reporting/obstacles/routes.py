"""What can be told of obstacles (khó khăn, vướng mắc): raised, forwarded, answered, closed."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from catalogue.windows import local_day
from chassis.auth import Principal, speaker
from services.reporting.asked import refusal
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.decide import answer, check_answers, close, forward
from services.reporting.obstacles.model import Obstacle, Step
from services.reporting.obstacles.reading import ObstacleId, known, reading_obstacles, shown
from services.reporting.views import ObstacleView

_NOT_BLANK = r"\S"

Document = Annotated[str, Field(pattern=_NOT_BLANK, max_length=64, description="The document's number and symbol")]


class DifficultyBody(BaseModel):
    """``subject`` is the agency's own name for it, by which its system may send ``obstacle.solved``."""

    text: Annotated[str, Field(pattern=_NOT_BLANK, max_length=2000)]
    task: Annotated[str | None, Field(max_length=16)] = None
    subject: Annotated[str | None, Field(min_length=1, max_length=256)] = None


class ForwardingBody(BaseModel):
    document: Document


class AnswerBody(BaseModel):
    document: Document
    text: Annotated[str, Field(pattern=_NOT_BLANK, max_length=5000)]


class ClosingBody(BaseModel):
    """``solution`` says how it was solved, where nobody answered."""

    solution: Annotated[str | None, Field(pattern=_NOT_BLANK, max_length=2000)] = None


def minding_obstacles(router: APIRouter, deps: Deps) -> None:
    """The routes."""
    reading_obstacles(router, deps)
    _raising(router, deps)
    _steps(router, deps)


def _raising(router: APIRouter, deps: Deps) -> None:
    @router.post("/v1/obstacles", status_code=201)
    async def raised(body: DifficultyBody, who: Annotated[Principal, Depends(speaker("agency"))]) -> ObstacleView:
        """An agency tells a difficulty at once; the same words again, while it is open, are the same obstacle."""
        try:
            one = await cases.report(deps, who.agency or "", body.text, task=body.task, subject=body.subject)
        except Refused as error:
            raise refusal(error) from error
        return shown(deps, one)


def _steps(router: APIRouter, deps: Deps) -> None:
    def today_by(code: str) -> str:
        return deps.plan.successor_on(code, local_day(deps.clock.now()))

    async def step(obstacle: str, who: Principal, decide: Callable[[Obstacle], Step | None]) -> ObstacleView:
        await known(deps, obstacle, who)
        try:
            one = await cases.act(deps, obstacle, decide)
        except Refused as error:
            raise refusal(error) from error
        assert one is not None, f"{obstacle} was there"
        return shown(deps, one)

    @router.post("/v1/obstacles/{obstacle}/forwarding")
    async def forwarding(
        obstacle: ObstacleId, body: ForwardingBody, who: Annotated[Principal, Depends(speaker("consolidator"))]
    ) -> ObstacleView:
        """The consolidator puts it before the province's People's Committee."""
        by, now = today_by(deps.plan.regime.consolidator), deps.clock.now()
        return await step(obstacle, who, lambda one: forward(one, by, body.document, now))

    @router.post("/v1/obstacles/{obstacle}/answer")
    async def answered(
        obstacle: ObstacleId, body: AnswerBody, who: Annotated[Principal, Depends(speaker("leader"))]
    ) -> ObstacleView:
        """The People's Committee answers; again means a corrected answer."""
        by, now = today_by(deps.plan.regime.receiver), deps.clock.now()
        return await step(obstacle, who, lambda one: answer(one, by, body.document, body.text, now))

    @router.post("/v1/obstacles/{obstacle}/closing")
    async def closing(
        obstacle: ObstacleId,
        who: Annotated[Principal, Depends(speaker("agency", "consolidator"))],
        body: ClosingBody | None = None,
    ) -> ObstacleView:
        """The agency that raised it, or who stands in its place today, or the consolidator, ends it: once it is
        answered, or solved."""
        by, now = who.agency or today_by(deps.plan.regime.consolidator), deps.clock.now()

        def closed(one: Obstacle) -> Step | None:
            if who.role == "agency":
                check_answers(deps.plan, one, by, local_day(now))
            return close(one, by, body.solution if body else None, now)

        return await step(obstacle, who, closed)
