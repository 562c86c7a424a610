"""What can be asked and told of obstacles (khó khăn, vướng mắc): raised, forwarded, answered, closed; the page."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from catalogue.windows import local_day
from chassis.auth import Principal, speaker, whose
from chassis.problem import Problem
from services.reporting.asked import Reader, refusal
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.decide import answer, close, forward
from services.reporting.obstacles.model import Obstacle, State, Step
from services.reporting.obstacles.views import ObstaclesView, obstacle_view, obstacles_view
from services.reporting.pages import obstacles_page
from services.reporting.views import ObstacleView

_ID = "^[0-9a-f]{16}$"
_NOT_BLANK = r"\S"
_MOST = 1_000

Document = Annotated[str, Field(pattern=_NOT_BLANK, max_length=64, description="The document's number and symbol")]
ObstacleId = Annotated[str, Path(pattern=_ID)]
Chosen = Annotated[str | None, Query(max_length=32)]


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
    _reading(router, deps)
    _raising(router, deps)
    _steps(router, deps)


def _reading(router: APIRouter, deps: Deps) -> None:
    async def asked(
        who: Reader, agency: Chosen = None, state: State | None = None, task: Chosen = None
    ) -> list[Obstacle]:
        found = await cases.every(deps, whose(who, agency))
        return [one for one in found if state in (None, one.state) and task in (None, one.task)]

    @router.get("/v1/obstacles")
    async def listed(
        found: Annotated[list[Obstacle], Depends(asked)],
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 200,
        after: Annotated[str | None, Query(pattern=_ID)] = None,
    ) -> ObstaclesView:
        """Obstacles, the oldest first; an agency sees its own."""
        return obstacles_view(deps.plan, found, deps.clock.now(), limit=limit, after=after)

    @router.get("/v1/obstacles/{obstacle}")
    async def one(obstacle: ObstacleId, who: Reader) -> ObstacleView:
        """One obstacle as it stands."""
        return _shown(deps, await _known(deps, obstacle, who))

    @router.get("/obstacles", response_class=HTMLResponse)
    async def page(found: Annotated[list[Obstacle], Depends(asked)], state: State | None = None) -> HTMLResponse:
        """The same as a page to read."""
        view = obstacles_view(deps.plan, found, deps.clock.now(), limit=_MOST, after=None)
        return HTMLResponse(obstacles_page(deps.plan, view, state))


def _raising(router: APIRouter, deps: Deps) -> None:
    @router.post("/v1/obstacles", status_code=201)
    async def raised(body: DifficultyBody, who: Annotated[Principal, Depends(speaker("agency"))]) -> ObstacleView:
        """An agency tells a difficulty at once; the same words again, while it is open, are the same obstacle."""
        try:
            one = await cases.report(deps, who.agency or "", body.text, task=body.task, subject=body.subject)
        except Refused as error:
            raise refusal(error) from error
        return _shown(deps, one)


def _steps(router: APIRouter, deps: Deps) -> None:
    def today_by(code: str) -> str:
        return deps.plan.successor_on(code, local_day(deps.clock.now()))

    async def step(obstacle: str, who: Principal, decide: Callable[[Obstacle], Step | None]) -> ObstacleView:
        await _known(deps, obstacle, who)
        try:
            one = await cases.act(deps, obstacle, decide)
        except Refused as error:
            raise refusal(error) from error
        assert one is not None, f"{obstacle} was there"
        return _shown(deps, one)

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
        """The agency that raised it, or the consolidator, ends it: once it is answered, or solved."""
        by, now = who.agency or today_by(deps.plan.regime.consolidator), deps.clock.now()
        return await step(obstacle, who, lambda one: close(one, by, body.solution if body else None, now))


async def _known(deps: Deps, id: str, who: Principal) -> Obstacle:
    """The obstacle; another agency's is as if it were not there."""
    one = await cases.find(deps, id)
    if one is None or (who.role == "agency" and who.agency != one.agency):
        raise Problem(404, "/problems/no-obstacle", "Không có vướng mắc này", f"Không có vướng mắc mã `{id}`.")
    return one


def _shown(deps: Deps, one: Obstacle) -> ObstacleView:
    return obstacle_view(deps.plan, one, deps.clock.now())
