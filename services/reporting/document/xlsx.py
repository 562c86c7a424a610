"""The consolidated report as a workbook: the same figures in typed cells."""

import io

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from catalogue.model import Plan
from catalogue.windows import VIETNAM, Period
from services.reporting.document.content import heading, sections
from services.reporting.views import ConsolidationView
from services.reporting.words import STATES, period_name, punctuality


class _Sheets:
    """The workbook and its cell formats."""

    def __init__(self, buffer: io.BytesIO) -> None:
        self.workbook = Workbook(buffer, {"in_memory": True, "remove_timezone": True})
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.title = self._format({**font, "bold": True, "font_size": 14})
        self.head = self._format({**font, "bold": True, "border": 1, "text_wrap": True, "bg_color": "#E8EEF4"})
        self.text = self._format({**font, "border": 1, "text_wrap": True})
        self.number = self._format({**font, "border": 1, "num_format": "#,##0"})
        self.moment = self._format({**font, "border": 1, "num_format": "dd/mm/yyyy hh:mm"})

    def _format(self, properties: dict[str, object]) -> Format:
        return self.workbook.add_format(properties)

    def sheet(self, name: str, title: str, columns: list[tuple[str, int]]) -> Worksheet:
        """A sheet with its title in the first row and its column heads in the third."""
        sheet = self.workbook.add_worksheet(name)
        sheet.write(0, 0, title, self.title)
        for index, (head, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write(2, index, head, self.head)
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def render(plan: Plan, frozen: ConsolidationView) -> bytes:
    """The workbook's bytes."""
    buffer = io.BytesIO()
    sheets = _Sheets(buffer)
    head = heading(plan, frozen)
    sheets.workbook.set_properties(
        {"title": head.subject, "author": head.issuer, "created": frozen.consolidated_at.replace(tzinfo=None)}
    )
    _figures(sheets, plan, frozen)
    _register(sheets, frozen)
    sheets.workbook.close()
    return buffer.getvalue()


def _figures(sheets: _Sheets, plan: Plan, frozen: ConsolidationView) -> None:
    title = f"Kết quả thực hiện nhiệm vụ {period_name(Period.parse(frozen.period))}"
    columns = [("Mã", 12), ("Nhiệm vụ", 45), ("Chỉ tiêu", 45), ("Đơn vị tính", 12), ("Kết quả", 20)]
    sheet = sheets.sheet("Số liệu", title, [*columns, ("Đã báo cáo", 12), ("Phải báo cáo", 12)])
    row = 3
    for section_title, tasks in sections(plan, frozen.summary.tasks):
        sheet.merge_range(row, 0, row, 6, section_title, sheets.head)
        row += 1
        for task in tasks:
            for figure in task.indicators:
                for column, text in enumerate((task.code, task.title, figure.title, figure.unit)):
                    sheet.write_string(row, column, text, sheets.text)
                for column, value in enumerate((figure.value, figure.agencies.in_, figure.agencies.expected), start=4):
                    sheet.write_number(row, column, value, sheets.number)
                row += 1


def _register(sheets: _Sheets, frozen: ConsolidationView) -> None:
    columns = [
        ("Mã", 12),
        ("Cơ quan, đơn vị", 45),
        ("Hạn cuối", 20),
        ("Nộp lúc", 20),
        ("Kết quả", 18),
        ("Thời hạn", 14),
    ]
    sheet = sheets.sheet("Sổ báo cáo", f"Sổ theo dõi báo cáo {period_name(Period.parse(frozen.period))}", columns)
    for row, duty in enumerate(frozen.register_.duties, start=3):
        sheet.write_string(row, 0, duty.agency, sheets.text)
        sheet.write_string(row, 1, duty.name, sheets.text)
        sheet.write_datetime(row, 2, duty.last_moment.astimezone(VIETNAM), sheets.moment)
        if duty.submitted_at:
            sheet.write_datetime(row, 3, duty.submitted_at.astimezone(VIETNAM), sheets.moment)
        else:
            sheet.write_blank(row, 3, None, sheets.text)
        sheet.write_string(row, 4, STATES[duty.state], sheets.text)
        sheet.write_string(row, 5, punctuality(duty.on_time, duty.overdue), sheets.text)
