"""Tables of the Word document: heads repeat on every page, no row is torn apart, no band is left without its rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as DocumentType
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from services.reporting.document.opening import Opened
from services.reporting.document.outline import writable
from services.reporting.document.page import TEXT_WIDTH
from services.reporting.document.tables import Band, Cell, Column, Permille, Row, Table
from services.reporting.words import day, moment, number, permille

_TWIPS = 1440 / 2.54
_ALIGNED = {"number": "right", "percent": "right", "day": "center", "moment": "center"}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = "".join(
    f'<w:{side} w:w="{width}" w:type="dxa"/>'
    for side, width in (("top", 25), ("left", 60), ("bottom", 25), ("right", 60))
)
_PROPERTIES = (
    f"<w:tblPr><w:tblW w:w='{round(TEXT_WIDTH * _TWIPS)}' w:type='dxa'/><w:tblBorders>{_BORDERS}</w:tblBorders>"
    f"<w:tblLayout w:type='fixed'/><w:tblCellMar>{_MARGINS}</w:tblCellMar></w:tblPr>"
)


class Links:
    """Where numbers open; nowhere where no address is set."""

    def __init__(self, document: DocumentType, opened: Opened) -> None:
        self._document = document
        self._opened = opened

    def to(self, row: Row, index: int, column: Column) -> str | None:
        """The relationship that a hyperlink names."""
        target = row.link(index, column, self._opened)
        if target is None:
            return None
        return str(self._document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))


def grid(document: DocumentType, table: Table, links: Links) -> None:
    """The table at the end of the document."""
    xml = f"<w:tbl {nsdecls('w', 'r')}>{_PROPERTIES}{''.join(_inside(table, links))}</w:tbl>"
    document.element.body.insert_element_before(_parsed(xml), "w:sectPr")


def _parsed(xml: str) -> Any:
    return parse_xml(xml)


def _inside(table: Table, links: Links) -> Iterator[str]:
    shown = [table.columns[index] for index in table.on_paper]
    widths = [round(column.width * _TWIPS) for column in shown]
    yield f"<w:tblGrid>{''.join(f'<w:gridCol w:w={quoteattr(str(each))}/>' for each in widths)}</w:tblGrid>"
    heads = (_text(column.title, bold=True, align="center") for column in shown)
    yield _row("".join(map(_cell, widths, heads)), head=True)
    for row in table.rows:
        if isinstance(row, Band):
            whole = _text(row.text, bold=True, italic=row.level > 1, together=True)
            yield _row(_cell(sum(widths), whole, span=len(shown)))
        else:
            yield _row("".join(_cells(table, row, widths, links)))


def _cells(table: Table, row: Row, widths: list[int], links: Links) -> Iterator[str]:
    for index, across in zip(table.on_paper, widths, strict=True):
        column, value = table.columns[index], row.cells[index]
        link = links.to(row, index, column)
        yield _cell(across, _text(shown(value, column), align=_align(column), link=link))


def shown(value: Cell, column: Column) -> str:
    """A cell as people read it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case int():
            return number(value)
        case Permille():
            return permille(value.value)
        case datetime() if column.form == "moment":
            return moment(value)
        case _:
            return day(value)


def _align(column: Column) -> str:
    return "center" if column.title == "TT" else _ALIGNED.get(column.form, "left")


def _row(cells: str, *, head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _cell(across: int, paragraph: str, *, span: int = 1) -> str:
    spanning = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    look = f'<w:tcW w:w="{across}" w:type="dxa"/>{spanning}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{paragraph}</w:tc>"


def _text(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    together: bool = False,
    link: str | None = None,
) -> str:
    look = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(writable(text))}</w:t></w:r>'
    if link:
        run = f'<w:hyperlink r:id="{link}" w:history="1">{run}</w:hyperlink>'
    keep = "<w:keepNext/>" if together or (bold and align == "center") else ""
    return f'<w:p><w:pPr><w:pStyle w:val="ReportCell"/>{keep}<w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
