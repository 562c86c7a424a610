"""What support answers, as the caller reads it."""

from collections.abc import Iterable
from typing import Any, Literal, assert_never

from pydantic import BaseModel

from services.support.model import Accepted, Caution, Duplicate, Held, Outcome, Refused


class WarningView(BaseModel):
    """What is unusual about an event that is taken all the same; ``reason`` is Vietnamese."""

    code: str
    pointer: str
    reason: str


class ReceiptView(BaseModel):
    """What became of one event of a request. ``held``: kept, and said once what it waits for is there.

    ``of`` is the batch that keeps a duplicate's first copy. ``pointer`` is the JSON pointer to what is wrong or waited
    for; ``reason`` and ``remedy`` are Vietnamese, ``code`` is for programs.
    """

    index: int
    id: str | None
    outcome: Literal["accepted", "held", "duplicate", "refused"]
    of: str | None = None
    code: str | None = None
    pointer: str | None = None
    reason: str | None = None
    remedy: str | None = None
    warnings: list[WarningView] = []


class ReceiptsView(BaseModel):
    """A receipt for each event, in the order they were sent, and how many of each outcome."""

    receipts: list[ReceiptView]
    accepted: int
    held: int
    duplicate: int
    refused: int


def receipts_view(outcomes: Iterable[Outcome]) -> ReceiptsView:
    receipts = [receipt_view(index, outcome) for index, outcome in enumerate(outcomes)]
    how_many = {
        name: sum(receipt.outcome == name for receipt in receipts)
        for name in ("accepted", "held", "duplicate", "refused")
    }
    return ReceiptsView(receipts=receipts, **how_many)


def receipt_view(index: int, outcome: Outcome) -> ReceiptView:
    """The receipt of one event."""
    match outcome:
        case Accepted():
            return ReceiptView(index=index, id=outcome.event.id, outcome="accepted", **_told(outcome.warnings))
        case Held(event=event, code=code, pointer=pointer, reason=reason, remedy=remedy):
            return ReceiptView(
                index=index,
                id=event.id,
                outcome="held",
                code=code,
                pointer=pointer,
                reason=reason,
                remedy=remedy,
                **_told(outcome.warnings),
            )
        case Duplicate():
            return ReceiptView(index=index, id=outcome.id, outcome="duplicate", of=outcome.of)
        case Refused(id=id, code=code, pointer=pointer, reason=reason, remedy=remedy):
            return ReceiptView(
                index=index, id=id, outcome="refused", code=code, pointer=pointer, reason=reason, remedy=remedy
            )
        case _:
            assert_never(outcome)


def _told(warnings: Iterable[Caution]) -> dict[str, Any]:
    """Nothing where there is nothing to warn of: a receipt says only what it has to say."""
    views = [WarningView(code=one.code, pointer=one.pointer, reason=one.reason) for one in warnings]
    return {"warnings": views} if views else {}
