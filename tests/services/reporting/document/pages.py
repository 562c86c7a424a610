"""Documents as LibreOffice lays them out, page by page: words and lines with their places, fonts, what is inked."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_TAG = "{http://www.w3.org/1999/xhtml}"
_DPI = 144
_SPACE = 1.2
MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """Some words in one line; its place in points from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    lines: tuple[Line, ...]

    @property
    def body(self) -> list[Line]:
        """Without what stands in the top margin."""
        return sorted((line for line in self.lines if line.top >= 19 * MM), key=lambda line: (line.top, line.left))

    @property
    def margin(self) -> list[Line]:
        return [line for line in self.lines if line.top < 19 * MM]

    @property
    def first(self) -> bool:
        """Whether a document or an annex begins here."""
        return bool(re.match(r"Phụ lục( [IVX]+)?$|UBND TỈNH|ỦY BAN NHÂN DÂN$", self.body[0].text))


def as_pdf(document: Path, folder: Path) -> Path:
    """The document as PDF, laid out by a LibreOffice of its own."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    pdf = folder / f"{document.stem}.pdf"
    assert pdf.exists(), done.stdout + done.stderr
    return pdf


def pages_of(pdf: Path) -> list[Page]:
    told = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], capture_output=True, check=True).stdout
    tree = ElementTree.fromstring(told)  # noqa: S314
    return [Page(tuple(map(_line, page.iter(f"{_TAG}line")))) for page in tree.iter(f"{_TAG}page")]


def _line(line: ElementTree.Element) -> Line:
    text, end = "", 0.0
    for word in line.iter(f"{_TAG}word"):  # a letter that comes from a font that stands in is a word of its own
        begins = float(word.attrib["xMin"])
        text += (" " if text and begins - end > _SPACE else "") + (word.text or "")
        end = float(word.attrib["xMax"])
    return Line(text, *(float(line.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax")))


def fonts_of(pdf: Path) -> set[str]:
    told = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout
    return {row.split()[0].partition("+")[2] for row in told.splitlines()[2:]}


def longest_stroke(pdf: Path, page: int, top: float, bottom: float, left: float, right: float) -> float:
    """The longest line without a gap that is inked on the page in a rectangle, in points."""
    command = ["pdftoppm", "-r", str(_DPI), "-gray", "-f", str(page), "-l", str(page), str(pdf)]
    image = subprocess.run(command, capture_output=True, check=True).stdout
    _, size, _, rows = image.split(b"\n", 3)
    width = int(size.split()[0])
    scale = _DPI / 72
    strokes = [0]
    for y in range(int(top * scale), int(bottom * scale) + 1):
        row = rows[y * width + int(left * scale) : y * width + int(right * scale)]
        inked = bytes(1 if shade < 215 else 0 for shade in row)
        strokes += [len(stroke) for stroke in inked.split(b"\0")]
    return max(strokes) / scale
