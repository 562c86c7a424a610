"""What an agency's system says of a cooperative as an event, read as a request. Pure.

The event is of a kind that registry itself says later. Its data is what the request has; what the register sets by
itself (``version``, ``law``, the differences) may be there and is not looked at.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from chassis.wording import reason_of
from contracts.envelope import Envelope, Malformed, opened
from contracts.kinds import RETRACTED, kind_of
from contracts.topics import REGISTRY, SUPPORT
from services.registry.model import Refused
from services.registry.requests import (
    Amend,
    Annul,
    Convert,
    Dissolve,
    Evaluate,
    Register,
    ReportYear,
    Request,
    Resume,
    RetractYear,
    Suspend,
)

Offered = Request | ReportYear | Evaluate | Annul | RetractYear

_LIFE: Mapping[str, type[Request]] = {
    "cooperative.registered": Register,
    "cooperative.amended": Amend,
    "cooperative.suspended": Suspend,
    "cooperative.resumed": Resume,
    "cooperative.dissolved": Dissolve,
    "cooperative.converted": Convert,
}
_OFFERED: Mapping[str, type[Offered]] = {
    **_LIFE,
    "activity.reported": ReportYear,
    "cooperative.evaluated": Evaluate,
    "activity.reported.retracted": RetractYear,
    "cooperative.evaluated.retracted": RetractYear,
    **dict.fromkeys((f"{name}{RETRACTED}" for name in _LIFE), Annul),
}
_WHAT = {"activity.reported.retracted": "activity", "cooperative.evaluated.retracted": "evaluation"}
_SET_BY_THE_REGISTER = frozenset({"version"})


def offer(value: bytes, agency: str) -> tuple[Envelope, str, Offered] | Refused:
    """The envelope, the cooperative's code and the request; or why it is none.

    Raises:
        Malformed: it is no event, or its data is not what the request needs; says where.
    """
    envelope, data = opened(value)
    if envelope.agency not in ("", agency):
        return Refused(
            "other-agency",
            f"sự kiện ghi cơ quan {envelope.agency}, nhưng người gửi là {agency}",
            "Bỏ thuộc tính `agency`; hệ thống ghi theo bên gửi.",
        )
    model = _OFFERED.get(envelope.type)
    if model is None:
        return _not_offered(envelope.type)
    given = {name: data[name] for name in model.model_fields if name in data and name not in _set(model)}
    named = _named(model, envelope, data)
    try:
        request = model.model_validate(given | named)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join("cooperative" if part == "code" else str(part) for part in first["loc"])
        raise Malformed(f"/data/{place}", reason_of(first)) from error
    code = data.get("cooperative")
    if not isinstance(code, str):
        raise Malformed("/data/cooperative", "thiếu mã hợp tác xã")
    return envelope, code, request


def _not_offered(event_type: str) -> Refused:
    kind = kind_of(event_type)
    if kind is None:
        remedy = "Kiểm tra lại `type`; các loại ở docs/events.md."
        return Refused("not-offered", f"loại sự kiện `{event_type}` không có trong danh mục", remedy)
    remedy = {
        REGISTRY.speaker: "Sáp nhập, chia, tách: gửi yêu cầu qua HTTP.",
        SUPPORT.speaker: "Gửi loại này tới dịch vụ hỗ trợ.",
    }.get(kind.speaker, "Loại này do hệ thống phát, không nhận từ bên gửi; báo cáo kỳ gửi tới dịch vụ báo cáo.")
    return Refused("not-offered", f"sổ đăng ký không nhận loại `{event_type}` qua kênh này", remedy)


def _set(model: type[Offered]) -> frozenset[str]:
    """What the register sets by itself, but that a retraction has to name."""
    return frozenset() if model is Annul else _SET_BY_THE_REGISTER


def _named(model: type[Offered], envelope: Envelope, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of the request stands elsewhere in the event."""
    if model is RetractYear:
        return {"what": _WHAT[envelope.type]}
    if model is Annul:
        return {}
    return {"at": envelope.time.isoformat()} | ({"code": data.get("cooperative")} if model is Register else {})
