"""What the body of a request holds: one event or several, still as bytes. Pure."""

import msgspec

from contracts.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE

ANY = "application/json"
MEDIA_TYPES = (MEDIA_TYPE, BATCH_MEDIA_TYPE, ANY)

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
