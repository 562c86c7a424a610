"""The consolidated report as a Word document (fonts, margins and heading after decree 30/2020/NĐ-CP, Annex I)."""

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell

from catalogue.model import Plan
from catalogue.windows import Period, local_day
from services.reporting.document.content import Heading, heading, late, leads, not_in, sections
from services.reporting.summary_views import TaskView
from services.reporting.views import ConsolidationView, RegisterEntryView
from services.reporting.words import day, long_date, moment, number, period_name, punctuality

FONT = "Times New Roman"
_NUMBER = re.compile(r"-?[\d./]+")


def render(plan: Plan, frozen: ConsolidationView) -> bytes:
    """The document's bytes."""
    document = _blank()
    head = heading(plan, frozen)
    _letterhead(document, head, frozen)
    _overview(document, frozen)
    _results(document, plan, frozen)
    _register(document, frozen)
    _closing(document, head)
    buffer = io.BytesIO()
    document.core_properties.author = head.issuer
    document.core_properties.title = head.subject
    document.core_properties.created = document.core_properties.modified = frozen.consolidated_at.replace(tzinfo=None)
    document.save(buffer)
    return buffer.getvalue()


def _blank() -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    return document


def _line(cell: _Cell, text: str, *, size: int = 13, bold: bool = False, italic: bool = False) -> None:
    paragraph = cell.paragraphs[0] if not cell.text else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _letterhead(document: DocumentType, head: Heading, frozen: ConsolidationView) -> None:
    left, right = _two_columns(document, (6.0, 10.5))
    _line(left, head.above, size=12)
    _line(left, head.issuer, size=12, bold=True)
    _line(left, head.symbol)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    _line(right, f"{head.place}, {long_date(frozen.consolidated_at)}", italic=True)
    _centred(document, head.title, 14)
    _centred(document, head.subject, 13)
    _centred(document, f"Kính gửi: {head.addressee}", 13, bold=False)


def _two_columns(document: DocumentType, widths: Sequence[float]) -> Sequence[_Cell]:
    table = document.add_table(rows=1, cols=2)
    _set_widths(table, widths)
    left, right = table.rows[0].cells
    return left, right


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    """Centimetres, on columns and cells alike: Word reads the one, LibreOffice the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _centred(document: DocumentType, text: str, size: int, *, bold: bool = True) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _heading(document: DocumentType, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(text).bold = True


def _text(document: DocumentType, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1)


def _overview(document: DocumentType, frozen: ConsolidationView) -> None:
    counts, window = frozen.register_.counts, frozen.summary.window
    _heading(document, "I. TÌNH HÌNH BÁO CÁO CỦA CÁC CƠ QUAN, ĐƠN VỊ")
    _text(
        document,
        f"Số liệu {period_name(Period.parse(frozen.period))} được chốt từ ngày {day(window.first_day)} đến ngày "
        f"{day(window.last_day)} theo Nghị định số 09/2019/NĐ-CP, tổng hợp lúc {moment(frozen.consolidated_at)}.",
    )
    _text(
        document,
        f"Trong số {counts['expected']} cơ quan, đơn vị có nhiệm vụ báo cáo, {counts['activity']} đơn vị báo cáo có "
        f"hoạt động, {counts['nil']} đơn vị không phát sinh, {counts['excused']} đơn vị được miễn, "
        f"{counts['missing']} đơn vị chưa báo cáo; {counts['on_time']} báo cáo đúng hạn, "
        f"{counts['late']} báo cáo muộn.",
    )
    _named(document, "Đơn vị báo cáo muộn", late(frozen))
    _named(document, "Đơn vị chưa báo cáo", not_in(frozen))
    if frozen.remarks:
        _text(document, frozen.remarks)


def _named(document: DocumentType, title: str, duties: list[RegisterEntryView]) -> None:
    if duties:
        _text(document, f"{title}: {'; '.join(duty.name for duty in duties)}.")


def _results(document: DocumentType, plan: Plan, frozen: ConsolidationView) -> None:
    _heading(document, "II. KẾT QUẢ THỰC HIỆN NHIỆM VỤ")
    for title, tasks in sections(plan, frozen.summary.tasks):
        _heading(document, title)
        for task in tasks:
            _task(document, plan, task)


def _task(document: DocumentType, plan: Plan, task: TaskView) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(f"{task.code}. {task.title}").bold = True
    paragraph.add_run(f" ({leads(plan, task)})").italic = True
    _table(
        document,
        ("Chỉ tiêu", "Đơn vị tính", "Kết quả", "Đơn vị đã báo cáo"),
        [
            (figure.title, figure.unit, number(figure.value), f"{figure.agencies.in_}/{figure.agencies.expected}")
            for figure in task.indicators
        ],
        (8.5, 2.5, 3.5, 2.0),
    )


def _register(document: DocumentType, frozen: ConsolidationView) -> None:
    _heading(document, "III. SỔ THEO DÕI BÁO CÁO")
    _table(
        document,
        ("Cơ quan, đơn vị", "Hạn cuối", "Nộp lúc", "Tình trạng"),
        [
            (
                duty.name,
                day(local_day(duty.last_moment)),
                moment(duty.submitted_at) if duty.submitted_at else "Chưa báo cáo",
                punctuality(duty.on_time, duty.overdue),
            )
            for duty in frozen.register_.duties
        ],
        (7.5, 2.5, 4.0, 2.5),
    )


def _table(
    document: DocumentType, titles: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(titles), style="Table Grid")
    _set_widths(table, widths)
    for row, texts in zip(table.rows, (titles, *rows), strict=True):
        _row(row.cells, texts, bold=texts is titles)
    heads = table.rows[0]._tr.get_or_add_trPr()
    heads.append(OxmlElement("w:tblHeader"))  # repeated on every page the table runs over
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(cells: Sequence[_Cell], texts: Sequence[str], *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if not bold and _NUMBER.fullmatch(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(11)


def _closing(document: DocumentType, head: Heading) -> None:
    _text(document, f"Trên đây là báo cáo của {head.issuer_name}, kính trình {head.addressee} xem xét./.")
    left, right = _two_columns(document, (8.0, 8.5))
    for text, bold in (("Nơi nhận:", True), ("- Như trên;", False), ("- Lưu: VT.", False)):
        paragraph = left.paragraphs[0] if not left.text else left.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(12 if bold else 11), bold, bold
    _line(right, head.signer, bold=True)
