"""What registry does when it is asked for a change, by a request, an event or a row of a workbook."""

import logging

from msgspec.structs import replace

from chassis import logs
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.store import Stale, Taken
from services.registry import store as kept
from services.registry.decide import annul, decide, unknown
from services.registry.deps import Deps
from services.registry.messages import kind_of, year_kind
from services.registry.model import Cooperative, Refused
from services.registry.offers import Offered
from services.registry.requests import Annul, Evaluate, ReportYear, Request, RetractYear
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
) -> Cooperative | Refused:
    """Make the change the request asks for, once; with the same idempotency key again, only tell how it came out.
    ``shared`` is a change that others are part of.

    Get, think, put, and again if somebody was faster.
    """
    outcome = await _attempt(deps, code, request, speaker, key, shared)
    if isinstance(outcome, Refused):
        deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
    return outcome


async def _attempt(
    deps: Deps, code: str, request: Request, speaker: str, key: str | None, shared: bool
) -> Cooperative | Refused:
    owned_key = kept.claim_of(speaker, key) if key else None
    asked = kept.digest(code, type(request).__name__, request.model_dump_json())
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, code)
        if owned_key and (answered := dossier.answered(owned_key)):
            entry, state = answered
            deps.metrics.count(EVENTS_DUPLICATE, source="http")
            return state if entry.asked == asked else _KEY_USED
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


async def take_back(
    deps: Deps, code: str, request: Annul, *, speaker: str, key: str | None = None
) -> Cooperative | Refused:
    """Record that a change never happened. Asked again for the same reason, only tell how it came out."""
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, code)
        changes = [entry.change for entry in dossier.entries]
        gone = annul(changes, request, code=code, speaker=speaker, now=deps.clock.now())
        if isinstance(gone, Refused):
            if gone.code == "annulled-already" and dossier.state is not None:
                return dossier.state
            deps.metrics.count(EVENTS_REFUSED, reason=gone.code)
            return gone
        try:
            claims, trace = _claims(speaker, key), logs.traceparent.get()
            state = await kept.annul(deps.store, dossier, gone, claims=claims, traceparent=trace)
        except Stale:
            continue
        except Taken:
            return _KEY_USED
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=kind_of(gone).name)
        return state
    return _BUSY


async def tell_year(
    deps: Deps, code: str, request: ReportYear | Evaluate | RetractYear, *, speaker: str, key: str | None = None
) -> Cooperative | Refused:
    """Record what the request tells of a year, or that it takes it back; what holds already is not recorded again."""
    for _ in range(_ATTEMPTS):
        dossier = await kept.dossier_of(deps.store, code)
        if dossier.state is None:
            return unknown(code)
        now = deps.clock.now()
        if isinstance(request, RetractYear):
            year = retract(dossier.state, dossier.years, request, speaker, deps.plan, now)
        else:
            year = tell(dossier.state, dossier.years, request, speaker, deps.plan, now)
        if isinstance(year, Refused):
            deps.metrics.count(EVENTS_REFUSED, reason=year.code)
            return year
        if year in dossier.years:
            return dossier.state
        try:
            told = kept.Told(year=year, recorded_at=now)
            claims, trace = _claims(speaker, key), logs.traceparent.get()
            state = await kept.tell(deps.store, dossier, told, claims=claims, traceparent=trace)
        except Stale:
            continue
        except Taken:
            return _KEY_USED
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=year_kind(year).name)
        return state
    return _BUSY


def _claims(speaker: str, key: str | None) -> list[str]:
    return [kept.claim_of(speaker, key)] if key else []


async def carry_out(
    deps: Deps, code: str, request: Offered, *, speaker: str, key: str | None = None
) -> Cooperative | Refused:
    """Do what an agency's event asks of a cooperative."""
    match request:
        case Annul():
            return await take_back(deps, code, request, speaker=speaker, key=key)
        case ReportYear() | Evaluate() | RetractYear():
            return await tell_year(deps, code, request, speaker=speaker, key=key)
        case _:
            return await handle(deps, code, request, speaker=speaker, key=key)
