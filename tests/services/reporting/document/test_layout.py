"""Decree 30/2020/NĐ-CP, Annex I, rule by rule, on the Word document as it is produced (docs/documents.md)."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from catalogue.model import Plan
from services.reporting.document import docx
from services.reporting.document.heading import Sender, heading
from services.reporting.document.letterhead import MOTTO, STATE
from services.reporting.document.measure import width
from services.reporting.views import ConsolidationView
from tests.services.reporting.document.frozen import frozen, signed
from tests.services.reporting.document.word import Word, format_of, look, ruled, style_of

LEFT, RIGHT, WHOLE = Cm(6.7).pt, Cm(9.8).pt, Cm(16.5).pt
AFTER_MERGERS = date(2025, 6, 27)


def made(plan: Plan, sender: Sender = "consolidator", **more: Any) -> Word:
    """The document; ``number``, ``issued_on`` and ``view`` may be given."""
    view: ConsolidationView = more.pop("view", None) or short(plan)
    head = heading(plan, view, sender, **more)
    return Word(docx.render(plan, view, head, sender))


def short(plan: Plan, **more: Any) -> ConsolidationView:
    """With one task only."""
    view = frozen(plan, **more)
    return view.model_copy(update={"summary": view.summary.model_copy(update={"tasks": view.summary.tasks[:1]})})


@pytest.fixture(scope="module")
def word(plan: Plan) -> Word:
    return made(plan, view=frozen(plan))


@pytest.fixture(scope="module")
def upward(plan: Plan) -> Word:
    return made(plan, "province")


# The page (Annex I, I).


def test_the_page_is_a4_upright_with_the_margins_of_the_decree(word: Word) -> None:
    for section in word.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert Mm(20) <= section.top_margin <= Mm(25)
        assert Mm(20) <= section.bottom_margin <= Mm(25)
        assert Mm(30) <= section.left_margin <= Mm(35)
        assert Mm(15) <= section.right_margin <= Mm(20)


def test_every_letter_is_times_new_roman_and_black(word: Word) -> None:
    fonts = style_of(word.paragraphs[0]).base_style.element.rPr.rFonts
    scripts = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
    assert {fonts.get(qn(script)) for script in scripts} == {"Times New Roman"}
    assert fonts.get(qn("w:asciiTheme")) is None
    body = word.document.element.body
    assert not body.findall(f".//{qn('w:rFonts')}")
    assert {one.get(qn("w:color")) for one in body.iter(qn("w:bottom"))} <= {"000000", None}
    used = {style_of(one).name for one in word.paragraphs} | {"Report Cell", "Report Copies", "Normal"}
    looks = [word.document.styles[name].element for name in used] + [body]
    assert not [color for part in looks for color in part.iter(qn("w:color"))]


def test_the_page_number_stands_in_the_middle_of_the_top_margin(word: Word) -> None:
    header = word.document.sections[0].header.paragraphs[0]
    assert "".join(one.text or "" for one in header._p.iter(qn("w:instrText"))).strip() == "PAGE"
    assert header.alignment == ALIGN.CENTER
    assert {run.font.size for run in header.runs} <= {Pt(13), Pt(14)}
    section = word.sections[0]
    assert 0 < section.header_distance < section.top_margin
    assert not [one for section in word.document.sections for one in section.footer.paragraphs if one.text]


def test_the_first_page_has_no_number(word: Word) -> None:
    for section in word.document.sections:
        assert section.different_first_page_header_footer
        assert [one._p.findall(f".//{qn('w:instrText')}") for one in section.first_page_header.paragraphs] == [[]]


def test_every_annex_is_numbered_anew(word: Word) -> None:
    first, *annexes = word.document.sections
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in annexes]
    assert len(annexes) == 8
    assert {start.get(qn("w:start")) for start in starts} == {"1"}
    assert first._sectPr.find(qn("w:pgNumType")) is None


def test_the_body_is_justified_and_indented_with_room_between_paragraphs(word: Word) -> None:
    body = word.styled("Report Text")
    assert len(body) > 100
    for paragraph in body:
        assert look(paragraph)[0] in (13, 14)
        assert format_of(paragraph, "alignment") == ALIGN.JUSTIFY
        assert round(format_of(paragraph, "first_line_indent").cm, 2) in (1, 1.27)
        assert format_of(paragraph, "space_after") >= Pt(6)
        assert 1 <= format_of(paragraph, "line_spacing") <= 1.5


def test_the_body_ends_with_the_sign_of_the_end(word: Word) -> None:
    ended = [one.text for one in word.paragraphs if "./." in one.text]
    assert ended == [word.styled("Report Text")[-1].text]
    assert ended[0].endswith("./.")


# The cells (Annex I, II).


def test_1_the_state_and_its_motto(word: Word) -> None:
    assert look(word.line(STATE)) in ((12, True, False), (13, True, False))
    assert look(word.line(MOTTO)) in ((13, True, False), (14, True, False))
    cell = word.tables[0].rows[0].cells[1]
    assert [one.text for one in cell.paragraphs] == [STATE, MOTTO, ""]
    assert {one.alignment or format_of(one, "alignment") for one in cell.paragraphs} == {ALIGN.CENTER}
    line = ruled(cell.paragraphs[2], RIGHT)
    assert line is not None
    assert abs(line - width(MOTTO, 13)) < 1


def test_2_the_superior_agency_above_the_issuing_one_with_a_line_below(word: Word) -> None:
    above, name, line = word.tables[0].rows[0].cells[0].paragraphs
    assert (above.text, name.text) == ("UBND TỈNH LẠNG SƠN", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ")
    assert look(above) in ((12, False, False), (13, False, False))
    assert look(name) in ((12, True, False), (13, True, False))
    length = ruled(line, LEFT)
    assert length is not None
    assert 1 / 3 <= length / width(name.text, 12) <= 1 / 2


def test_2_the_province_stands_alone_in_two_lines(upward: Word) -> None:
    first, second, line = upward.tables[0].rows[0].cells[0].paragraphs
    assert (first.text, second.text) == ("ỦY BAN NHÂN DÂN", "TỈNH LẠNG SƠN")
    assert look(first) == look(second) == (12, True, False)
    assert ruled(line, LEFT) is not None


@pytest.mark.parametrize(
    ("number", "symbol"), [(None, "Số:        /BC-SKHĐT"), (5, "Số: 05/BC-SKHĐT"), (123, "Số: 123/BC-SKHĐT")]
)
def test_3_number_and_symbol(plan: Plan, number: int | None, symbol: str) -> None:
    line = made(plan, number=number).tables[0].rows[1].cells[0].paragraphs[0]
    assert line.text == symbol
    assert look(line) == (13, False, False)


def test_3_a_signed_report_has_the_number_of_its_signature(plan: Plan) -> None:
    view = short(plan, signature=signed("7/BC-SKHĐT"))
    assert made(plan, view=view).tables[0].rows[1].cells[0].text == "Số: 07/BC-SKHĐT"
    assert made(plan, "province", view=view).tables[0].rows[1].cells[0].text == "Số:        /BC-UBND"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 7, 5), "Lạng Sơn, ngày 05 tháng 7 năm 2021"),
        (date(2022, 2, 10), "Lạng Sơn, ngày 10 tháng 02 năm 2022"),
        (date(2022, 1, 9), "Lạng Sơn, ngày 09 tháng 01 năm 2022"),
        (date(2021, 12, 29), "Lạng Sơn, ngày 29 tháng 12 năm 2021"),
    ],
)
def test_4_place_and_date(plan: Plan, day: date, words: str) -> None:
    line = made(plan, issued_on=day).tables[0].rows[1].cells[1].paragraphs[0]
    assert line.text == words
    assert look(line) in ((13, False, True), (14, False, True))


def test_5a_type_and_subject_with_a_line_below(word: Word) -> None:
    at = next(index for index, one in enumerate(word.paragraphs) if one.text == "BÁO CÁO")
    title, first, second, line = word.paragraphs[at : at + 4]
    assert look(title) in ((13, True, False), (14, True, False))
    for subject in (first, second):
        assert look(subject) in ((13, True, False), (14, True, False))
        assert subject.text != subject.text.upper()
        assert format_of(subject, "alignment") == ALIGN.CENTER
    assert second.text.endswith("quý II năm 2021")
    length = ruled(line, WHOLE)
    assert length is not None
    assert 1 / 3 <= length / max(width(first.text, 14), width(second.text, 14)) <= 1 / 2


def test_7_the_signing_block_has_authority_and_name_without_titles(plan: Plan) -> None:
    letterheads = tuple(replace(one, signer="Nguyễn Văn A") for one in plan.letterheads)
    word = made(replace(plan, letterheads=letterheads), "province")
    block = word.tables[1].rows[0].cells[1].paragraphs
    assert [one.text for one in block] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn A"]
    assert {look(one) for one in block} <= {(13, True, False), (14, True, False)}
    assert {format_of(one, "alignment") for one in block} == {ALIGN.CENTER}


def test_7_there_is_room_for_signature_and_seal(word: Word) -> None:
    authority, name = word.tables[1].rows[0].cells[1].paragraphs
    assert authority.text == "GIÁM ĐỐC"
    assert name.paragraph_format.space_before >= Pt(60)


def test_9a_one_addressee_stands_on_the_same_line(word: Word) -> None:
    line = word.line("Kính gửi: .*")
    assert line.text == "Kính gửi: Ủy ban nhân dân tỉnh Lạng Sơn"
    assert look(line) in ((13, False, False), (14, False, False))


@pytest.mark.parametrize(("day", "ministry"), [(None, "Bộ Kế hoạch và Đầu tư"), (AFTER_MERGERS, "Bộ Tài chính")])
def test_9a_several_addressees_stand_below_each_other(plan: Plan, day: date | None, ministry: str) -> None:
    word = made(plan, "province", issued_on=day)
    at = next(index for index, one in enumerate(word.paragraphs) if one.text == "Kính gửi:")
    first, second = word.paragraphs[at + 1 : at + 3]
    assert (first.text, second.text) == ("- Văn phòng Chính phủ;", f"- {ministry}.")
    assert look(first) == look(second) == (14, False, False)


def test_9b_recipients_begin_with_as_above_and_end_with_the_archive(word: Word, upward: Word) -> None:
    for one, archive in ((word, "- Lưu: VT."), (upward, "- Lưu: VT, KT.")):
        head, first, *others, last = one.tables[1].rows[0].cells[0].paragraphs
        assert (head.text, first.text, last.text) == ("Nơi nhận:", "- Như trên;", archive)
        assert look(head) == (12, True, True)
        assert {look(line) for line in (first, *others, last)} == {(11, False, False)}
        assert all(re.fullmatch("- .*;", line.text) for line in (first, *others))


def test_signing_block_and_recipients_stay_with_the_last_words(word: Word) -> None:
    assert word.styled("Report Text")[-1].paragraph_format.keep_with_next
    assert word.tables[1].rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None
