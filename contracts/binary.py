"""CloudEvents in binary content mode, made structured: attributes in headers, the data alone in the body.

HTTP protocol binding, section 3.1 (``ce-`` headers, percent-encoded); Kafka protocol binding, section 3.2 (``ce_``
headers). Pure.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

import msgspec

_NUMBERS = ("revision",)


def of_http(headers: Iterable[tuple[str, str]], content_type: str, body: bytes) -> bytes | None:
    """The event of a request in structured mode; None where its headers are not those of an event."""
    found = {name[3:].lower(): unquote(value) for name, value in headers if name.lower().startswith("ce-")}
    return _structured(found, content_type, body) if "specversion" in found else None


def of_kafka(headers: Iterable[tuple[str, bytes]], value: bytes) -> bytes | None:
    """The event of a record in structured mode; None where its headers are not those of an event."""
    texts = {name: text.decode(errors="backslashreplace") for name, text in headers}
    found = {name[3:].lower(): text for name, text in texts.items() if name.startswith("ce_")}
    return _structured(found, texts.get("content-type", ""), value) if "specversion" in found else None


def _structured(attributes: dict[str, str], content_type: str, body: bytes) -> bytes:
    event: dict[str, Any] = {
        name: int(text) if name in _NUMBERS and text.isdecimal() and text.isascii() else text
        for name, text in attributes.items()
        if name != "data"
    }
    if content_type:
        event["datacontenttype"] = content_type.partition(";")[0].strip().lower()
    return msgspec.json.encode({**event, "data": _data(body)})


def _data(body: bytes) -> Any:
    """The body as it is if it is one JSON value; else as a text, which no kind takes: what is put between the
    attributes must not become attributes."""
    try:
        body.decode()
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body.decode(errors="backslashreplace")
    return msgspec.Raw(body)
