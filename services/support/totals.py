"""Control totals over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from catalogue.counting import problems_of_term
from catalogue.model import Term
from chassis.auth import Principal, router, speaker, whose
from chassis.problem import Problem
from services.support.comparing import Compared, Total, state, stated
from services.support.deps import Deps
from services.support.records import kind_asked

Amount = Annotated[int, Field(ge=0, le=9_007_199_254_740_991)]


class TotalRequest(BaseModel):
    """What an agency's system says that it sent: ``events`` facts of a kind with this business day, corrected ones
    once and those taken back not at all; ``sum`` is what the field ``sum_of`` adds up to in them."""

    kind: str
    day: date
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


def totals(deps: Deps) -> APIRouter:
    """The routes of control totals."""
    guarded = router(prefix="/v1/totals")

    @guarded.post("")
    async def state_a_total(said: TotalRequest, who: Annotated[Principal, Depends(speaker("agency"))]) -> TotalView:
        """State how many events of a kind you sent for a day; stated again, the new statement holds."""
        kind_asked(said.kind)
        if (said.sum_of is None) != (said.sum is None):
            raise _not_a_sum("`sum_of` và `sum` phải cùng có hoặc cùng vắng.")
        if said.sum_of is not None and list(problems_of_term(Term(said.kind, {}, said.sum_of, 1))):
            raise _not_a_sum(f"`{said.kind}` không có trường số nguyên `{said.sum_of}`.")
        total = Total(who.agency or "", said.kind, said.day, said.events, said.sum_of, said.sum)
        return _view(await state(deps, total))

    @guarded.get("")
    async def list_totals(
        who: Annotated[Principal, Depends(speaker("agency", "consolidator", "operator"))],
        agency: str | None = None,
        only_open: Annotated[bool, Query(alias="open", description="only those that did not agree")] = False,
        after: Annotated[str | None, Query(max_length=256, description="`next` of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> TotalsPage:
        """Control totals, each compared now with what is kept; an agency sees its own."""
        found = await stated(deps, whose(who, agency), only_open=only_open, after=after, limit=limit)
        return TotalsPage(
            totals=[_view(one) for one in found], next=found[-1].total.id if len(found) == limit else None
        )

    return guarded


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
