"""CloudEvents in binary content mode, made structured: attributes in headers, the data alone in the body.

HTTP protocol binding, section 3.1 (``ce-`` headers, percent-encoded); Kafka protocol binding, section 3.2 (``ce_``
headers). Pure.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import msgspec

_NUMBERS = {"revision": re.compile(r"\d{1,18}", re.ASCII)}
"""Attributes that are numbers in structured mode. A longer one stays text, which no reader takes: of a text as long
as a header may be Python makes no number."""

_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def of_http(headers: Iterable[tuple[str, str]], content_type: str, body: bytes) -> bytes | None:
    """The event of a request in structured mode; None where its headers are not those of an event."""
    found = {name[3:].lower(): _attribute(value) for name, value in headers if name.lower().startswith("ce-")}
    return _structured(found, content_type, body) if "specversion" in found else None


def _attribute(value: str) -> str:
    """A header's text: out of double quotes, then out of percent signs. A server reads headers as Latin-1; who has
    written UTF-8 into one all the same meant what it says."""
    if quoted := _QUOTED.fullmatch(value):
        value = _ESCAPED.sub(r"\1", quoted[1])
    with suppress(UnicodeError):  # where it is no UTF-8, it stays as it was read
        value = value.encode("latin-1").decode()
    return unquote(value)


def of_kafka(headers: Iterable[tuple[str, bytes]], value: bytes) -> bytes | None:
    """The event of a record in structured mode; None where its headers are not those of an event."""
    texts = {name: text.decode(errors="backslashreplace") for name, text in headers}
    found = {name[3:].lower(): text for name, text in texts.items() if name.startswith("ce_")}
    return _structured(found, texts.get("content-type", ""), value) if "specversion" in found else None


def _structured(attributes: dict[str, str], content_type: str, body: bytes) -> bytes:
    event: dict[str, Any] = {
        name: int(text) if name in _NUMBERS and _NUMBERS[name].fullmatch(text) else text
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
