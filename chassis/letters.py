"""How dead letters are looked after: read, tried, replayed and discarded over HTTP, and measured; the same in every
service that hears from Kafka."""

import asyncio
import logging
from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from chassis.auth import Principal, router, speaker
from chassis.deadletters import DeadLetters, NotReplayed, Reason, State
from chassis.problem import Problem
from chassis.process import Part
from chassis.settings import ServiceSettings
from chassis.store import Document, StoreUnavailable

_log = logging.getLogger(__name__)

Operator = Annotated[Principal, Depends(speaker("operator"))]


class DeadLetterView(BaseModel):
    """A record put aside: where it lies in the log, its exact bytes, and why. ``text``: only of UTF-8. ``subject``:
    topic and key of what it is about; its later records wait behind it. Empty: it holds nothing back."""

    id: str
    topic: str
    partition: int
    offset: int
    key: str | None
    value_base64: str
    text: str | None
    headers: list[tuple[str, str]]
    code: Reason
    reason: str
    speaker: str
    subject: str
    first_seen: datetime
    state: State
    replays: int
    settled_at: datetime | None = None
    settled_by: str | None = None
    why: str | None = None


class DeadLettersView(BaseModel):
    """A page of dead letters; ``next`` is the ``after`` of the following page, absent on the last."""

    dead_letters: list[DeadLetterView]
    next: str | None


class Wanted(BaseModel):
    """Which letters: all that are given must hold. ``since`` and ``until`` (not included) are of ``first_seen``."""

    state: State | None = None
    code: Reason | None = None
    topic: Annotated[str, Field(max_length=128)] | None = None
    speaker: Annotated[str, Field(max_length=64)] | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def where(self) -> dict[str, Any]:
        given = self.model_dump(include={"state", "code", "topic", "speaker"}, exclude_none=True)
        bounds = {"$gte": self.since, "$lt": self.until}
        span = {bound: moment for bound, moment in bounds.items() if moment is not None}
        return given | ({"first_seen": span} if span else {})


class Trial(BaseModel):
    """Try only, unless ``dry_run`` is false: nothing is written, and the answer says what would become of each."""

    dry_run: bool = True


class TrialOfMany(Trial):
    """The same for every open letter that fits, at most ``limit``, in the order of the log."""

    wanted: Wanted = Wanted()
    after: Annotated[str, Field(max_length=256)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class ReplayView(BaseModel):
    """What became of a letter, or would: ``code`` and ``reason`` say why it is not replayed."""

    id: str
    outcome: Literal["replayed", "would-replay", "not-replayed"]
    code: str | None = None
    reason: str | None = None


class ReplaysView(BaseModel):
    """What became of each; ``next`` is the ``after`` of the following letters, absent at the end."""

    letters: list[ReplayView]
    replayed: int
    next: str | None = None


class Discarding(BaseModel):
    """Why the record is not wanted; kept with the letter."""

    why: Annotated[str, Field(min_length=1, max_length=500)]


def letters(dead_letters: DeadLetters[Any]) -> APIRouter:
    """The routes of a service's dead letters."""
    guarded = router(prefix="/v1/dead-letters")
    _reading(guarded, dead_letters)
    _settling(guarded, dead_letters)
    return guarded


def _reading(router: APIRouter, dead_letters: DeadLetters[Any]) -> None:
    @router.get("")
    async def listed(
        who: Operator,
        wanted: Annotated[Wanted, Depends(_wanted)],
        after: Annotated[str | None, Query(max_length=256, description="The `next` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> DeadLettersView:
        """What came over Kafka and could not be read or waits behind it, in the order of its place in the log."""
        found = await dead_letters.list(wanted.where(), after=after, limit=limit + 1)
        page = found[:limit]
        return DeadLettersView(
            dead_letters=[_view(letter) for letter in page], next=page[-1].id if len(found) > limit else None
        )

    @router.get("/{letter}")
    async def one(letter: str, who: Operator) -> DeadLetterView:
        """One letter."""
        return _view(await _found(dead_letters, letter))


def _settling(router: APIRouter, dead_letters: DeadLetters[Any]) -> None:
    @router.post("/replays")
    async def replay_many(trial: TrialOfMany, who: Operator) -> ReplaysView:
        """Replay the open letters that fit; tried only, unless `dry_run` is false."""
        where = trial.wanted.where() | {"state": "open"}
        found = await dead_letters.list(where, after=trial.after, limit=trial.limit)
        told = [await _replayed(dead_letters, letter, trial.dry_run) for letter in found]
        went = sum(one.outcome == "replayed" for one in told)
        return ReplaysView(letters=told, replayed=went, next=found[-1].id if len(found) == trial.limit else None)

    @router.post("/{letter}/replays")
    async def replay_one(letter: str, trial: Trial, who: Operator) -> ReplayView:
        """Replay one letter; tried only, unless `dry_run` is false."""
        return await _replayed(dead_letters, await _found(dead_letters, letter), trial.dry_run)

    @router.post("/{letter}/discards")
    async def discard(letter: str, said: Discarding, who: Operator) -> DeadLetterView:
        """Settle a letter without its record; what waits behind it goes."""
        try:
            await dead_letters.discard(await _found(dead_letters, letter), said.why, who.name or who.role)
        except NotReplayed as error:
            raise Problem(409, "/problems/settled", "Đã xử lý", str(error)) from error
        return _view(await _found(dead_letters, letter))


def _wanted(
    state: State | None = None,
    code: Reason | None = None,
    topic: Annotated[str | None, Query(max_length=128)] = None,
    speaker: Annotated[str | None, Query(max_length=64, description="An agency's code.")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Wanted:
    return Wanted(state=state, code=code, topic=topic, speaker=speaker, since=since, until=until)


async def _replayed(dead_letters: DeadLetters[Any], letter: Document, dry_run: bool) -> ReplayView:
    try:
        await (dead_letters.try_again if dry_run else dead_letters.replay)(letter)
    except NotReplayed as error:
        return ReplayView(id=letter.id, outcome="not-replayed", code=error.code, reason=str(error))
    return ReplayView(id=letter.id, outcome="would-replay" if dry_run else "replayed")


async def _found(dead_letters: DeadLetters[Any], id: str) -> Document:
    letter = await dead_letters.get(id)
    if letter is None:
        raise Problem(404, "/problems/no-such-letter", "Không có thư này", f"Không có thư chết `{id}`.")
    return letter


def _view(letter: Document) -> DeadLetterView:
    body = letter.body
    shown = {
        "key": None if body["key"] is None else _shown(body["key"]),
        "headers": [(name, _shown(value)) for name, value in body["headers"]],
        "value_base64": b64encode(body["value"]).decode(),
        "text": _text(body["value"]),
    }
    return DeadLetterView.model_validate({"id": letter.id, **body, **shown})


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _shown(value: bytes) -> str:
    return value.decode(errors="backslashreplace")


def minding(dead_letters: DeadLetters[Any], settings: ServiceSettings) -> Part:
    """The part that measures how many letters there are, and how old."""

    async def run() -> None:
        while True:
            try:
                await dead_letters.measure()
            except StoreUnavailable as error:
                _log.warning("dead letters: could not be measured: %s", error)
            await asyncio.sleep(settings.dead_letters_seconds)

    return Part("letters", run=run)
