"""The register, looked through over HTTP: pages, and the same selection as CSV or as a workbook."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import StreamingResponse

from catalogue.windows import local_day
from chassis.auth import Principal, speaker
from chassis.comma_separated import comma_separated, lines
from chassis.problem import Problem
from chassis.workbook.http import FILE
from chassis.workbook.package import MEDIA_TYPE
from contracts.kinds.registry import Form, Sector
from services.registry import store as kept
from services.registry.deps import Deps
from services.registry.exports import HEADINGS, as_workbook, cells_of
from services.registry.model import Size, Status
from services.registry.requests import UnitCode
from services.registry.rules import seen_by
from services.registry.searching import Listed, Wanted, typed
from services.registry.views import CooperativesView, cooperative_view

Reader = Annotated[Principal, Depends(speaker("agency", "consolidator", "leader"))]
_PAGE, _MOST = 500, 50_000


class Asked:
    """Which cooperatives the caller wants, from the request's query."""

    def __init__(
        self,
        q: Annotated[
            str, Query(max_length=200, description="Words of the name or a code, accents and case as you like.")
        ] = "",
        unit: UnitCode | None = None,
        status: Status | None = None,
        form: Form | None = None,
        sector: Sector | None = None,
        size: Annotated[Size | None, Query(description="By the law valid today.")] = None,
    ) -> None:
        self.words, self.size, self.unit = typed(q), size, unit
        fields = {"status": status, "form": form, "sector": sector, "unit": unit}
        self.fields: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}

    def by(self, deps: Deps, who: Principal) -> Wanted:
        """What of it is the reader's to see."""
        exactly = dict(self.fields)
        if (units := units_of(deps, who)) is not None:
            exactly["unit"] = {"$in": [each for each in units if self.unit in (None, each)]}
        return Wanted(exactly, self.words, self.size, local_day(deps.clock.now()))


Selection = Annotated[Asked, Depends(Asked)]


def lists(router: APIRouter, deps: Deps) -> None:
    """The routes that show many cooperatives."""

    @router.get("")
    async def cooperatives(
        who: Reader,
        asked: Selection,
        after: Annotated[str | None, Query(max_length=64, description="The `next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> CooperativesView:
        """Cooperatives in the order of their codes, which never change: paging loses none and shows none twice,
        whatever changes meanwhile."""
        wanted = asked.by(deps, who)
        found = await kept.listed(deps.store, wanted, after=_opened(after), limit=limit + 1)
        page = found[:limit]
        return CooperativesView(
            cooperatives=[cooperative_view(one.state, one.years, wanted.day) for one in page],
            next=_cursor(page[-1].state.code) if len(found) > limit else None,
        )

    @router.get("/export.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
    async def table(who: Reader, asked: Selection) -> StreamingResponse:
        """The same selection as CSV (UTF-8), for programs: a spreadsheet that opens it drops the zeros that codes and
        numbers begin with. The workbook keeps them."""
        wanted = asked.by(deps, who)

        async def content() -> AsyncIterator[bytes]:
            yield comma_separated(HEADINGS, [])
            async for page in _pages(deps, wanted):
                yield lines(cells_of(one, wanted.day) for one in page)

        return StreamingResponse(content(), media_type="text/csv; charset=utf-8", headers=_named("csv"))

    @router.get("/export.xlsx", response_class=Response, responses={200: {"content": FILE}})
    async def workbook(who: Reader, asked: Selection) -> Response:
        """The same selection as a workbook, at most 50,000 cooperatives."""
        wanted = asked.by(deps, who)
        rows = [cells_of(one, wanted.day) async for page in _pages(deps, wanted) for one in page]
        if len(rows) > _MOST:
            raise Problem(413, "/problems/too-many", "Quá nhiều", f"Chọn ít hơn {_MOST} HTX, hoặc tải tệp CSV.")
        content = await asyncio.to_thread(as_workbook, rows)
        return Response(content, media_type=MEDIA_TYPE, headers=_named("xlsx"))


def units_of(deps: Deps, who: Principal) -> tuple[str, ...] | None:
    """The units whose cooperatives are shown; None: all."""
    return seen_by(deps.plan, who.agency or "", local_day(deps.clock.now())) if who.role == "agency" else None


async def _pages(deps: Deps, wanted: Wanted) -> AsyncIterator[list[Listed]]:
    after: str | None = None
    while page := await kept.listed(deps.store, wanted, after=after, limit=_PAGE):
        yield page
        after = page[-1].state.code


def _named(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="so-dang-ky-htx.{ending}"'}


def _cursor(code: str) -> str:
    return urlsafe_b64encode(code.encode()).decode().rstrip("=")


def _opened(cursor: str | None) -> str | None:
    """The code behind which the page begins.

    Raises:
        Problem: 422 for what no page ever gave.
    """
    if cursor is None:
        return None
    try:
        return urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, UnicodeError) as error:
        detail = "`after` phải là giá trị `next` của trang trước."
        raise Problem(422, "/problems/invalid", "Yêu cầu không đúng quy định", detail) from error
