"""What registry does when it is asked for a change, by a request, an event or a row of a workbook."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace
from pydantic import BaseModel

from chassis import logs
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_REFUSED
from chassis.store import Stale, Taken
from services.registry import store as kept
from services.registry.decide import annul, decide, unknown
from services.registry.deps import Deps
from services.registry.messages import kind_of, year_kind
from services.registry.model import Change, Cooperative, Outcome, Refused, Repeated, Year
from services.registry.offers import Offered
from services.registry.requests import Annul, Evaluate, ReportYear, Request, RetractYear
from services.registry.store import Dossier
from services.registry.years import retract, tell

_ATTEMPTS = 5
_KEY_USED = Refused(
    "key-used",
    "khóa `Idempotency-Key` này đã dùng cho một yêu cầu khác",
    "Mỗi yêu cầu mới dùng một khóa mới; chỉ gửi lại đúng yêu cầu cũ với khóa cũ.",
)
_BUSY = Refused(
    "conflict", "nhiều yêu cầu cùng lúc thay đổi một hợp tác xã", "Xem lại nội dung hiện tại rồi gửi lại yêu cầu."
)

_log = logging.getLogger(__name__)


async def handle(
    deps: Deps, code: str, request: Request, *, speaker: str, key: str | None = None, shared: bool = False
) -> Outcome:
    """Make the change the request asks for, once; with the same idempotency key again, only tell how it came out.
    ``shared`` is a change that others are part of.

    Get, think, put, and again if somebody was faster.
    """
    outcome = await _attempt(deps, code, request, speaker, key, shared)
    if isinstance(outcome, Refused):
        deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
    return outcome


async def _attempt(deps: Deps, code: str, request: Request, speaker: str, key: str | None, shared: bool) -> Outcome:
    owned_key = kept.claim_of(speaker, key) if key else None
    asked = asked_of(code, request)
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, code)
        if owned_key and (answered := dossier.answered(owned_key)):
            entry, state = answered
            return Repeated(code, state) if entry.asked == asked else _KEY_USED
        now = deps.clock.now()
        change = decide(dossier.state, request, code=code, speaker=speaker, plan=deps.plan, now=now)
        if isinstance(change, Refused):
            return change
        change = replace(change, shared=shared)
        entry = kept.Entry(change=change, recorded_at=now, key=owned_key, asked=asked if owned_key else None)
        try:
            state = await kept.append(deps.store, dossier, entry, traceparent=logs.traceparent.get())
        except Stale:
            continue
        except Taken:
            return _KEY_USED
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=kind_of(change).name)
        with logs.about(event=f"{code}/{state.version}"):
            _log.info("recorded: %s", kind_of(change).name)
        return state
    return _BUSY


async def take_back(deps: Deps, code: str, request: Annul, *, speaker: str, key: str | None = None) -> Outcome:
    """Record that a change never happened. Asked again, only tell how it came out."""

    def think(dossier: Dossier, now: datetime) -> Change | Refused | None:
        changes = [entry.change for entry in dossier.entries]
        gone = annul(changes, request, code=code, speaker=speaker, now=now, years=dossier.years)
        return None if isinstance(gone, Refused) and gone.code == "annulled-already" else gone

    return await _record(deps, code, _claims(speaker, key), think)


async def tell_year(
    deps: Deps, code: str, request: ReportYear | Evaluate | RetractYear, *, speaker: str, key: str | None = None
) -> Outcome:
    """Record what the request tells of a year, or that it takes it back; what holds already is not recorded again."""

    def think(dossier: Dossier, now: datetime) -> Year | Refused | None:
        assert dossier.state is not None
        if isinstance(request, RetractYear):
            year = retract(dossier.state, dossier.years, request, speaker, deps.plan, now)
        else:
            year = tell(dossier.state, dossier.years, request, speaker, deps.plan, now)
        return None if year in dossier.years else year

    return await _record(deps, code, _claims(speaker, key), think)


async def _record(
    deps: Deps,
    code: str,
    claims: Sequence[str],
    think: Callable[[Dossier, datetime], Change | Year | Refused | None],
) -> Outcome:
    """Record what `think` says of what is known: an annulled change, a year, or nothing new; a request with the same
    claims once.

    The claims are looked up after the dossier: whoever uses them meanwhile has changed its version. They are kept where
    nothing is new too, or the request sent once more, after a correction, would undo it.
    """
    for _ in range(_ATTEMPTS):
        dossier, now = await kept.dossier_of(deps.store, code), deps.clock.now()
        held = await kept.claimed(deps.store, claims)
        if dossier.state is not None and held:
            return Repeated(next(iter(held.values())), dossier.state)
        told = think(dossier, now) if dossier.state else unknown(code)
        if isinstance(told, Refused):
            deps.metrics.count(EVENTS_REFUSED, reason=told.code)
            return told
        try:
            state = await _put(deps, dossier, told, now, claims)
        except Stale:
            continue
        except Taken:
            return _KEY_USED
        return state
    return _BUSY


async def _put(
    deps: Deps, dossier: Dossier, told: Change | Year | None, now: datetime, claims: Sequence[str]
) -> Cooperative:
    trace = logs.traceparent.get()
    match told:
        case Change():
            state, kind = await kept.annul(deps.store, dossier, told, claims=claims, traceparent=trace), kind_of(told)
        case Year():
            new = kept.Told(year=told, recorded_at=now)
            state, kind = await kept.tell(deps.store, dossier, new, claims=claims, traceparent=trace), year_kind(told)
        case None:
            return await kept.answer(deps.store, dossier, claims)
        case _:
            assert_never(told)
    deps.relay.wake()
    deps.metrics.count(EVENTS_ACCEPTED, kind=kind.name)
    return state


def asked_of(code: str, request: BaseModel) -> str:
    """What stands for all that a request says of a cooperative."""
    return kept.digest(code, type(request).__name__, request.model_dump_json())


def _claims(speaker: str, key: str | None) -> list[str]:
    return [kept.claim_of(speaker, key)] if key else []


async def carry_out(deps: Deps, code: str, request: Offered, *, speaker: str, key: str | None = None) -> Outcome:
    """Do what an agency's event asks of a cooperative."""
    match request:
        case Annul():
            return await take_back(deps, code, request, speaker=speaker, key=key)
        case ReportYear() | Evaluate() | RetractYear():
            return await tell_year(deps, code, request, speaker=speaker, key=key)
        case _:
            return await handle(deps, code, request, speaker=speaker, key=key)
