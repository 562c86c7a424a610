"""What support can be asked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import Headers

from chassis.auth import Principal, router, speaker
from chassis.letters import letters
from chassis.problem import Problem
from chassis.store import Stale, Taken
from contracts.binary import of_http
from contracts.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE
from services.support.bodies import ANY, MEDIA_TYPES, UnknownMediaType, Unreadable, split
from services.support.deps import Deps
from services.support.held import held
from services.support.intake import take_in
from services.support.records import records
from services.support.totals import totals
from services.support.views import ReceiptsView, receipts_view
from services.support.workbooks import workbooks

_ONE = {"type": "object", "required": ["specversion", "id", "source", "type", "subject", "time", "data"]}
_BATCH = {"type": "array", "items": _ONE}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "CloudEvents 1.0 in structured JSON: one event, or an array of them.",
        "content": {
            MEDIA_TYPE: {"schema": _ONE},
            BATCH_MEDIA_TYPE: {"schema": _BATCH},
            ANY: {"schema": {"oneOf": [_ONE, _BATCH]}},
        },
    }
}


def routes(deps: Deps) -> APIRouter:
    """Support's routes over its dependencies."""
    guarded = router()

    @guarded.post("/v1/events", openapi_extra=_BODY, response_model_exclude_unset=True)
    async def events(request: Request, who: Annotated[Principal, Depends(speaker("agency"))]) -> ReceiptsView:
        """Send one event or a batch: a receipt for each, in order."""
        values = _events_in(request.headers, await request.body(), deps.settings.max_events)
        try:
            return receipts_view(await take_in(deps, who.agency or "", values))
        except (Taken, Stale) as conflict:
            detail = "Các sự kiện này đang được gửi cùng lúc từ nơi khác; hãy gửi lại."
            raise Problem(409, "/problems/conflict", "Xung đột", detail) from conflict

    guarded.include_router(workbooks(deps))
    guarded.include_router(held(deps))
    guarded.include_router(records(deps))
    guarded.include_router(totals(deps))
    guarded.include_router(letters(deps.dead_letters))
    return guarded


def _events_in(headers: Headers, body: bytes, most: int) -> list[bytes]:
    content_type = headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() not in (MEDIA_TYPE, BATCH_MEDIA_TYPE):
        binary = of_http(headers.items(), content_type, body)
        if binary is not None:
            return [binary]
    try:
        values = split(body, content_type)
    except UnknownMediaType as error:
        detail = f"Nhận các loại nội dung: {', '.join(MEDIA_TYPES)}."
        raise Problem(415, "/problems/media-type", "Loại nội dung không được nhận", detail) from error
    except Unreadable as error:
        raise Problem(400, "/problems/unreadable", "Không đọc được nội dung", f"{error}.") from error
    if len(values) > most:
        detail = f"Mỗi lần gửi tối đa {most} sự kiện; lần này có {len(values)}. Chia nhỏ rồi gửi lại."
        raise Problem(413, "/problems/too-many-events", "Quá nhiều sự kiện", detail)
    return values
