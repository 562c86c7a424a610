"""What agencies say, as a form: the columns of a kind, and the event that a row stands for. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

import msgspec

from catalogue.model import Unit
from catalogue.windows import VIETNAM
from chassis.workbook.columns import column_of
from chassis.workbook.layout import Choice, Column, Day, Layout, Text, Whole
from chassis.workbook.rows import Row
from contracts.envelope import read, write
from contracts.fields import fields_of
from contracts.golden import example
from contracts.kinds import RETRACTED, Kind
from contracts.shapes import Shape

SOURCE = "/workbooks"
"""The source of every event that came in a workbook: an agency's rows are known by their ids among each other."""

_HINTS: Mapping[str, str] = {
    "cooperative": "Mã trong sổ đăng ký, gồm chữ in hoa, chữ số, dấu chấm và gạch nối; ví dụ HTX-VANLANG.",
    "cooperatives": "Mã trong sổ đăng ký, ví dụ HTX-VANLANG, LHHTX-XULANG.",
    "unit": "Đơn vị có hiệu lực vào ngày của sự việc; để trống nếu là của toàn tỉnh.",
}
_SUBJECT = Column(
    "subject",
    "Mã hồ sơ, vụ việc",
    Text(128),
    required=True,
    hint="Mã do cơ quan tự đặt, mỗi sự việc một mã. Muốn sửa một dòng đã gửi: giữ nguyên mã này và tăng cột Lần sửa.",
)
_TIME = Column("time", "Ngày xảy ra", Day(), required=True, hint="Ngày sự việc xảy ra, không phải ngày nhập.")
_REVISION = Column(
    "revision", "Lần sửa", Whole(1, 2_147_483_647), hint="Để trống ở lần gửi đầu; ghi 2, 3… mỗi lần gửi lại để sửa."
)
_RETRACTED = Column(
    "retracted",
    "Lý do rút lại",
    Text(2_000),
    hint="Chỉ ghi khi muốn rút lại một dòng đã gửi: giữ nguyên dòng đó, tăng cột Lần sửa và ghi lý do.",
)
_ID = Column("id", "Mã sự kiện", Text(256), hint="Để trống: hệ thống tự đặt từ mã hồ sơ và lần sửa.")


def layout_of(kind: Kind, units: Iterable[Unit]) -> Layout:
    """The form of a kind, with these units to choose from."""
    proposed = {unit.code: unit.name for unit in units}
    columns = [
        column_of(field, name=f"data.{field.name}", hint=_HINTS.get(field.name, "")) for field in fields_of(kind)
    ]
    columns = [_of_units(column, proposed) if column.name == "data.unit" else column for column in columns]
    required = sorted(columns, key=lambda column: not column.required)
    columns = [_SUBJECT, _TIME, *required, _REVISION, _RETRACTED, _ID]
    return Layout(kind.name, kind.title, tuple(columns), _example(kind, proposed))


def event_of(kind: Kind, row: Row) -> bytes:
    """The event that a row without a fault stands for.

    Where the row names no id, it is made of subject, kind and revision: the same row sent again is the same event,
    and a corrected one is another.
    """
    said = row.values
    revision, reason = said.get("revision", 1), said.get("retracted")
    event_type = kind.name + (RETRACTED if reason else "")
    data = {name.removeprefix("data."): value for name, value in said.items() if name.startswith("data.")}
    attributes = {
        "specversion": "1.0",
        "id": said.get("id") or f"{said['subject']}/{event_type}/{revision}",
        "source": SOURCE,
        "type": event_type,
        "subject": said["subject"],
        "time": datetime.combine(said["time"], time.min, VIETNAM),
        "data": {"reason": reason} if reason else data,
    }
    return write(attributes | ({"revision": revision} if revision > 1 else {}))


def column_at(pointer: str, layout: Layout) -> str | None:
    """The column that a JSON pointer into the event leads to."""
    name = ".".join(pointer.split("/")[1:3])
    return name if name in layout.column else None


def says_the_same(sent: bytes, kept: bytes) -> bool:
    """Whether an event that came again says what was kept of it, into which the speaker's unit may have been filled."""
    one, other = read(sent), read(kept)
    data = one.data
    if isinstance(data, Shape) and isinstance(other.data, Shape) and data.unit is None:
        data = msgspec.structs.replace(data, unit=other.data.unit)
    return (one.envelope.type, one.envelope.subject, one.envelope.time, one.envelope.revision, data) == (
        other.envelope.type,
        other.envelope.subject,
        other.envelope.time,
        other.envelope.revision,
        other.data,
    )


def _of_units(column: Column, proposed: Mapping[str, str]) -> Column:
    return Column(column.name, column.title, Choice(proposed, open=True), hint=column.hint)


def _example(kind: Kind, units: Mapping[str, str]) -> dict[str, Any]:
    """The kind's kept example as a first statement; its unit is one that can be chosen."""
    event = example(kind)
    data = {f"data.{name}": value for name, value in event["data"].items()}
    if units:
        data["data.unit"] = next(iter(units))
    day = datetime.fromisoformat(event["time"]).date()
    return {"subject": event["subject"], "time": day, **data}
