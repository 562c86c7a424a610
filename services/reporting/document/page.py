"""The page and the styles of a Word document after decree 30/2020/NĐ-CP, Annex I."""

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Mm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
# In twentieths of a point, which is what a document keeps: A4, 20 mm above and below, 30 mm left, 15 mm right.
_PAPER = (Twips(11906), Twips(16838))
_ABOVE = _BELOW = Twips(1134)
_LEFT, _RIGHT = Twips(1701), Twips(851)
TEXT_WIDTH = round((_PAPER[0] - _LEFT - _RIGHT) / 360_000, 2)
"""In centimetres."""
PAGE_NUMBER = 14
BODY = 14
SMALL = 11
_IN_THE_MARGIN = Mm(10)


def blank() -> DocumentType:
    """An empty A4 page with the styles of a report."""
    document = Document()
    _fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = _PAPER
    section.top_margin, section.bottom_margin = _ABOVE, _BELOW
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    section.header_distance = section.footer_distance = _IN_THE_MARGIN
    _number_pages(section)
    _styles(document)
    return document


def annex(document: DocumentType) -> None:
    """Begin a new section on a new page, whose pages are numbered anew."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is None:  # a section begins as a copy of the one before
        numbering = OxmlElement("w:pgNumType")
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)
    numbering.set(qn("w:start"), "1")


def _fonts(document: DocumentType) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.widow_control = True


def _number_pages(section: Section) -> None:
    """In the middle of the top margin, but not on the first page of the section."""
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(PAGE_NUMBER)
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = " PAGE "
        run._r.append(part)


def _styles(document: DocumentType) -> None:
    text = _style(document, "Report Text", align=ALIGN.JUSTIFY, indent=1.27)
    text.paragraph_format.line_spacing = 1.15
    _style(document, "Report Part", bold=True, align=ALIGN.CENTER, before=12, after=0, outline=0)
    _style(document, "Report Part Title", bold=True, align=ALIGN.CENTER, outline=1)
    _style(document, "Report Section", bold=True, align=ALIGN.JUSTIFY, indent=1.27, outline=2)
    _style(document, "Report Clause", bold=True, align=ALIGN.JUSTIFY, indent=1.27, outline=3)
    _style(document, "Report Heading", align=ALIGN.CENTER, before=0, after=0)
    _style(document, "Annex Name", bold=True, align=ALIGN.CENTER, after=0, outline=0)
    _style(document, "Annex Title", bold=True, align=ALIGN.CENTER, after=0, size=13, outline=1)
    _style(
        document, "Annex Note", italic=True, align=ALIGN.CENTER, after=12, size=13
    ).paragraph_format.keep_with_next = True
    _style(document, "Report Copies", size=SMALL, before=0, after=0)
    _style(document, "Report Cell", size=SMALL, before=0, after=0)


def _style(
    document: DocumentType,
    name: str,
    *,
    size: int = BODY,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN = ALIGN.LEFT,
    indent: float = 0.0,
    before: int = 0,
    after: int = 6,
    outline: int | None = None,
) -> ParagraphStyle:
    style: ParagraphStyle = document.styles.add_style(name, 1)
    style.base_style = document.styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    form = style.paragraph_format
    form.alignment, form.first_line_indent = align, Cm(indent)
    form.space_before, form.space_after = Pt(before), Pt(after)
    if outline is not None:
        form.keep_with_next = True
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(outline))
        style.element.get_or_add_pPr().append(level)
    return style


def rule(paragraph: Paragraph, length: float, across: float) -> None:
    """Make an empty paragraph a solid line of so many points in the middle of a column of so many points."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(round((across - length) / 2, 1))
    form.line_spacing, form.space_after = Pt(3), Pt(3)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
