"""What support answers, as the caller reads it."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, assert_never

from pydantic import BaseModel

from chassis.store import Document
from services.support.model import Accepted, Duplicate, Outcome, Refused


class ReceiptView(BaseModel):
    """What became of one event of a request.

    ``of`` is the batch that keeps a duplicate's first copy. ``pointer`` is the JSON pointer to what is wrong;
    ``reason`` and ``remedy`` are Vietnamese, ``code`` is for programs.
    """

    index: int
    id: str | None
    outcome: Literal["accepted", "duplicate", "refused"]
    of: str | None = None
    code: str | None = None
    pointer: str | None = None
    reason: str | None = None
    remedy: str | None = None


class ReceiptsView(BaseModel):
    """A receipt for each event, in the order they were sent, and how many of each outcome."""

    receipts: list[ReceiptView]
    accepted: int
    duplicate: int
    refused: int


def receipts_view(outcomes: Iterable[Outcome]) -> ReceiptsView:
    receipts = [_receipt(index, outcome) for index, outcome in enumerate(outcomes)]
    how_many = {
        name: sum(receipt.outcome == name for receipt in receipts) for name in ("accepted", "duplicate", "refused")
    }
    return ReceiptsView(receipts=receipts, **how_many)


def _receipt(index: int, outcome: Outcome) -> ReceiptView:
    match outcome:
        case Accepted():
            return ReceiptView(index=index, id=outcome.event.id, outcome="accepted")
        case Duplicate():
            return ReceiptView(index=index, id=outcome.id, outcome="duplicate", of=outcome.of)
        case Refused(id=id, code=code, pointer=pointer, reason=reason, remedy=remedy):
            return ReceiptView(
                index=index, id=id, outcome="refused", code=code, pointer=pointer, reason=reason, remedy=remedy
            )
        case _:
            assert_never(outcome)


class DeadLetterView(BaseModel):
    """A record put aside: where it lies in the log, its exact bytes, and why. ``text``: only of UTF-8."""

    id: str
    topic: str
    partition: int
    offset: int
    key: str | None
    value_base64: str
    text: str | None
    headers: list[tuple[str, str]]
    reason: str
    first_seen: datetime


class DeadLettersView(BaseModel):
    """A page of dead letters; ``next`` is the ``after`` of the following page, absent on the last."""

    dead_letters: list[DeadLetterView]
    next: str | None


def dead_letters_view(found: Sequence[Document], limit: int) -> DeadLettersView:
    """The first `limit` of what was found; there is a next page if more was found."""
    page = found[:limit]
    return DeadLettersView(
        dead_letters=[_dead_letter(letter) for letter in page], next=page[-1].id if len(found) > limit else None
    )


def _dead_letter(letter: Document) -> DeadLetterView:
    body = letter.body
    return DeadLetterView(
        id=letter.id,
        topic=body["topic"],
        partition=body["partition"],
        offset=body["offset"],
        key=None if body["key"] is None else _shown(body["key"]),
        value_base64=b64encode(body["value"]).decode(),
        text=_text(body["value"]),
        headers=[(name, _shown(value)) for name, value in body["headers"]],
        reason=body["reason"],
        first_seen=body["first_seen"],
    )


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _shown(value: bytes) -> str:
    return value.decode(errors="backslashreplace")
