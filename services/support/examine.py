"""Whether an event may be said by its speaker: everything that can be judged by looking at it and at the plan. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from catalogue.model import Agency, Condition, Plan
from catalogue.windows import VIETNAM, local_day
from contracts.envelope import Event, Malformed, attributes_of, read, write
from contracts.kinds import Kind, kind_of
from contracts.shapes import Shape
from contracts.topics import SUPPORT
from contracts.trace import is_trace
from services.support.accounts import step_of
from services.support.model import Caution, Refused, Sound

EARLIEST = datetime(2000, 1, 1, tzinfo=VIETNAM)
"""An event before this is a slip of the pen, not a fact of a plan signed in 2020."""

_PARTS_OF_PEOPLE = ("women", "minority", "leaders", "managers")
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class Objection:
    """What is wrong with an event, before it is known which event of the batch it was."""

    code: str
    pointer: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Terms:
    """What an event is judged by: the plan, the speaker (an agency's code, from its key), the time it came, how far
    ahead of that a sender's clock may be, the most bytes an event may have, and the trace it came in."""

    plan: Plan
    speaker: str
    now: datetime
    ahead: timedelta
    largest: int
    traceparent: str = ""
    tracestate: str = ""


def examine(value: bytes, terms: Terms) -> Sound | Refused:
    """The canonical event, or the first thing that is wrong with it."""
    if len(value) > terms.largest:
        reason = f"sự kiện có {len(value)} byte, quá giới hạn {terms.largest} byte"
        return Refused(_id_of(value), "too-large", "", reason, "Rút gọn nội dung, hoặc chia thành nhiều sự kiện.")
    try:
        event = _read(value)
    except Malformed as error:
        return _unread(value, error)
    for wrong in objections(event, terms):
        return Refused(event.envelope.id, wrong.code, wrong.pointer, wrong.reason, wrong.remedy)
    breached = _breached(event, terms.plan, local_day(event.envelope.time))
    return taken(_canonical(value, event, terms), tuple(_caution(condition) for condition in breached))


def _unread(value: bytes, error: Malformed) -> Refused:
    """Why an event that cannot be read is refused. One for another service is not to be mended but sent there, where
    its data may be otherwise than what is said of it later; unless no service could read it."""
    kind = _kind_of(value) if error.pointer.startswith("/data") else None
    if kind is not None and kind.speaker != SUPPORT.speaker:
        wrong = _for_another_service(kind)
        return Refused(_id_of(value), wrong.code, wrong.pointer, wrong.reason, wrong.remedy)
    remedy = "Sửa nội dung tại vị trí đã nêu theo tài liệu mô tả sự kiện rồi gửi lại."
    return Refused(_id_of(value), "malformed", error.pointer, error.reason, remedy)


def _kind_of(value: bytes) -> Kind | None:
    """The kind of an event all of which is JSON that can be read."""
    try:
        return kind_of(str(attributes_of(value).get("type")))
    except Malformed:
        return None


def taken(value: bytes, warnings: tuple[Caution, ...] = ()) -> Sound:
    """A canonical event in which nothing is wrong."""
    event = read(value)
    envelope = event.envelope
    return Sound(
        id=envelope.id,
        claim=claim_of(envelope.agency, envelope.source, envelope.id),
        kind=event.kind.name,
        subject=envelope.subject,
        day=local_day(envelope.time),
        cooperatives=tuple(_cooperatives(event)),
        value=value,
        revision=envelope.revision,
        retracted=event.retracted,
        step=step_of(event),
        warnings=warnings,
    )


def _read(value: bytes) -> Event:
    """Stricter than `read` in one thing: what we do not know is passed on, so it too must be text."""
    try:
        value.decode()
    except UnicodeDecodeError as error:
        raise Malformed("", "không phải văn bản UTF-8") from error
    return read(value)


def claim_of(agency: str, source: str, id: str) -> str:
    """What stands for an event's identity: who speaks, from which source, under which id."""
    return hashlib.blake2b(msgspec.json.encode((agency, source, id)), digest_size=16).hexdigest()


def objections(event: Event, terms: Terms) -> Iterator[Objection]:
    """Every objection, the most basic first: a later rule may rely on the earlier ones having none."""
    yield from _of_support(event)
    yield from _spoken_for(event, terms.speaker)
    yield from _timely(event.envelope.time, terms)
    day = local_day(event.envelope.time)
    yield from _entitled(event, terms, day)
    yield from _placed(event, terms.plan, terms.plan.agency(terms.speaker), day)
    yield from _parts(event)
    yield from (_over(condition) for condition in _breached(event, terms.plan, day) if condition.breach == "refuse")


def _of_support(event: Event) -> Iterator[Objection]:
    if event.kind.speaker != SUPPORT.speaker:
        yield _for_another_service(event.kind)


def _for_another_service(kind: Kind) -> Objection:
    return Objection(
        "other-service",
        "/type",
        f"loại `{kind.name}` không nhận ở đây",
        "Việc đăng ký hợp tác xã gửi tới dịch vụ đăng ký; báo cáo kỳ gửi tới dịch vụ báo cáo.",
    )


def _spoken_for(event: Event, speaker: str) -> Iterator[Objection]:
    claimed = event.envelope.agency
    if claimed and claimed != speaker:
        yield Objection(
            "other-agency",
            "/agency",
            f"sự kiện ghi cơ quan {claimed} nhưng người gửi là {speaker}",
            "Bỏ thuộc tính `agency`, hoặc gửi bằng tài khoản của đúng cơ quan.",
        )


def _timely(at: datetime, terms: Terms) -> Iterator[Objection]:
    if at > terms.now + terms.ahead:
        yield Objection(
            "in-the-future",
            "/time",
            f"thời điểm ở sau hiện tại ({terms.now.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y})",
            "Ghi thời điểm sự việc đã xảy ra; kiểm tra đồng hồ của hệ thống gửi.",
        )
    elif at < EARLIEST:
        yield Objection(
            "too-early", "/time", f"thời điểm ở trước năm {EARLIEST.year}", "Ghi đúng thời điểm sự việc đã xảy ra."
        )


def _entitled(event: Event, terms: Terms, day: date) -> Iterator[Objection]:
    if not terms.plan.may_say(terms.speaker, event.kind.name, day):
        yield Objection(
            "not-entitled",
            "/type",
            f"theo kế hoạch, ngày {day:%d/%m/%Y} {terms.speaker} không được giao nội dung "
            f"`{event.kind.name}` ({event.kind.title})",
            "Cơ quan được giao nhiệm vụ này vào ngày đó gửi; nếu phân công sai, báo cơ quan tổng hợp sửa danh mục.",
        )


def _placed(event: Event, plan: Plan, agency: Agency, day: date) -> Iterator[Objection]:
    unit = event.data.unit if isinstance(event.data, Shape) else None
    if unit is None:
        return
    found = plan.roster.unit.get(unit)
    if found is None or not found.stands_on(day):
        yield Objection(
            "unit-not-standing",
            "/data/unit",
            f"đơn vị hành chính {unit} không có vào ngày {day:%d/%m/%Y}",
            "Gửi mã đơn vị hành chính có hiệu lực vào ngày đó.",
        )
    elif agency.unit is not None and unit != agency.unit:
        yield Objection(
            "other-unit",
            "/data/unit",
            f"{agency.name} chỉ được gửi sự kiện của đơn vị {agency.unit}",
            f"Bỏ trống `unit` hoặc ghi {agency.unit}.",
        )


def _parts(event: Event) -> Iterator[Objection]:
    people = getattr(event.data, "people", None)
    for name in _PARTS_OF_PEOPLE if people is not None else ():
        part = getattr(event.data, name, None)
        if part is not None and part > people:
            yield Objection(
                "part-exceeds-whole",
                f"/data/{name}",
                f"{part} người, nhiều hơn tổng số {people} người",
                "Ghi tổng số ở `people`; các số 'trong đó' không được lớn hơn.",
            )


def _breached(event: Event, plan: Plan, day: date) -> Iterator[Condition]:
    for condition in plan.conditions_of(event.kind.name, day):
        told = getattr(event.data, condition.field, None)
        fits = all(getattr(event.data, name, None) in wanted for name, wanted in condition.where.items())
        if fits and told is not None and told > condition.at_most:
            yield condition


def _caution(condition: Condition) -> Caution:
    return Caution(condition.code, f"/data/{condition.field}", f"{condition.reason} ({condition.source})")


def _over(condition: Condition) -> Objection:
    told = _caution(condition)
    remedy = f"Ghi số không quá {condition.at_most:,}".replace(",", ".") + ", hoặc tách phần ngoài chương trình."
    return Objection(told.code, told.pointer, told.reason, remedy)


def _cooperatives(event: Event) -> Iterator[tuple[str, str]]:
    one = getattr(event.data, "cooperative", None)
    if one is not None:
        yield one, "/data/cooperative"
    for index, code in enumerate(getattr(event.data, "cooperatives", ())):
        yield code, f"/data/cooperatives/{index}"


def _canonical(value: bytes, event: Event, terms: Terms) -> bytes:
    """The event as it was sent, every attribute that we do not know too, with the speaker and its unit filled in, and
    the trace that it came in unless it has one of its own."""
    attributes = dict(_RAW.decode(value))
    attributes["agency"] = msgspec.Raw(msgspec.json.encode(terms.speaker))
    if terms.traceparent and not is_trace(event.envelope.traceparent):
        attributes["traceparent"] = msgspec.Raw(msgspec.json.encode(terms.traceparent))
        attributes.pop("tracestate", None)
        if terms.tracestate:
            attributes["tracestate"] = msgspec.Raw(msgspec.json.encode(terms.tracestate))
    unit = terms.plan.agency(terms.speaker).unit
    if unit is not None and isinstance(event.data, Shape):
        attributes["data"] = msgspec.Raw(write({**_RAW.decode(attributes["data"]), "unit": unit}))
    return write(attributes)


def _id_of(value: bytes) -> str | None:
    """The id of an event that cannot be read, if that much of it can."""
    try:
        return msgspec.json.decode(_RAW.decode(value)["id"], type=str)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, RecursionError):
        return None
