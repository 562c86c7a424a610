"""A small form with a column of every sort, and workbooks of it as they come back from Excel."""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from chassis.workbook.layout import Choice, Codes, Column, Day, Layout, Text, Whole, YesNo
from chassis.workbook.package import Limits
from chassis.workbook.read import Filled, read
from chassis.workbook.rows import Row
from chassis.workbook.write import DATA, template

LIMITS = Limits(rows=50, columns=20, unpacked=1_000_000)
UNITS = {"178": "Thành phố Lạng Sơn", "05977": "Phường Đông Kinh"}
FORM = Layout(
    "thing.done",
    "Việc đã làm",
    (
        Column("code", "Mã", Text(32), required=True),
        Column("day", "Ngày", Day()),
        Column("people", "Số người", Whole(0, 1_000_000), "người"),
        Column("level", "Cấp", Choice({"district": "Cấp huyện", "province": "Cấp tỉnh"})),
        Column("unit", "Đơn vị", Choice(UNITS, open=True)),
        Column("new", "Lần đầu", YesNo()),
        Column("members", "Các mã", Codes()),
    ),
    {"code": "VD-1", "day": date(2021, 7, 12), "people": 4, "level": "province", "members": ["A", "B"]},
)
FIRST = 4
"""The number of the first row of data."""

Change = Callable[[Worksheet], None]


def filled(*rows: Sequence[Any], change: Change = lambda sheet: None, form: Layout = FORM) -> bytes:
    """The template with rows as a clerk types them (values in the columns' order), and changed further."""
    book = openpyxl.load_workbook(io.BytesIO(template(form, rows=20)))
    sheet = book[DATA]
    for number, row in enumerate(rows, start=FIRST):
        for index, value in enumerate(row, start=2):
            sheet.cell(number, index, value)
    change(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def taken(content: bytes, limits: Limits = LIMITS) -> Filled:
    return read(content, {FORM.name: FORM}.get, limits)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """What Excel keeps for a day: no zone."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


def data(content: bytes) -> list[Row]:
    """The rows that came back, without the example."""
    return [row for row in taken(content).rows if not row.example]
