"""The documents of an invented 2021, opened by LibreOffice and looked at page by page."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue.model import Plan
from services.reporting.document import docx
from services.reporting.document.heading import heading
from services.reporting.document.letterhead import MOTTO
from tests.services.reporting.document.frozen import frozen
from tests.services.reporting.document.invented import play
from tests.services.reporting.document.pages import (
    MM,
    Page,
    as_pdf,
    fonts_of,
    longest_stroke,
    pages_of,
)
from tests.services.reporting.document.word import Word

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
DOCUMENTS = ("2021-Q2-consolidator", "2021-Q2-province", "2021-consolidator", "2021-province", "everything")
HEADINGS = ("Report Part", "Report Part Title", "Report Section", "Report Clause", "Annex Name", "Annex Title")
LEFT, RIGHT, BOTTOM = 30 * MM, 195 * MM, 277 * MM


@dataclass(frozen=True)
class Laid:
    """A document as it was produced and as it was laid out."""

    word: Word
    pdf: Path
    pages: list[Page]


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both documents of both periods as Word and workbook, and a Word document with all that there can be in one."""
    folder = tmp_path_factory.mktemp("office")
    asyncio.run(_write(plan, folder))
    view = frozen(plan)
    (folder / "everything.docx").write_bytes(docx.render(plan, view, heading(plan, view), "consolidator"))
    return folder


async def _write(plan: Plan, folder: Path) -> None:
    played = await play(plan, 5_600)
    for period in ("2021-Q2", "2021"):
        for sender in ("consolidator", "province"):
            for form in ("docx", "xlsx"):
                answer = await played.get(f"/v1/periods/{period}/consolidation.{form}?from={sender}")
                assert answer.status_code == 200, answer.text
                name = f"{period}-{sender}.docx" if form == "docx" else f"book-{period}-{sender}.xlsx"
                (folder / name).write_bytes(answer.content)
    await played.http.aclose()


@pytest.fixture(scope="module", params=DOCUMENTS)
def laid(folder: Path, request: pytest.FixtureRequest) -> Laid:
    document = folder / f"{request.param}.docx"
    pdf = as_pdf(document, folder)
    return Laid(Word(document.read_bytes()), pdf, pages_of(pdf))


def annexes_from(pages: list[Page]) -> int:
    """The page on which the first annex begins, from 0."""
    return next(number for number, page in enumerate(pages) if page.body[0].text.startswith("Phụ lục"))


def test_both_documents_open_without_repair(folder: Path, laid: Laid) -> None:
    assert 20 <= len(laid.pages) <= 70
    book = as_pdf(folder / "book-2021-Q2-province.xlsx", folder)
    assert len(pages_of(book)) >= 11


def test_one_font_is_used_throughout(laid: Laid) -> None:
    """Liberation Serif or Tinos, with the measures of Times New Roman, stands in for it where that is not installed;
    for Vietnamese letters that the stand-in lacks, DejaVu Serif does."""
    fonts = fonts_of(laid.pdf)
    assert any(font.startswith(("LiberationSerif", "TimesNewRoman", "Tinos")) for font in fonts)
    assert all(font.startswith(("LiberationSerif", "TimesNewRoman", "Tinos", "DejaVuSerif")) for font in fonts)


def test_page_numbers_stand_in_the_middle_of_the_top_margin(laid: Laid) -> None:
    number = 0
    for page in laid.pages:
        number = 1 if page.first else number + 1
        assert [line.text for line in page.margin] == ([] if page.first else [str(number)])
        for line in page.margin:
            assert abs((line.left + line.right) / 2 - (LEFT + RIGHT) / 2) < 2
    annexes = len(laid.word.styled("Annex Name"))
    assert sum(page.first for page in laid.pages) == 1 + annexes


def test_the_line_under_the_motto_is_as_long_as_it(laid: Laid) -> None:
    motto = next(line for line in laid.pages[0].body if MOTTO in line.text)
    stroke = longest_stroke(laid.pdf, 1, motto.bottom - 2, motto.bottom + 10, motto.left - 20, motto.right + 20)
    assert 0.93 <= stroke / (motto.right - motto.left) <= 1.07  # letters that stand in may be wider


def test_the_line_under_the_issuer_is_a_third_to_a_half_of_it(laid: Laid) -> None:
    name = laid.word.tables[0].rows[0].cells[0].paragraphs[-2].text
    issuer = next(line for line in laid.pages[0].body if line.text == name)
    stroke = longest_stroke(laid.pdf, 1, issuer.bottom - 2, issuer.bottom + 10, issuer.left, issuer.right)
    assert 1 / 3 <= stroke / (issuer.right - issuer.left) <= 1 / 2


def test_no_heading_is_the_last_line_of_a_page(laid: Laid) -> None:
    headings = [one.text for one in laid.word.styled(*HEADINGS)]
    begun = annexes_from(laid.pages)
    for page in laid.pages[:begun]:
        last = page.body[-1].text
        assert not [heading for heading in headings if len(last) > 8 and last in heading]


def test_a_tables_head_is_on_every_page_it_runs_over(laid: Laid) -> None:
    begun = annexes_from(laid.pages)
    assert len(laid.pages) - begun > 10
    for page in laid.pages[begun:]:
        heads = {line.text for line in page.body[:14]}
        assert any(text.startswith("TT") for text in heads), heads


def test_nothing_stands_in_the_margins(laid: Laid) -> None:
    for page in laid.pages:
        for line in page.body:
            assert line.left >= LEFT - 1, line
            assert line.right <= RIGHT + 1, line
            assert line.bottom <= BOTTOM + 1, line


def test_the_signing_block_is_whole_and_on_the_page_of_the_last_words(laid: Laid) -> None:
    (page,) = [page for page in laid.pages if any("./." in line.text for line in page.body)]
    text = "\n".join(line.text for line in page.body)
    authority = laid.word.tables[1].rows[0].cells[1].paragraphs[0].text
    assert "Nơi nhận:" in text
    assert "- Lưu: VT" in text
    assert authority in text
