"""What registry does when it is asked for a change, over HTTP or by an event on an agency's intake topic."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from chassis import logs
from chassis.listening import Place, Record, Span
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.offered import offered, receipt
from chassis.store import Message, Stale, Taken
from contracts.envelope import Malformed, attributes_of
from services.registry import store as kept
from services.registry.decide import annul, decide, unknown
from services.registry.deps import Deps
from services.registry.messages import kind_of, year_kind
from services.registry.model import Cooperative, Refused
from services.registry.offers import Offered, offer
from services.registry.requests import Annul, Evaluate, ReportYear, Request, RetractYear
from services.registry.years import retract, tell

_ATTEMPTS = 5
_KEY_USED = Refused(
    "key-used",
    "khóa `Idempotency-Key` này đã dùng cho một yêu cầu khác",
    "Mỗi yêu cầu mới dùng một khóa mới; chỉ gửi lại đúng yêu cầu cũ với khóa cũ.",
)
_MEND = "Sửa nội dung tại vị trí đã nêu theo tài liệu mô tả sự kiện rồi gửi lại."
_BUSY = Refused(
    "conflict", "nhiều yêu cầu cùng lúc thay đổi một hợp tác xã", "Xem lại nội dung hiện tại rồi gửi lại yêu cầu."
)

GROUP = "registry-intake"

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


async def take_back(deps: Deps, code: str, request: Annul, *, speaker: str) -> Cooperative | Refused:
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
            state = await kept.annul(deps.store, dossier, gone, traceparent=logs.traceparent.get())
        except Stale:
            continue
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=kind_of(gone).name)
        return state
    return _BUSY


async def tell_year(
    deps: Deps, code: str, request: ReportYear | Evaluate | RetractYear, *, speaker: str
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
            state = await kept.tell(deps.store, dossier, told, traceparent=logs.traceparent.get())
        except Stale:
            continue
        deps.relay.wake()
        deps.metrics.count(EVENTS_ACCEPTED, kind=year_kind(year).name)
        return state
    return _BUSY


async def carry_out(
    deps: Deps, code: str, request: Offered, *, speaker: str, key: str | None = None
) -> Cooperative | Refused:
    """Do what an agency's event asks of a cooperative."""
    match request:
        case Annul():
            return await take_back(deps, code, request, speaker=speaker)
        case ReportYear() | Evaluate() | RetractYear():
            return await tell_year(deps, code, request, speaker=speaker)
        case _:
            return await handle(deps, code, request, speaker=speaker, key=key)


class TakingIn:
    """The listener on the agencies' intake topics, for events of cooperatives.

    A record counts as heard when its receipt lies on the broker; heard again, it changes nothing and gets it again.
    """

    def __init__(self, deps: Deps, publish: Callable[[Sequence[Message]], Awaitable[None]]) -> None:
        self._deps = deps
        self._publish = publish

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Go on where the group has committed."""
        return {}

    async def revoked(self, places: Collection[Place]) -> None:
        """Nothing is held."""

    async def hear(self, records: Sequence[Record]) -> None:
        """Carry the events out, in order, and answer each."""
        for agency, mine in offered(records, "registry"):
            await self._publish([receipt(record, await self._receipt(value, agency)) for record, value in mine])

    async def _receipt(self, value: bytes, agency: str) -> dict[str, object]:
        id = attributes_of(value).get("id")
        try:
            asked = offer(value, agency)
        except Malformed as error:
            return {"id": id, **_refusal(Refused("malformed", error.reason, _MEND)), "pointer": error.pointer}
        if isinstance(asked, Refused):
            return {"id": id, **_refusal(asked)}
        envelope, code, request = asked
        key = f"{envelope.source} {envelope.id}"
        outcome = await carry_out(self._deps, code, request, speaker=agency, key=key)
        if isinstance(outcome, Refused):
            return {"id": id, **_refusal(outcome)}
        return {"id": id, "outcome": "accepted", "version": outcome.version}


def _refusal(refused: Refused) -> dict[str, object]:
    return {"outcome": "refused", "code": refused.code, "reason": refused.reason, "remedy": refused.remedy}
