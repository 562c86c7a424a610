"""The consolidated report as a workbook: the same figures in typed cells, a sheet for each section, contents first."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from catalogue.model import Plan
from catalogue.windows import VIETNAM
from services.reporting.document import annexes, registers
from services.reporting.document.heading import Heading, Sender
from services.reporting.document.opening import Opened, closed
from services.reporting.document.outline import writable
from services.reporting.document.package import steady
from services.reporting.document.paper_view import decree_last_day
from services.reporting.document.tables import Band, Cell, Column, Permille, Row, Table
from services.reporting.views import ConsolidationView
from services.reporting.words import moment

CONTENTS = "Mục lục"
_HEADS = 2
_FONT: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_BOX = {**_FONT, "border": 1}
_FORMS: dict[str, dict[str, Any]] = {
    "title": {**_FONT, "bold": True, "font_size": 14},
    "note": {**_FONT, "text_wrap": True},
    "bold": {**_FONT, "bold": True},
    "link": {**_BOX, "font_color": "#0563C1", "underline": 1},
    "head": {**_BOX, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF4"},
    "band": {**_BOX, "bold": True, "text_wrap": True, "bg_color": "#F3F6F9"},
    "text": {**_BOX, "text_wrap": True},
    "number": {**_BOX, "num_format": "#,##0"},
    "percent": {**_BOX, "num_format": "0.0%"},
    "day": {**_BOX, "num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {**_BOX, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}
_A4 = 9


@dataclass
class _Book:
    """The workbook and its cell formats."""

    workbook: Workbook
    formats: dict[str, Format] = field(default_factory=dict)

    def form(self, name: str) -> Format:
        if name not in self.formats:
            self.formats[name] = self.workbook.add_format(_FORMS[name])
        return self.formats[name]

    def sheet(self, name: str) -> Worksheet:
        """An empty sheet that prints on A4, as wide as the page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.6, right=0.4, top=0.8, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_header('&C&"Times New Roman,Regular"&12&P/&N')
        return sheet


def render(plan: Plan, frozen: ConsolidationView, head: Heading, sender: Sender, opened: Opened = closed) -> bytes:
    """The workbook's bytes: the same for the same report. ``opened`` tells where numbers open."""
    buffer = io.BytesIO()
    book = _Book(Workbook(buffer, {"in_memory": True, "remove_timezone": True, "strings_to_urls": False}))
    title, at = " ".join(head.subject), frozen.consolidated_at.replace(tzinfo=None)
    book.workbook.set_properties({"title": title, "author": head.issuer, "created": at})
    tables = [
        *annexes.figures(plan, frozen),
        registers.register(frozen),
        registers.tasks(frozen),
        registers.task_duties(frozen),
        registers.year(frozen),
        *annexes.words(frozen),
        annexes.obstacles(frozen),
        annexes.restatements(plan, frozen),
        annexes.discrepancies(frozen),
    ]
    _contents(book, frozen, head, sender, tables)
    for table in tables:
        _table(book, table.compact(), opened)
    book.workbook.close()
    return steady(buffer.getvalue())


def _contents(book: _Book, frozen: ConsolidationView, head: Heading, sender: Sender, tables: Sequence[Table]) -> None:
    """What the workbook belongs to, and where what stands."""
    sheet = book.sheet(CONTENTS)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 78)
    sheet.set_column(2, 2, 12)
    sheet.write_string(0, 0, " ".join(head.subject), book.form("title"))
    row = 2
    for name, told in _facts(frozen, head, sender):
        sheet.write_string(row, 0, name, book.form("bold"))
        sheet.write_string(row, 1, writable(told), book.form("note"))
        row += 1
    row += 1
    for column, name in enumerate(("Trang tính", "Nội dung", "Số dòng")):
        sheet.write_string(row, column, name, book.form("head"))
    for table in tables:
        row += 1
        sheet.write_url(row, 0, f"internal:'{table.name}'!A1", book.form("link"), table.name)
        sheet.write_string(row, 1, table.title, book.form("text"))
        sheet.write_number(row, 2, sum(isinstance(one, Row) for one in table.rows), book.form("number"))


def _facts(frozen: ConsolidationView, head: Heading, sender: Sender) -> list[tuple[str, str]]:
    unsure = [one.name for one in head.addressees if not one.certain]
    if head.letterhead.certainty != "sourced":
        unsure.append("ký hiệu, thể thức ký, nơi nhận")
    facts = [
        ("Cơ quan báo cáo", head.issuer),
        ("Nơi nhận báo cáo", head.named),
        ("Số, ký hiệu", head.symbol.removeprefix("Số:").strip()),
        ("Địa danh, ngày tháng", head.place_and_date),
        ("Tổng hợp lúc", f"{moment(frozen.consolidated_at)} (lần {frozen.version})"),
        ("Mã băm SHA-256", frozen.digest),
    ]
    if unsure:
        facts.append(("Cần kiểm tra trước khi ký", "; ".join(unsure)))
    if sender == "province":
        told = f"{decree_last_day(head):%d/%m/%Y}, trừ trường hợp có quy định khác (Điều 13 Nghị định 09/2019/NĐ-CP)"
        facts.append(("Hạn gửi theo Nghị định", told))
    return facts


def _table(book: _Book, table: Table, opened: Opened) -> None:
    sheet = book.sheet(table.name)
    last = len(table.columns) - 1
    sheet.write_string(0, 0, table.title, book.form("title"))
    sheet.write_url(1, 0, f"internal:'{CONTENTS}'!A1", book.form("link"), CONTENTS)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.wide)
        sheet.write_string(_HEADS, index, column.title, book.form("head"))
    sheet.freeze_panes(_HEADS + 1, 0)
    sheet.repeat_rows(_HEADS)
    for number, row in enumerate(table.rows, start=_HEADS + 1):
        if isinstance(row, Band):
            sheet.merge_range(number, 0, number, last, row.text, book.form("band"))
        else:
            for index, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
                _write(book, sheet, (number, index), column, value, row.link(index, column, opened))
    if not table.rows:
        sheet.merge_range(_HEADS + 1, 0, _HEADS + 1, last, "Không có.", book.form("text"))


def _write(
    book: _Book, sheet: Worksheet, place: tuple[int, int], column: Column, value: Cell, address: str | None
) -> None:
    match value:
        case None:
            sheet.write_blank(*place, None, book.form("text"))
        case str():
            sheet.write_string(*place, writable(value), book.form("text"))
        case int():
            if address:  # the cell stays a number, and leads on
                sheet.write_url(*place, address, book.form("number"))
            sheet.write_number(*place, value, book.form("number"))
        case Permille():
            sheet.write_number(*place, value.value / 1000, book.form("percent"))
        case datetime():
            sheet.write_datetime(*place, value.astimezone(VIETNAM), book.form(column.form))
        case date():
            sheet.write_datetime(*place, datetime(value.year, value.month, value.day), book.form(column.form))  # noqa: DTZ001
