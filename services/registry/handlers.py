"""What registry does when it is asked for a change: get, think, put, and again if somebody was faster."""

import logging

from chassis import logs
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.store import Stale, Taken
from services.registry import store as kept
from services.registry.decide import decide
from services.registry.deps import Deps
from services.registry.messages import kind_of
from services.registry.model import Cooperative, Refused
from services.registry.requests import Request

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
    deps: Deps, code: str, request: Request, *, speaker: str, key: str | None = None
) -> Cooperative | Refused:
    """Make the change the request asks for, once; with the same idempotency key again, only tell how it came out."""
    outcome = await _attempt(deps, code, request, speaker, key)
    if isinstance(outcome, Refused):
        deps.metrics.count(EVENTS_REFUSED, reason=outcome.code)
    return outcome


async def _attempt(deps: Deps, code: str, request: Request, speaker: str, key: str | None) -> Cooperative | Refused:
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
