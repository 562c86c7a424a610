"""What support keeps, to be looked at: records of a kind, the history of one, loans and budgets."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from chassis.auth import Principal, router, speaker, whose
from chassis.problem import Problem
from chassis.store import Document
from contracts.envelope import Event
from contracts.kinds import KINDS
from contracts.topics import SUPPORT
from services.support import store as kept
from services.support.accounts import State
from services.support.deps import Deps
from services.support.facts import history, holding_in, telling

Looking = Annotated[Principal, Depends(speaker("agency", "consolidator", "leader"))]
After = Annotated[str | None, Query(max_length=256, description="`next` of the page before")]
Documents = Annotated[int, Query(ge=1, le=50, description="most batches and accounts looked through")]
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


class RecordView(BaseModel):
    """What one event says. ``received`` is when its batch came; ``kept_in`` names the batch or account."""

    id: str
    agency: str
    kind: str
    subject: str
    revision: int
    retracted: bool
    time: datetime
    received: datetime
    kept_in: str
    data: dict[str, Any]


class RecordsPage(BaseModel):
    """Records that hold; ``next`` goes on, absent at the end. A page may be empty and go on."""

    records: list[RecordView]
    next: str | None = None


class HistoryView(BaseModel):
    """All that was said of one thing, the lowest revision first: of each agency's the last one holds."""

    records: list[RecordView]


class AccountView(BaseModel):
    """A loan or a budget, amounts in đồng. ``limit``: what was granted; ``came_in``: disbursed to the borrower, or
    allocated; ``went_out``: paid back, or disbursed. ``held``: events that wait until nothing would be overdrawn."""

    account: str
    agency: str
    state: State
    limit: int
    came_in: int
    went_out: int
    balance: int
    overdue: int
    events: int
    held: int


class AccountsPage(BaseModel):
    """Accounts in the order of their names; ``next`` goes on, absent at the end."""

    accounts: list[AccountView]
    next: str | None = None


def records(deps: Deps) -> APIRouter:
    """The routes of what is kept."""
    guarded = router()
    _of_kinds(guarded, deps)
    _of_accounts(guarded, deps)
    return guarded


def kind_asked(name: str) -> str:
    """The kind, if it is one that support keeps.

    Raises:
        Problem: 404.
    """
    if name not in KINDS or KINDS[name].speaker != SUPPORT.speaker:
        detail = f"Không có loại sự kiện `{name}` ở đây; các loại ở docs/events.md."
        raise Problem(404, "/problems/no-such-kind", "Không có loại sự kiện này", detail)
    return name


def _of_kinds(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/records/{kind}")
    async def records_of_a_kind(
        kind: str,
        who: Looking,
        agency: str | None = None,
        first: date = _FIRST,
        last: date = _LAST,
        after: After = None,
        documents: Documents = 10,
    ) -> RecordsPage:
        """What holds of a kind: facts of business days from `first` to `last`, each in its highest revision; what was
        taken back is not there. An agency sees its own."""
        name, first, last = kind_asked(kind), max(first, _FIRST), min(last, _LAST)
        found = await telling(deps.store, whose(who, agency), name, first, last, after=after, limit=documents)
        holding = await holding_in(deps.store, found, name, first, last)
        return RecordsPage(
            records=[_record(document, event) for document, event in holding],
            next=found[-1].id if len(found) == documents else None,
        )

    @router.get("/v1/records/{kind}/history")
    async def history_of_a_record(
        kind: str,
        who: Looking,
        subject: Annotated[str, Query(min_length=1, max_length=256)],
        agency: str | None = None,
    ) -> HistoryView:
        """Every revision of what was said about a subject, corrections and retractions too."""
        told = await history(deps.store, whose(who, agency), f"{kind_asked(kind)} {subject}")
        return HistoryView(records=[_record(document, event) for document, event in told])


def _of_accounts(router: APIRouter, deps: Deps) -> None:
    @router.get("/v1/accounts/{sort}")
    async def accounts(
        sort: Literal["loan", "budget"],
        who: Looking,
        agency: str | None = None,
        state: State | None = None,
        after: After = None,
        documents: Documents = 50,
    ) -> AccountsPage:
        """Loans or budgets, each with its balance and where its life stands. An agency sees its own."""
        asked = {"agency": whose(who, agency), "state": state}
        where = {"account": sort} | {name: value for name, value in asked.items() if value}
        found = await deps.store.find(
            kept.BATCHES, where, after=after, limit=documents, without=("held", "facts", "content")
        )
        return AccountsPage(
            accounts=[_account(one) for one in found], next=found[-1].id if len(found) == documents else None
        )


def _record(document: Document, event: Event) -> RecordView:
    envelope = event.envelope
    return RecordView(
        id=envelope.id,
        agency=envelope.agency,
        kind=event.kind.name,
        subject=envelope.subject,
        revision=envelope.revision,
        retracted=event.retracted,
        time=envelope.time,
        received=datetime.fromisoformat(document.body["received_at"]),
        kept_in=document.id,
        data=msgspec.to_builtins(event.data),
    )


def _account(document: Document) -> AccountView:
    account = kept.account_in(document)
    assert account is not None
    return AccountView(
        account=account.id,
        agency=document.body["agency"],
        state=account.state,
        limit=account.total("limit"),
        came_in=account.total("in"),
        went_out=account.total("out"),
        balance=account.balance,
        overdue=account.overdue,
        events=document.body["events"],
        held=document.body.get("held_events", 0),
    )
