"""Cooperatives' events from agencies' systems, over HTTP or on their intake topics: carried out, and answered each."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from chassis import logs
from chassis.auth import Principal, router, speaker
from chassis.bodies import DOCUMENTED, events_in
from chassis.metrics import EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.offered import Asked
from chassis.store import Message
from chassis.taking_in import TakingIn
from contracts.envelope import Envelope, Malformed, attributes_of
from contracts.trace import is_trace
from services.registry import store as kept
from services.registry.deps import Deps
from services.registry.handlers import carry_out
from services.registry.model import Cooperative, Refused
from services.registry.offers import Offered, offer

GROUP = "registry-intake"
_MEND = "Sửa nội dung tại vị trí đã nêu theo tài liệu mô tả sự kiện rồi gửi lại."

_Read = tuple[Envelope, str, Offered]


class ReceiptView(BaseModel):
    """What became of one event. ``version`` is the cooperative's after it; ``of`` the cooperative of which the same
    event was carried out before; ``reason`` and ``remedy`` are Vietnamese, ``code`` is for programs."""

    index: int
    id: str | None
    outcome: Literal["accepted", "duplicate", "refused"]
    version: int | None = None
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


def events(deps: Deps) -> APIRouter:
    """The route of events."""
    guarded = router()

    @guarded.post("/v1/events", openapi_extra=DOCUMENTED, response_model_exclude_unset=True)
    async def take_events(request: Request, who: Annotated[Principal, Depends(speaker("agency"))]) -> ReceiptsView:
        """Send one event of a cooperative or a batch: a receipt for each, in order."""
        values = events_in(request.headers, await request.body(), deps.max_events)
        receipts = await answers(deps, who.agency or "", values, source="http")
        counts = {name: sum(one.outcome == name for one in receipts) for name in ("accepted", "duplicate", "refused")}
        return ReceiptsView(receipts=receipts, **counts)

    return guarded


def taking_in(deps: Deps, publish: Callable[[Sequence[Message]], Awaitable[None]]) -> TakingIn:
    """The listener on the agencies' intake topics, for events of cooperatives."""

    async def answering(agency: str, mine: Sequence[Asked]) -> list[dict[str, object]]:
        told = await answers(deps, agency, [value for _, value in mine], source="kafka")
        return [view.model_dump(exclude_unset=True, exclude={"index"}) for view in told]

    return TakingIn("registry", answering, publish)


async def answers(deps: Deps, agency: str, values: Sequence[bytes], *, source: str) -> list[ReceiptView]:
    """Carry out what an agency's events ask for, in order; a receipt for each. `source` says on which way they came,
    for the metrics."""
    asked = [_read(value, agency) for value in values]
    claims = [kept.claim_of(agency, _key(one[0])) for one in asked if not isinstance(one, ReceiptView)]
    held = await kept.claimed(deps.store, claims)
    receipts: list[ReceiptView] = []
    for index, one in enumerate(asked):
        if isinstance(one, ReceiptView):
            deps.metrics.count(EVENTS_REFUSED, reason=one.code or "")
            receipts.append(one.model_copy(update={"index": index}))
            continue
        envelope = one[0]
        trace = envelope.traceparent if is_trace(envelope.traceparent) else ""
        with logs.about(event=envelope.id, trace=trace):
            receipts.append(await _answer(deps, agency, index, one, held, source))
    return receipts


def _read(value: bytes, agency: str) -> _Read | ReceiptView:
    try:
        asked = offer(value, agency)
    except Malformed as error:
        return _refusal(_id_of(value), Refused("malformed", error.reason, _MEND), error.pointer)
    return _refusal(_id_of(value), asked) if isinstance(asked, Refused) else asked


async def _answer(deps: Deps, agency: str, index: int, asked: _Read, held: dict[str, str], source: str) -> ReceiptView:
    envelope, code, request = asked
    claim = kept.claim_of(agency, _key(envelope))
    of = held.get(claim)
    if of is None:
        outcome = await carry_out(deps, code, request, speaker=agency, key=_key(envelope))
        if isinstance(outcome, Refused):
            return _refusal(envelope.id, outcome).model_copy(update={"index": index})
        if isinstance(outcome, Cooperative):
            held[claim] = code
            return ReceiptView(index=index, id=envelope.id, outcome="accepted", version=outcome.version)
        of = held[claim] = outcome.of
    deps.metrics.count(EVENTS_DUPLICATE, source=source)
    return ReceiptView(index=index, id=envelope.id, outcome="duplicate", of=of)


def _key(envelope: Envelope) -> str:
    """The event's identity; both parts may hold any character."""
    return f"event {msgspec.json.encode((envelope.source, envelope.id)).decode()}"


def _id_of(value: bytes) -> str | None:
    try:
        id = attributes_of(value).get("id")
    except Malformed:
        return None
    return id if isinstance(id, str) else None


def _refusal(id: str | None, refused: Refused, pointer: str | None = None) -> ReceiptView:
    told = {"code": refused.code, "reason": refused.reason, "remedy": refused.remedy}
    return ReceiptView(index=0, id=id, outcome="refused", **told, **({"pointer": pointer} if pointer else {}))
