"""Control totals over HTTP, the same in every service that takes events from agencies."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from msgspec import inspect
from pydantic import BaseModel, Field

from chassis.auth import Principal, router, speaker, whose
from chassis.problem import Problem
from chassis.store import Stale
from chassis.totals import Compared, ControlTotals, Total
from contracts.fields import fields_of
from contracts.kinds import KINDS

Amount = Annotated[int, Field(ge=0, le=9_007_199_254_740_991)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31), description="From 2000 to 2099.")]


class TotalRequest(BaseModel):
    """What an agency's system says that it sent: ``events`` facts of a kind with this business day, corrected ones
    once and those taken back not at all; ``sum`` is what the field ``sum_of`` adds up to in them."""

    kind: str
    day: Day
    events: Amount
    sum_of: str | None = None
    sum: Amount | None = None


class TotalView(BaseModel):
    """A control total next to what is kept now. ``difference``: stated less kept. ``held`` events are kept and not yet
    counted."""

    agency: str
    kind: str
    day: date
    stated_at: datetime
    events: int
    events_kept: int
    difference: int
    sum_of: str | None
    sum: int | None
    sum_kept: int | None
    sum_difference: int | None
    held: int
    agrees: bool


class TotalsPage(BaseModel):
    """Control totals by agency, kind and day; ``next`` goes on, absent at the end."""

    totals: list[TotalView]
    next: str | None = None


def total_routes(totals: ControlTotals, judge: str) -> APIRouter:
    """The routes of control totals of the kinds that the service `judge` takes in."""
    guarded = router(prefix="/v1/totals")

    @guarded.post("")
    async def state_a_total(said: TotalRequest, who: Annotated[Principal, Depends(speaker("agency"))]) -> TotalView:
        """State how many events of a kind you sent for a day; stated again, the new statement holds."""
        if said.kind not in KINDS or KINDS[said.kind].speaker != judge:
            detail = f"Không có loại sự kiện `{said.kind}` ở đây; các loại ở docs/events.md."
            raise Problem(404, "/problems/no-such-kind", "Không có loại sự kiện này", detail)
        if (said.sum_of is None) != (said.sum is None):
            raise _not_a_sum("`sum_of` và `sum` phải cùng có hoặc cùng vắng.")
        if said.sum_of is not None and said.sum_of not in _summed(said.kind):
            raise _not_a_sum(f"`{said.kind}` không có trường số nguyên `{said.sum_of}`.")
        total = Total(who.agency or "", said.kind, said.day, said.events, said.sum_of, said.sum)
        try:
            return _view(await totals.state(total))
        except Stale as error:
            detail = "Tổng này đang được gửi cùng lúc từ nơi khác; hãy gửi lại."
            raise Problem(409, "/problems/conflict", "Xung đột", detail) from error

    @guarded.get("")
    async def list_totals(
        who: Annotated[Principal, Depends(speaker("agency", "consolidator", "operator"))],
        agency: str | None = None,
        only_open: Annotated[bool, Query(alias="open", description="only those that did not agree")] = False,
        after: Annotated[str | None, Query(max_length=256, description="`next` of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> TotalsPage:
        """Control totals, each compared now with what is kept; an agency sees its own."""
        found = await totals.stated(whose(who, agency), only_open=only_open, after=after, limit=limit)
        return TotalsPage(
            totals=[_view(one) for one in found], next=found[-1].total.id if len(found) == limit else None
        )

    return guarded


def _summed(kind: str) -> frozenset[str]:
    """The fields of a kind that can be added up."""
    return frozenset(field.name for field in fields_of(KINDS[kind]) if isinstance(field.type, inspect.IntType))


def _not_a_sum(detail: str) -> Problem:
    return Problem(422, "/problems/no-sum", "Không cộng được", detail)


def _view(compared: Compared) -> TotalView:
    total = compared.total
    return TotalView(
        agency=total.agency,
        kind=total.kind,
        day=total.day,
        stated_at=compared.stated_at,
        events=total.events,
        events_kept=compared.events,
        difference=total.events - compared.events,
        sum_of=total.sum_of,
        sum=total.sum,
        sum_kept=compared.sum,
        sum_difference=None if total.sum is None or compared.sum is None else total.sum - compared.sum,
        held=compared.held,
        agrees=compared.agrees,
    )
