"""The envelope of every event: CloudEvents 1.0 in structured JSON (specification sections 3.1 and 3.2).

Required attributes are ``specversion``, ``id``, ``source``, ``type``; we also require ``subject``, ``time`` and
``data``. Extension attributes of ours: ``agency`` (who speaks, set by the service that accepted the event and never by
the sender), ``revision`` (a higher one corrects), ``traceparent`` (W3C trace context). Attributes we do not know, as
``tracestate``, are kept by whoever passes an event on, and ignored by whoever folds it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from contracts.kinds import RETRACTED, Kind, Retraction, kind_of
from contracts.shapes import Shape

MEDIA_TYPE = "application/cloudevents+json"
BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"

_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Malformed(Exception):
    """An event that cannot be read: ``pointer`` says where (JSON pointer), ``reason`` says why, in Vietnamese."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer or '/'}: {reason}")
        self.pointer = pointer
        self.reason = reason


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The attributes of an event, without its data."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=256)]
    source: Annotated[str, Meta(min_length=1, max_length=512)]
    type: Annotated[str, Meta(min_length=1, max_length=128)]
    subject: Annotated[str, Meta(min_length=1, max_length=256)]
    time: Annotated[datetime, Meta(tz=True)]
    datacontenttype: Literal["application/json"] = "application/json"
    agency: str = ""
    revision: Annotated[int, Meta(ge=1, le=2_147_483_647)] = 1
    traceparent: str = ""


class _Wire(Envelope, frozen=True, kw_only=True):
    data: msgspec.Raw


class _Moment(msgspec.Struct):
    time: str


class Event(msgspec.Struct, frozen=True):
    """A readable event: envelope, kind, and data of the kind's shape (or a `Retraction`)."""

    envelope: Envelope
    kind: Kind
    data: Shape | Retraction

    @property
    def retracted(self) -> bool:
        return isinstance(self.data, Retraction)

    @property
    def fact(self) -> str:
        """What the event is a statement of: speaker, kind and subject. The highest revision of a fact is what holds.

        The register is one, whichever office speaks for it: what one told of a cooperative, another that took its place
        may correct. Every other subject is named by the agency that speaks.
        """
        speaker = self.kind.speaker if self.kind.speaker == "registry" else self.envelope.agency
        return f"{speaker} {self.kind.name} {self.envelope.subject}"


def key_of(subject: str) -> str:
    """The Kafka key of an event: its subject up to the first slash, so that facts about one thing keep their order."""
    return subject.partition("/")[0]


_WIRE = msgspec.json.Decoder(_Wire)
_MOMENT = msgspec.json.Decoder(_Moment)
_DATA: dict[str, msgspec.json.Decoder[Any]] = {}


def read(value: bytes) -> Event:
    """Decode and check one structured event.

    Raises:
        Malformed: not JSON, an attribute missing or wrong, an unknown type, or data that is not of the type's shape.
    """
    wire = _wire(value)
    kind = kind_of(wire.type)
    if kind is None:
        raise Malformed("/type", f"loại sự kiện `{wire.type}` không có trong danh mục")
    shape = Retraction if wire.type.endswith(RETRACTED) else kind.shape
    decoder = _DATA.get(wire.type) or _DATA.setdefault(wire.type, msgspec.json.Decoder(shape))
    try:
        data = decoder.decode(wire.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed("/data", error) from error
    return Event(wire, kind, data)


def opened(value: bytes) -> tuple[Envelope, dict[str, Any]]:
    """The envelope, checked, and the members of the data, not checked: for who reads the data in a way of its own.

    Raises:
        Malformed: not JSON, an attribute missing or wrong, or data that is no object.
    """
    wire = _wire(value)
    try:
        return wire, msgspec.json.decode(wire.data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed("/data", error) from error


def _wire(value: bytes) -> _Wire:
    """The envelope with its data as it came. At the ends of the calendar a moment has no day in Vietnam."""
    try:
        wire = _not_rounded_up(_WIRE.decode(value), value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed("", error) from error
    if not _EARLIEST <= wire.time < _LATEST:
        raise Malformed("/time", "thời điểm phải từ năm 1900 đến hết năm 2199")
    return wire


def not_rounded_up(moment: datetime, told: str) -> datetime:
    """A moment that was read by msgspec, which rounds to microseconds, as it was told. The last moment of a day as .NET
    tells it, with seven nines, is still that day's, and may be a quarter's last."""
    return moment if moment.microsecond or ".999999" not in told else moment - datetime.resolution


def _not_rounded_up(wire: _Wire, value: bytes) -> _Wire:
    if wire.time.microsecond or b".999999" not in value:  # nearly always: nothing is read twice
        return wire
    return replace(wire, time=not_rounded_up(wire.time, _MOMENT.decode(value).time))


def attributes_of(value: bytes) -> dict[str, Any]:
    """All attributes of a structured event, the unknown ones too.

    Raises:
        Malformed: not a JSON object.
    """
    try:
        return msgspec.json.decode(value, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed("", error) from error


def write(attributes: dict[str, Any]) -> bytes:
    """Encode an event's attributes (with ``data``) as structured JSON."""
    return msgspec.json.encode(attributes)


def new(
    *,
    id: str,
    source: str,
    subject: str,
    time: datetime,
    agency: str,
    data: Shape | Retraction,
    kind: Kind,
    revision: int = 1,
    traceparent: str = "",
) -> bytes:
    """A new event of ours, encoded; with a `Retraction` one that takes back."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": kind.name + RETRACTED if isinstance(data, Retraction) else kind.name,
        "subject": subject,
        "time": time,
        "datacontenttype": "application/json",
        "agency": agency,
        "data": data,
    }
    if revision > 1:
        attributes["revision"] = revision
    if traceparent:
        attributes["traceparent"] = traceparent
    return write(attributes)


def _of_pattern(found: re.Match[str]) -> str:
    pattern = found[2].replace("\\\\", "\\")
    return f"giá trị không đúng quy định (`{found[1]}` theo mẫu `{pattern}`)"


_REASONS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Object missing required field `(.+?)`"), r"thiếu trường bắt buộc `\1`"),
    (re.compile(r"Expected `(.+?)`, got `(.+?)`"), r"cần kiểu `\1`, nhận được `\2`"),
    (re.compile(r"Expected `datetime` with a timezone component"), "thời điểm phải có múi giờ, ví dụ +07:00"),
    (re.compile(r"Expected `(.+?)` matching regex '(.+)'"), _of_pattern),
    (re.compile(r"Expected `(.+?)` of length (.+)"), r"giá trị không đúng quy định (`\1` có độ dài \2)"),
    (re.compile(r"Expected `(.+?)` ([<>]=?) (.+)"), r"giá trị không đúng quy định (`\1` \2 \3)"),
    (re.compile(r"Invalid enum value (.+)"), r"giá trị \1 không có trong danh sách cho phép"),
    (re.compile(r"Invalid RFC3339 encoded datetime"), "thời điểm không đúng dạng RFC 3339"),
    (re.compile(r"Input data was truncated|JSON is malformed.*"), "không phải JSON hợp lệ"),
    (re.compile(r"(Number|Integer value) out of range"), "số quá lớn"),
    (re.compile(r"maximum recursion depth exceeded.*"), "nội dung lồng nhau quá sâu"),
)


def _malformed(where: str, error: Exception) -> Malformed:
    reason, _, path = str(error).partition(" - at `$")
    pointer = where + "".join(f"/{part}" for part in re.findall(r"[^.\[\]`]+", path))
    for pattern, vietnamese in _REASONS:
        if pattern.search(reason):
            return Malformed(pointer, pattern.sub(vietnamese, reason))
    return Malformed(pointer, f"giá trị không hợp lệ ({reason})")
