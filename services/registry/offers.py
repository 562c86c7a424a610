"""What an agency's system says of a cooperative as an event, read as a request. Pure.

The event is of a kind that registry itself says later. Its data is what the request has; what the register sets by
itself (``version``, ``law``, the differences) may be there and is not looked at.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from chassis.wording import reason_of
from contracts.envelope import Envelope, Malformed, opened
from services.registry.model import Refused
from services.registry.requests import Alter, Amend, Convert, Dissolve, Register, Request, Resume, Suspend

_ALTERATIONS: Mapping[str, type[Alter]] = {
    "cooperative.amended": Amend,
    "cooperative.suspended": Suspend,
    "cooperative.resumed": Resume,
    "cooperative.dissolved": Dissolve,
    "cooperative.converted": Convert,
}
_SET_BY_THE_REGISTER = ("version",)


def offer(value: bytes, agency: str) -> tuple[Envelope, str, Request] | Refused:
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
    model: type[Request] | None = _ALTERATIONS.get(envelope.type)
    named: dict[str, Any] = {"at": envelope.time.isoformat()}
    if envelope.type == "cooperative.registered":
        model, named = Register, {**named, "code": data.get("cooperative")}
    if model is None:
        return Refused(
            "not-taken-back",
            f"sổ đăng ký không nhận loại `{envelope.type}`",
            "Sổ đăng ký không rút lại; gửi thay đổi, tạm ngừng, hoạt động trở lại hoặc giải thể.",
        )
    given = {name: data[name] for name in model.model_fields if name in data and name not in _SET_BY_THE_REGISTER}
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
