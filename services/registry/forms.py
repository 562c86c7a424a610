"""The register's entries as a form: the columns of a request to register, and the request a row stands for. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from pydantic import ValidationError

from catalogue.model import Unit
from catalogue.windows import VIETNAM
from chassis.wording import reason_of
from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Layout, Text, Whole, YesNo
from chassis.workbook.rows import Fault, Row
from contracts.fields import fields_of
from contracts.kinds import KINDS
from contracts.labels import label_of
from services.registry.requests import Register

FORM = "cooperatives"

_KIND = KINDS["cooperative.registered"]
_EXACT = 9_007_199_254_740_991  # the largest whole number that JSON and Excel keep exactly
_TITLES: Mapping[str, str] = {
    "at": "Ngày đăng ký",
    "registration_number": "Số giấy chứng nhận đăng ký",
    "tax_number": "Mã số thuế",
    "representative": "Người đại diện theo pháp luật",
    "address": "Địa chỉ trụ sở",
    "industries": "Mã ngành, nghề (VSIC)",
}
_NOT_IN_A_ROW = frozenset({"products"})
"""What has parts of its own; it is told by an amendment."""

_NAMES: Mapping[str, str] = {"code": "cooperative"}
"""What the contract calls a request's field, where it is another name."""

_HINTS: Mapping[str, str] = {
    "at": "Ngày cấp giấy chứng nhận hoặc ngày có hiệu lực của việc đăng ký.",
    "code": "Mỗi HTX một mã, gồm chữ in hoa, chữ số, dấu chấm và gạch nối; ví dụ HTX-VANLANG.",
    "unit": "Đơn vị nơi đặt trụ sở, có hiệu lực vào ngày đăng ký.",
    "industries": "Mã ngành kinh tế Việt Nam, từ hai đến năm chữ số, cách nhau bằng dấu phẩy; ví dụ 0118, 4620.",
}
_EXAMPLE: Mapping[str, Any] = {
    "at": date(2021, 3, 2),
    "code": "HTX-VANLANG",
    "form": "htx",
    "name": "Hợp tác xã nông nghiệp Văn Lãng",
    "sector": "agriculture",
    "members": 27,
    "capital": 1_500_000_000,
    "industries": ["0118", "4620"],
}


def layout_of(units: Iterable[Unit]) -> Layout:
    """The form of the register, with these units to choose from."""
    proposed = {unit.code: unit.name for unit in units}
    schema = Register.model_json_schema()
    asked = {name: told for name, told in schema["properties"].items() if name not in _NOT_IN_A_ROW}
    columns = [_column(name, told, name in schema["required"], proposed) for name, told in asked.items()]
    required = tuple(sorted(columns, key=lambda column: (not column.required, column.name != "code")))
    example = dict(_EXAMPLE) | ({"unit": next(iter(proposed))} if proposed else {})
    return Layout(FORM, "Sổ đăng ký hợp tác xã", required, example)


def request_of(row: Row, layout: Layout) -> Register | tuple[Fault, ...]:
    """The request that a row without a fault stands for, or what is wrong with it."""
    values = {name: _moment(value) if name == "at" else value for name, value in row.values.items()}
    try:
        return Register.model_validate(values)
    except ValidationError as error:
        return tuple(_fault(wrong, layout) for wrong in error.errors())


def _fault(wrong: Mapping[str, Any], layout: Layout) -> Fault:
    column = layout.column.get(str(wrong["loc"][0])) if wrong["loc"] else None
    remedy = column.told if column else "Sửa dòng này rồi gửi lại."
    return Fault("invalid", reason_of(wrong), remedy, column.name if column else None)


def _moment(day: date) -> str:
    return datetime.combine(day, time.min, VIETNAM).isoformat()


def _column(name: str, schema: Mapping[str, Any], required: bool, units: Mapping[str, str]) -> Column:
    field = {field.name: field for field in fields_of(_KIND)}.get(_NAMES.get(name, name))
    title = _TITLES.get(name) or (field.title if field else "")
    holds = Choice(units, open=True) if name == "unit" else _holds(name, schema)
    return Column(name, title, holds, field.unit if field else "", required, _HINTS.get(name, ""))


def _holds(name: str, schema: Mapping[str, Any]) -> Holds:
    """What a column of this JSON schema holds; what may be absent is an empty cell."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _holds(name, one)
    match schema:
        case {"enum": [*codes]}:
            return Choice({code: label_of(_KIND.name, name, code) or code for code in codes})
        case {"type": "string", "format": "date" | "date-time"}:
            return Day()
        case {"type": "string"}:
            return Text(schema.get("maxLength", 64))
        case {"type": "integer"}:
            return Whole(schema.get("minimum", -_EXACT), schema.get("maximum", _EXACT))
        case {"type": "boolean"}:
            return YesNo()
        case {"type": "array", "items": {"type": "string"}}:
            return Codes()
        case other:
            raise TypeError(f"{name}: a cell can't hold {other}")
