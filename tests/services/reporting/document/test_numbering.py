"""How content is numbered, annexes, tables: decree 30/2020/NĐ-CP, Annex I, V and VI (docs/documents.md)."""

import re

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn

from catalogue.model import Plan
from services.reporting.document import docx
from services.reporting.document.heading import heading
from tests.services.reporting.document.frozen import frozen
from tests.services.reporting.document.word import Word, format_of, look, style_of

NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@pytest.fixture(scope="module")
def word(plan: Plan) -> Word:
    view = frozen(plan)
    return Word(docx.render(plan, view, heading(plan, view), "consolidator"))


def test_parts_are_roman_on_a_line_of_their_own_with_the_title_below(word: Word) -> None:
    parts, titles = word.styled("Report Part"), word.styled("Report Part Title")
    assert [one.text for one in parts] == ["Phần I", "Phần II", "Phần III"]
    for one in (*parts, *titles):
        assert look(one) in ((13, True, False), (14, True, False))
        assert format_of(one, "alignment") == ALIGN.CENTER
    assert all(one.text == one.text.upper() for one in titles)


def test_sections_are_roman_and_in_capitals(word: Word) -> None:
    sections = [one.text for one in word.styled("Report Section")]
    assert [one.split(" ")[0] for one in sections] == [
        *["I.", "II.", "III.", "IV."],
        *["I.", "II.", "III.", "IV.", "V."],
        "I.",
        "II.",
    ]
    assert all(one == one.upper() for one in sections)
    assert {look(one) for one in word.styled("Report Section")} == {(14, True, False)}


def test_clauses_are_arabic_and_bold_where_they_have_a_title(word: Word) -> None:
    numbers = [int(one.text.split(".")[0]) for one in word.styled("Report Clause")]
    starts = [index for index, number in enumerate(numbers) if number == 1]
    runs = [numbers[first:after] for first, after in zip(starts, [*starts[1:], len(numbers)], strict=True)]
    assert runs == [list(range(1, len(run) + 1)) for run in runs]
    assert {look(one)[1] for one in word.styled("Report Clause")} == {True}


def test_points_are_letters_with_a_bracket(word: Word) -> None:
    points = [one.text for one in word.styled("Report Text") if re.match(r"[a-zđ]\) ", one.text)]
    assert {one[0] for one in points} == {"a", "b", "c"}


def test_no_heading_is_left_at_the_foot_of_a_page(word: Word) -> None:
    headings = word.styled(
        "Report Part", "Report Part Title", "Report Section", "Report Clause", "Annex Name", "Annex Title", "Annex Note"
    )
    assert len(headings) > 60
    assert all(format_of(one, "keep_with_next") for one in headings)
    assert style_of(word.paragraphs[0]).base_style.paragraph_format.widow_control


def test_annexes_are_named_titled_and_say_openly_what_they_belong_to(word: Word) -> None:
    names, titles, notes = (word.styled(name) for name in ("Annex Name", "Annex Title", "Annex Note"))
    assert [one.text for one in names] == [f"Phụ lục {number}" for number in NUMBERS]
    assert {look(one) for one in names} == {(14, True, False)}
    assert {look(one) for one in titles} <= {(13, True, False), (14, True, False)}
    assert all(one.text == one.text.upper() for one in titles)
    assert {look(one)[1:] for one in notes} == {(False, True)}
    unfilled = re.compile(r"\(Kèm theo Báo cáo số …+/…+ ngày …+ tháng …+ năm …+ của …+\)")
    assert all(unfilled.fullmatch(one.text) for one in notes)
    for one in (*names, *titles, *notes):
        assert format_of(one, "alignment") == ALIGN.CENTER


def test_tables_repeat_their_head_and_tear_no_row(word: Word) -> None:
    assert len(word.tables) == 2 + 8
    for table in word.tables[2:]:
        head, *rows = table._tbl.tr_lst
        assert head.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in (head, *rows))
        assert not [row for row in rows if row.find(f".//{qn('w:tblHeader')}") is not None]


def test_tables_are_as_wide_as_the_text_and_no_wider(word: Word) -> None:
    for table in word.tables[2:]:
        assert abs(sum(column.width.cm for column in table.columns) - 16.5) < 0.05


def test_a_band_is_not_torn_from_its_rows(word: Word) -> None:
    for table in word.tables[2:]:
        for row in table._tbl.tr_lst:
            if len(row.tc_lst) == 1:
                assert row.find(f".//{qn('w:keepNext')}") is not None
