"""A Word document as it was produced, read part by part."""

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run


class Word:
    """The document; its body's parts in order, and what a run or paragraph really looks like."""

    def __init__(self, content: bytes) -> None:
        self.document = Document(io.BytesIO(content))
        self.body = list(self._body())

    def _body(self) -> Iterator[Paragraph | Table]:
        for element in self.document.element.body.iterchildren():
            if element.tag == qn("w:p"):
                yield Paragraph(element, self.document)
            elif element.tag == qn("w:tbl"):
                yield Table(element, self.document)

    @property
    def tables(self) -> list[Table]:
        return [part for part in self.body if isinstance(part, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Those of the body, outside tables."""
        return [part for part in self.body if isinstance(part, Paragraph)]

    @property
    def sections(self) -> list[Any]:
        return list(self.document.sections)

    def styled(self, *names: str) -> list[Paragraph]:
        return [paragraph for paragraph in self.paragraphs if style_of(paragraph).name in names]

    def line(self, pattern: str) -> Paragraph:
        """The only paragraph, in tables or outside, whose text matches."""
        cells = [one for table in self.tables[:3] for cell in table._cells for one in cell.paragraphs]
        found: list[Paragraph] = [one for one in (*self.paragraphs, *cells) if re.fullmatch(pattern, one.text)]
        assert len(found) == 1, (pattern, [one.text for one in found])
        return found[0]

    @property
    def grids(self) -> list[Table]:
        """The tables of the annexes."""
        return self.tables[3:]

    def links(self) -> Iterator[tuple[str, str]]:
        """Where its links lead, and the words that they stand on."""
        for link in self.document.element.body.iter(qn("w:hyperlink")):
            words = "".join(text.text or "" for text in link.iter(qn("w:t")))
            yield str(self.document.part.rels[link.get(qn("r:id"))].target_ref), words


def style_of(paragraph: Paragraph) -> Any:
    return paragraph.style


def look(paragraph: Paragraph) -> tuple[float, bool, bool]:
    """Size in points, bold, italic of the whole paragraph; fails where its runs differ."""
    looks = {_look(run, paragraph) for run in paragraph.runs if run.text.strip()}
    (found,) = looks
    return found


def _look(run: Run, paragraph: Paragraph) -> tuple[float, bool, bool]:
    style = style_of(paragraph)
    size: Length = run.font.size or style.font.size or style.base_style.font.size
    bold = run.bold if run.bold is not None else bool(style.font.bold)
    italic = run.italic if run.italic is not None else bool(style.font.italic)
    return size.pt, bold, italic


def format_of(paragraph: Paragraph, name: str) -> Any:
    """A property of the paragraph, its own or its style's."""
    own = getattr(paragraph.paragraph_format, name)
    return own if own is not None else getattr(style_of(paragraph).paragraph_format, name)


def ruled(paragraph: Paragraph, across: float) -> float | None:
    """How long the line under the paragraph is, in points, in a column of so many; None where it has none."""
    border = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    if border is None:
        return None
    assert border.get(qn("w:val")) == "single"
    form = paragraph.paragraph_format
    return float(across - form.left_indent.pt - form.right_indent.pt)
