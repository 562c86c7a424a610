"""One row of a form: the values its cells mean, and everything that is wrong with it. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.workbook.cells import EMPTY, Cell, WrongCell, value_of
from chassis.workbook.layout import Column, Layout

EXAMPLE = "VÍ DỤ"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and how to mend it; ``column`` is the name of the column where it is in one."""

    code: str
    reason: str
    remedy: str
    column: str | None = None


@dataclass(frozen=True)
class Remark:
    """What is unusual about a row that is taken all the same; ``column`` as of a `Fault`."""

    code: str
    reason: str
    column: str | None = None


@dataclass(frozen=True)
class Row:
    """One row: its number in the sheet, the cells as they stood, the values they mean, what can't be taken."""

    number: int
    cells: Mapping[str, Cell]
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()
    example: bool = False


def row_of(layout: Layout, number: int, cells: Mapping[str, Cell], remark: str = "", merged: str = "") -> Row:
    """`remark` is what stands in the corner's column, `merged` a merged range that the row is in."""
    values: dict[str, Any] = {}
    faults = [_of_merged(merged)] if merged else []
    for column in layout.columns:
        try:
            value = _value(column, cells.get(column.name, EMPTY))
        except WrongCell as wrong:
            faults.append(Fault(wrong.code, wrong.reason, wrong.remedy, column.name))
        else:
            if value is not None:
                values[column.name] = value
    if remark.startswith(EXAMPLE):
        # The mark knows the example of an older template, the layout that of one with a column taken out.
        if remark == example_mark(values) or _there(values, cells) == _there(layout.example, cells):
            return Row(number, cells, values, example=True)
        faults.insert(0, _of_changed_example())
    return Row(number, cells, values, tuple(faults))


def empty(cells: Mapping[str, Cell]) -> bool:
    """Whether nothing is written in the row."""
    return all(cell.kind == "empty" or (cell.kind == "text" and not cell.value.strip()) for cell in cells.values())


def example_mark(values: Mapping[str, Any]) -> str:
    """What stands beside the invented row: a row so marked is passed by while its values are these."""
    digest = hashlib.blake2b(repr(sorted(values.items())).encode(), digest_size=3).hexdigest()
    return f"{EXAMPLE}: số liệu giả định, không được gửi ({digest})"


def _value(column: Column, cell: Cell) -> Any:
    value = value_of(column, cell)
    if value is None and column.required:
        raise WrongCell("missing", "chưa điền cột bắt buộc", column.hint or "Điền giá trị vào ô này.")
    return value


def _there(values: Mapping[str, Any], cells: Mapping[str, Cell]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if name in cells}


def _of_merged(merged: str) -> Fault:
    remedy = "Bỏ gộp ô (Unmerge Cells) rồi điền đủ từng ô."
    return Fault("merged", f"dòng có ô gộp {merged}, không rõ giá trị thuộc dòng nào", remedy)


def _of_changed_example() -> Fault:
    remedy = f"Nếu là số liệu thật, xóa chữ {EXAMPLE} ở cột đầu của dòng rồi gửi lại; nếu không, xóa cả dòng."
    return Fault("example-changed", "dòng ví dụ đã bị sửa", remedy)
