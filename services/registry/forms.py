"""The register's forms: the columns of what can be asked of a cooperative, and the request a row stands for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import ValidationError

from catalogue.model import Unit
from catalogue.windows import VIETNAM
from chassis.wording import reason_of
from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Layout, Text, Whole, YesNo
from chassis.workbook.rows import Fault, Row
from contracts.fields import fields_of
from contracts.kinds import KINDS, Kind
from contracts.labels import label_of
from services.registry.requests import (
    Amend,
    Convert,
    Dissolve,
    Evaluate,
    Register,
    ReportYear,
    Resume,
    Suspend,
)

_EXACT = 9_007_199_254_740_991  # the largest whole number that JSON and Excel keep exactly
_TITLES: Mapping[str, str] = {
    "at": "Ngày có hiệu lực",
    "reason": "Lý do",
    "registration_number": "Số giấy chứng nhận đăng ký",
    "tax_number": "Mã số thuế",
    "representative": "Người đại diện theo pháp luật",
    "address": "Địa chỉ trụ sở",
    "industries": "Mã ngành, nghề (VSIC)",
}
_NOT_IN_A_ROW = frozenset({"products", "version"})
"""What has parts of its own, and is told over HTTP; and what a clerk with a file cannot know."""

_NAMES: Mapping[str, str] = {"code": "cooperative"}
"""What the contract calls a request's field, where it is another name."""

_HINTS: Mapping[str, str] = {
    "at": "Ngày cấp giấy chứng nhận hoặc ngày nội dung này có hiệu lực, không phải ngày nhập.",
    "code": "Mỗi HTX một mã, gồm chữ in hoa, chữ số, dấu chấm và gạch nối; ví dụ HTX-VANLANG.",
    "unit": "Đơn vị nơi đặt trụ sở, có hiệu lực vào ngày đăng ký.",
    "industries": "Mã ngành kinh tế Việt Nam, từ hai đến năm chữ số, cách nhau bằng dấu phẩy; ví dụ 0118, 4620.",
}
_CODE = "HTX-VANLANG"
_DAY = date(2021, 3, 2)

Asking = Register | Amend | Suspend | Resume | Dissolve | Convert | ReportYear | Evaluate
"""What a row can ask for: everything that is told of one cooperative by itself."""


@dataclass(frozen=True)
class Form:
    """A form of the register: the kind that its rows are told as, what a row asks for, an example."""

    kind: Kind
    asks: type[Asking]
    example: Mapping[str, Any]


_FORMS = (
    Form(
        KINDS["cooperative.registered"],
        Register,
        {
            "form": "htx",
            "name": "Hợp tác xã nông nghiệp Văn Lãng",
            "sector": "agriculture",
            "members": 27,
            "capital": 1_500_000_000,
            "industries": ["0118", "4620"],
        },
    ),
    Form(KINDS["cooperative.amended"], Amend, {"members": 31, "capital": 1_800_000_000}),
    Form(KINDS["cooperative.suspended"], Suspend, {"reason": "Chờ sửa chữa nhà xưởng"}),
    Form(KINDS["cooperative.resumed"], Resume, {}),
    Form(KINDS["cooperative.dissolved"], Dissolve, {"reason": "Đại hội thành viên quyết định giải thể"}),
    Form(KINDS["cooperative.converted"], Convert, {"form": "htx"}),
    Form(
        KINDS["activity.reported"],
        ReportYear,
        {
            "year": 2021,
            "estimate": False,
            "revenue": 2_400_000_000,
            "revenue_from_members": 900_000_000,
            "profit": 150_000_000,
            "wages": 620_000_000,
            "workers": 12,
        },
    ),
    Form(KINDS["cooperative.evaluated"], Evaluate, {"year": 2021, "grade": "fair", "score": 72}),
)
FORMS: Mapping[str, Form] = {form.kind.name: form for form in _FORMS}
"""The forms by the kind that their rows are told as."""


def layout_of(form: Form, units: Iterable[Unit]) -> Layout:
    """The form, with these units to choose from."""
    proposed = {unit.code: unit.name for unit in units}
    schema = form.asks.model_json_schema()
    asked = {name: told for name, told in schema["properties"].items() if name not in _NOT_IN_A_ROW}
    if "code" not in asked:
        asked = {"code": Register.model_json_schema()["properties"]["code"], **asked}
    needed = {"code", *schema["required"]}
    columns = [_column(form.kind, name, told, name in needed, proposed) for name, told in asked.items()]
    required = tuple(sorted(columns, key=lambda column: (not column.required, column.name != "code")))
    unit = {"unit": next(iter(proposed))} if proposed and form.asks is Register else {}
    example = {"code": _CODE, "at": _DAY, **form.example, **unit}
    return Layout(form.kind.name, form.kind.title, required, example)


@dataclass(frozen=True)
class Asked:
    """What a row asks for, of which cooperative, in which form."""

    form: str
    code: str
    request: Asking


def request_of(row: Row, layout: Layout) -> Asked | tuple[Fault, ...]:
    """What a row without a fault asks for, or what is wrong with it."""
    asks = FORMS[layout.name].asks
    values = {name: _moment(value) if name == "at" else value for name, value in row.values.items()}
    code = str(values["code"])
    if "code" not in asks.model_fields:
        del values["code"]
    try:
        return Asked(layout.name, code, asks.model_validate(values))
    except ValidationError as error:
        return tuple(_fault(wrong, layout) for wrong in error.errors())


def _fault(wrong: Mapping[str, Any], layout: Layout) -> Fault:
    column = layout.column.get(str(wrong["loc"][0])) if wrong["loc"] else None
    remedy = column.told if column else "Sửa dòng này rồi gửi lại."
    return Fault("invalid", reason_of(wrong), remedy, column.name if column else None)


def _moment(day: date) -> str:
    return datetime.combine(day, time.min, VIETNAM).isoformat()


def _column(kind: Kind, name: str, schema: Mapping[str, Any], required: bool, units: Mapping[str, str]) -> Column:
    field = {field.name: field for field in fields_of(kind)}.get(_NAMES.get(name, name))
    title = _TITLES.get(name) or (field.title if field else "")
    holds = Choice(units, open=True) if name == "unit" else _holds(kind, name, schema)
    return Column(name, title, holds, field.unit if field else "", required, _HINTS.get(name, ""))


def _holds(kind: Kind, name: str, schema: Mapping[str, Any]) -> Holds:
    """What a column of this JSON schema holds; what may be absent is an empty cell."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _holds(kind, name, one)
    match schema:
        case {"enum": [*codes]}:
            return Choice({code: label_of(kind.name, name, code) or code for code in codes})
        case {"const": str(code)}:
            return Choice({code: label_of(kind.name, name, code) or code})
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
