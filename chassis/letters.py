"""How dead letters are read over HTTP: one route, the same in every service that hears from Kafka."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from chassis.auth import Principal, router, speaker
from chassis.deadletters import DeadLetters
from chassis.store import Document


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


def letters(dead_letters: DeadLetters) -> APIRouter:
    """The route that lists a service's dead letters."""
    guarded = router(prefix="/v1")

    @guarded.get("/dead-letters")
    async def listed(
        who: Annotated[Principal, Depends(speaker("operator"))],
        after: Annotated[str | None, Query(max_length=256, description="The `next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> DeadLettersView:
        """What came over Kafka and could not be read, in the order of its place in the log."""
        return dead_letters_view(await dead_letters.list(after=after, limit=limit + 1), limit)

    return guarded
