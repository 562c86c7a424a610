"""What a request that sends events holds: one event or several, still as bytes (CloudEvents HTTP binding 3.1, 3.2)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chassis.problem import Problem
from contracts.binary import of_http
from contracts.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE

ANY = "application/json"
MEDIA_TYPES = (MEDIA_TYPE, BATCH_MEDIA_TYPE, ANY)

_ONE = {"type": "object", "required": ["specversion", "id", "source", "type", "subject", "time", "data"]}
_BATCH = {"type": "array", "items": _ONE}
DOCUMENTED: dict[str, Any] = {
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
"""Such a body, for the OpenAPI document."""

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_SPACE = b" \t\r\n"


class Unreadable(Exception):
    """A body that is not JSON, or not of the form its media type promises; the message says so in Vietnamese."""


class UnknownMediaType(Exception):
    """A body of a type that is not taken."""


def split(body: bytes, content_type: str) -> list[bytes]:
    """The events in the body, each as its own JSON text. Whether each is a good event is not looked at.

    Raises:
        UnknownMediaType: neither CloudEvents nor plain JSON.
        Unreadable: not JSON, or one event where several were promised, or the other way round.
    """
    media_type = content_type.partition(";")[0].strip().lower() or ANY
    if media_type not in MEDIA_TYPES:
        raise UnknownMediaType(media_type)
    several = body.lstrip(_SPACE).startswith(b"[")
    if several != (media_type == BATCH_MEDIA_TYPE) and media_type != ANY:
        raise Unreadable(f"`{media_type}` cần một {'đối tượng' if several else 'mảng'} JSON")
    try:
        body.decode()
        return [bytes(event) for event in _LIST.decode(body)] if several else [_one(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("nội dung không phải JSON hợp lệ (UTF-8)") from error


def _one(body: bytes) -> bytes:
    msgspec.json.decode(body, type=msgspec.Raw)
    return body


def events_in(headers: Mapping[str, str], body: bytes, most: int) -> list[bytes]:
    """The events of a request, each in structured mode; at most so many.

    Raises:
        Problem: 400, 413 or 415; nothing of the request is to be taken.
    """
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
