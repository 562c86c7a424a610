"""What stands above and below the words of a Word document: ô 1 to 9 of decree 30/2020/NĐ-CP, Annex I."""

from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from services.reporting.document.heading import Heading
from services.reporting.document.measure import width
from services.reporting.document.page import TEXT_WIDTH, rule

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT = 6.7
_POINTS = 72 / 2.54
_SHARE = 0.42
"""Of the text above it, a line is a third to a half."""
_GAP, _ROOM_TO_SIGN = 12, 68


def above(document: DocumentType, head: Heading) -> None:
    """Ô 1 to 5a and 9a."""
    (left, right), (number, place) = _two_columns(document, _LEFT, rows=2)
    letterhead = head.letterhead
    for line in letterhead.above:
        _line(left, line, 12)
    for line in letterhead.name:
        _line(left, line, 12, bold=True)
    _under(left, _SHARE * width(letterhead.name[-1], 12), _LEFT)
    _line(right, STATE, 12, bold=True)
    _line(right, MOTTO, 13, bold=True)
    _under(right, width(MOTTO, 13), TEXT_WIDTH - _LEFT)
    _line(number, head.symbol, 13)
    _line(place, head.place_and_date, 13, italic=True)
    _subject(document, head)
    _addressees(document, head)


def _subject(document: DocumentType, head: Heading) -> None:
    title = document.add_paragraph(style="Report Heading")
    title.paragraph_format.space_before = Pt(18)
    _run(title, "BÁO CÁO", 14, bold=True)
    for line in head.subject:
        _run(document.add_paragraph(style="Report Heading"), line, 14, bold=True)
    longest = min(max(width(line, 14) for line in head.subject), TEXT_WIDTH * _POINTS)
    rule(document.add_paragraph(style="Report Heading"), _SHARE * longest, TEXT_WIDTH * _POINTS)


def _addressees(document: DocumentType, head: Heading) -> None:
    """Ô 9a: one on the same line; several below each other."""
    names = [addressee.name for addressee in head.addressees]
    first = document.add_paragraph(style="Report Heading")
    first.paragraph_format.space_before = Pt(6)
    if len(names) == 1:
        _run(first, f"Kính gửi: {names[0]}", 14)
        first.paragraph_format.space_after = Pt(12)
        return
    first.alignment, first.paragraph_format.left_indent = ALIGN.LEFT, Cm(4.0)
    _run(first, "Kính gửi:", 14)
    for index, name in enumerate(names, start=1):
        line = document.add_paragraph(style="Report Heading")
        line.alignment, line.paragraph_format.left_indent = ALIGN.LEFT, Cm(6.0)
        _run(line, f"- {name}{'.' if index == len(names) else ';'}", 14)
    line.paragraph_format.space_after = Pt(12)


def below(document: DocumentType, head: Heading) -> None:
    """Ô 7a, 7b and 9b, never torn apart by the end of a page."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    ((left, right),) = _two_columns(document, TEXT_WIDTH / 2)
    _copies(left, head.recipients)
    for line in head.letterhead.authority:
        _line(right, line, 14, bold=True, before=0 if right.text else _GAP)
    _line(right, head.letterhead.signer or "", 14, bold=True, before=_ROOM_TO_SIGN)


def _copies(cell: _Cell, recipients: Sequence[str]) -> None:
    first = cell.paragraphs[0]
    first.style = "Report Copies"
    first.paragraph_format.space_before = Pt(_GAP)
    _run(first, "Nơi nhận:", 12, bold=True, italic=True)
    for index, recipient in enumerate(recipients, start=1):
        line = cell.add_paragraph(style="Report Copies")
        _run(line, f"- {recipient}{'.' if index == len(recipients) else ';'}", 11)


def _two_columns(document: DocumentType, left: float, rows: int = 1) -> list[tuple[_Cell, _Cell]]:
    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    for cell in table._cells:
        cell.paragraphs[0].style = "Report Heading"
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, across in zip(row.cells, (left, TEXT_WIDTH - left), strict=True):
            cell.width = Cm(across)
    for column, across in zip(table.columns, (left, TEXT_WIDTH - left), strict=True):
        column.width = Cm(across)
    return [(row.cells[0], row.cells[1]) for row in table.rows]


def _line(cell: _Cell, text: str, size: int, *, bold: bool = False, italic: bool = False, before: int = 0) -> None:
    paragraph = cell.paragraphs[0] if not cell.text else cell.add_paragraph(style="Report Heading")
    paragraph.paragraph_format.space_before = Pt(before)
    _run(paragraph, text, size, bold=bold, italic=italic)


def _under(cell: _Cell, length: float, across: float) -> None:
    rule(cell.add_paragraph(style="Report Heading"), length, across * _POINTS)


def _run(paragraph: Paragraph, text: str, size: int, *, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
