"""What several of reporting's routes ask for: the period, and who may read."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import AwareDatetime

from catalogue.windows import PERIOD_PATTERN, VIETNAM, Period
from chassis.auth import Principal, Role, speaker
from chassis.problem import Problem
from services.reporting.model import Refused
from services.reporting.views import ConsolidationView


def the_period(code: Annotated[str, Path(alias="period", json_schema_extra={"pattern": PERIOD_PATTERN})]) -> Period:
    """The period of the path.

    Raises:
        Problem: 404 where it is no period.
    """
    try:
        return Period.parse(code)
    except ValueError as error:
        detail = f"`{code}` không phải kỳ báo cáo; ví dụ: 2021-Q2, 2021-H1, 2021."
        raise Problem(404, "/problems/unknown-period", "Không có kỳ báo cáo này", detail) from error


_CENTURY = datetime(2000, 1, 1, tzinfo=UTC)
FrozenOf = Callable[..., Awaitable[ConsolidationView]]
"""What finds the consolidation of the path's period, for those who may read it."""
ThePeriod = Annotated[Period, Depends(the_period)]
ABOVE: tuple[Role, ...] = ("consolidator", "leader")
AsOf = Annotated[AwareDatetime | None, Query(description="As known at this moment; now, where left out")]
Day = Annotated[date | None, Query(description="As known when this day was over in Vietnam")]
Reader = Annotated[Principal, Depends(speaker("agency", *ABOVE))]


def refusal(refused: Refused) -> Problem:
    """A rule's refusal as the caller sees it."""
    return Problem(422, f"/problems/{refused.code}", "Yêu cầu không đúng quy định", refused.reason)


def not_signed(period: Period) -> Problem:
    """Nobody has signed the period's consolidation."""
    return Problem(404, "/problems/not-signed", "Chưa ký", f"Kỳ {period.code} chưa ký báo cáo tổng hợp.")


def known_at(moment: datetime | None, day: date | None, now: datetime) -> datetime | None:
    """The moment as of which something is asked for: one of this century, and none for what is not over yet."""
    if moment is None and day is not None:
        moment = datetime.combine(day, time.max, VIETNAM)
    return None if moment is None or moment >= now else max(moment, _CENTURY)
