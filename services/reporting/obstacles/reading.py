"""What can be asked of obstacles (khó khăn, vướng mắc): lists, one of them, the page."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse

from catalogue.windows import local_day
from chassis.auth import Principal, whose
from chassis.problem import Problem
from services.reporting.asked import Reader
from services.reporting.deps import Deps
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.decide import seen_by
from services.reporting.obstacles.listing import Wanted, listed, older_than
from services.reporting.obstacles.model import PENDING, STATES, Obstacle
from services.reporting.obstacles.views import Chosen, ObstaclesView, obstacle_view, obstacles_view
from services.reporting.pages import obstacles_page
from services.reporting.views import ObstacleView

_ROWS = 100
_PLACE = r"^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}-[0-9a-f]{16}$"

ObstacleId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
After = Annotated[str | None, Query(pattern=_PLACE, description="The `next` of the page before.")]


@dataclass(frozen=True)
class Selection:
    """What a list may be asked for; ``pending`` is all that is not closed."""

    agency: Annotated[str | None, Query(max_length=32)] = None
    state: Annotated[Chosen | None, Query(description="`pending`: whatever is not closed")] = None
    task: Annotated[str | None, Query(max_length=32)] = None
    older_than: Annotated[int | None, Query(ge=0, le=36_500, description="Raised more than so many days ago")] = None

    def by(self, deps: Deps, who: Principal) -> Wanted:
        """The selection as that speaker may see it: an agency its own, and what was of those in whose place it stands.

        Raises:
            Problem: 403 for an agency that asks for another's.
        """
        today = local_day(deps.clock.now())
        return Wanted(
            agencies=self._agencies(deps, who),
            states=PENDING if self.state == "pending" else STATES if self.state is None else (self.state,),
            task=self.task,
            before=None if self.older_than is None else older_than(self.older_than, today),
        )

    def _agencies(self, deps: Deps, who: Principal) -> frozenset[str] | None:
        asked = self.agency or None
        if who.role == "agency":
            seen = _seen(deps, who)
            if asked is None or asked in seen:
                return seen if asked is None else frozenset({asked})
        of = whose(who, asked)
        return None if of is None else frozenset({of})


Asked = Annotated[Selection, Depends()]


def reading_obstacles(router: APIRouter, deps: Deps) -> None:
    """The routes."""

    async def found(asked: Selection, who: Principal, limit: int, after: str | None) -> ObstaclesView:
        page = await listed(deps, asked.by(deps, who), limit=limit, after=after)
        return obstacles_view(deps.plan, page, deps.clock.now())

    @router.get("/v1/obstacles")
    async def obstacles(
        who: Reader, asked: Asked, limit: Annotated[int, Query(ge=1, le=1_000)] = 200, after: After = None
    ) -> ObstaclesView:
        """Obstacles, the longest raised first: paging loses none and shows none twice, whatever is raised or closed
        meanwhile. An agency sees its own, and those of the agencies in whose place it stands today."""
        return await found(asked, who, limit, after)

    @router.get("/v1/obstacles/{obstacle}")
    async def one(obstacle: ObstacleId, who: Reader) -> ObstacleView:
        """One obstacle as it stands."""
        return shown(deps, await known(deps, obstacle, who))

    @router.get("/obstacles", response_class=HTMLResponse)
    async def page(who: Reader, asked: Asked, after: After = None) -> HTMLResponse:
        """The same as a page to read."""
        view = await found(asked, who, _ROWS, after)
        agencies = _seen(deps, who) if who.role == "agency" else deps.plan.roster.agency.keys()
        chosen = {name: "" if value is None else str(value) for name, value in asdict(asked).items()}
        return HTMLResponse(obstacles_page(deps.plan, view, chosen, agencies, first=after is None))


def _seen(deps: Deps, who: Principal) -> frozenset[str]:
    return seen_by(deps.plan, who.agency or "", local_day(deps.clock.now()))


async def known(deps: Deps, id: str, who: Principal) -> Obstacle:
    """The obstacle; one that is no business of the agency that asks is as if it were not there."""
    one = await cases.find(deps, id)
    if one is None or (who.role == "agency" and one.agency not in _seen(deps, who)):
        raise Problem(404, "/problems/no-obstacle", "Không có vướng mắc này", f"Không có vướng mắc mã `{id}`.")
    return one


def shown(deps: Deps, one: Obstacle) -> ObstacleView:
    """How it stands today."""
    return obstacle_view(deps.plan, one, deps.clock.now())
