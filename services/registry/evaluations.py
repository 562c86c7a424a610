"""How far a year's evaluation of cooperatives has come (circular 01/2020/TT-BKHĐT, article 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from catalogue.windows import VIETNAM, local_day
from chassis.problem import Problem
from contracts.kinds.registry import CooperativeEvaluated
from services.registry import store as kept
from services.registry.deps import Deps
from services.registry.fold import replay
from services.registry.law import EvaluationDates, evaluation_of
from services.registry.lists import Reader, units_of
from services.registry.model import GONE, Cooperative
from services.registry.store import Dossier


class UnitView(BaseModel):
    """The cooperatives of one unit. ``missing`` are the codes of those whose class was not told; ``late`` came after
    the district's day."""

    unit: str
    expected: int
    evaluated: int
    on_time: int
    late: int
    missing: list[str]


class EvaluationsView(BaseModel):
    """The evaluation of one year, by unit; the days are the last ones on time."""

    year: int
    cooperative_by: date
    district_by: date
    province_by: date
    source: str
    certainty: str = Field(description="How sure the dates are: read in a page that quotes the circular, or unverified")
    units: list[UnitView]


@dataclass(frozen=True)
class Evaluation:
    """How a cooperative that is to be evaluated stands: when its class was first told, if it holds one."""

    code: str
    unit: str
    told_at: datetime | None


def evaluation_in(dossier: Dossier, year: int) -> Evaluation | None:
    """The cooperative's evaluation; ``None`` where none is due: only HTX that stood at the end of the year have one."""
    state, then = dossier.state, _at_end_of(dossier, year)
    if state is None or then is None or then.form != "htx" or then.status in GONE:
        return None
    revisions = [
        told
        for told in dossier.told
        if isinstance(told.year.data, CooperativeEvaluated) and told.year.data.year == year
    ]
    holds = bool(revisions) and not revisions[-1].year.retracted
    return Evaluation(state.code, state.unit, revisions[0].recorded_at if holds else None)


def by_unit(evaluations: Iterable[Evaluation], district_by: date) -> list[UnitView]:
    """The units in the order of their codes."""
    views: dict[str, UnitView] = {}
    for one in sorted(evaluations, key=lambda one: (one.unit, one.code)):
        blank = UnitView(unit=one.unit, expected=0, evaluated=0, on_time=0, late=0, missing=[])
        view = views.setdefault(one.unit, blank)
        view.expected += 1
        if one.told_at is None:
            view.missing.append(one.code)
            continue
        view.evaluated += 1
        view.on_time += local_day(one.told_at) <= district_by
        view.late += local_day(one.told_at) > district_by
    return list(views.values())


def evaluations(router: APIRouter, deps: Deps) -> None:
    """The route."""

    @router.get("/evaluations/{year}")
    async def evaluations_of(year: Annotated[int, Path(ge=2000, le=2099)], who: Reader) -> EvaluationsView:
        """Whose class of a year is told, on time or late, and whose is missing; a district sees its own."""
        dates = evaluation_of(year)
        if dates is None:
            detail = f"Năm {year} chưa có quy định về đánh giá, xếp loại hợp tác xã."
            raise Problem(404, "/problems/no-evaluation", "Không có kỳ đánh giá", detail)
        dossiers = await kept.dossiers_of(deps.store, units_of(deps, who))
        due = [one for dossier in dossiers if (one := evaluation_in(dossier, year)) is not None]
        return _view(year, dates, by_unit(due, date(year, *dates.district_by)))


def _view(year: int, dates: EvaluationDates, units: list[UnitView]) -> EvaluationsView:
    return EvaluationsView(
        year=year,
        cooperative_by=date(year, *dates.cooperative_by),
        district_by=date(year, *dates.district_by),
        province_by=date(year, *dates.province_by),
        source=dates.source,
        certainty=dates.certainty,
        units=units,
    )


def _at_end_of(dossier: Dossier, year: int) -> Cooperative | None:
    """How it stood when the year ended, by what is known now."""
    end = datetime.combine(date(year, 12, 31), time(), VIETNAM) + timedelta(days=1)
    changes = [entry.change for entry in dossier.entries]
    made = [place for place, change in enumerate(changes) if change.annulled is None and change.at < end]
    return replay(changes[: made[-1] + 1]) if made else None
