"""A form as it comes back: whatever a clerk did to it, every row is read, told about, or left out because empty."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chassis.workbook.layout import Column, Layout, Text
from chassis.workbook.package import Limits, NotAWorkbook, TooLarge
from chassis.workbook.read import read
from chassis.workbook.write import DATA, returned, template
from tests.chassis.workbook.sheets import FIRST, FORM, LIMITS, at, data, filled, saved, taken

GOOD = ("VL-01", at(2021, 5, 12), 40, "Cấp huyện", "05977 - Phường Đông Kinh", "Có", "HTX-1, HTX-2")
MEANT = {
    "code": "VL-01",
    "day": date(2021, 5, 12),
    "people": 40,
    "level": "district",
    "unit": "05977",
    "new": True,
    "members": ["HTX-1", "HTX-2"],
}


def test_a_row_means_what_was_typed() -> None:
    (row,) = data(filled(GOOD))
    assert (row.number, row.values, row.faults) == (FIRST, MEANT, ())


def test_the_example_is_known_and_passed_by() -> None:
    (example,) = taken(filled()).rows
    assert (example.example, example.values, example.faults) == (True, FORM.example, ())


def test_an_example_written_over_is_asked_about_and_with_its_mark_gone_is_a_row() -> None:
    def over(sheet: Worksheet) -> None:
        sheet["B3"] = "VL-77"

    def and_unmarked(sheet: Worksheet) -> None:
        over(sheet)
        sheet["A3"] = None

    (row,) = data(filled(change=over))
    assert [fault.code for fault in row.faults] == ["example-changed"]
    (row,) = data(filled(change=and_unmarked))
    assert (row.values["code"], row.faults) == ("VL-77", ())


def test_every_fault_of_a_row_is_told_with_its_column() -> None:
    (row,) = data(filled((None, "31/02/2021", "khoảng 40", "Cấp xã", None, "x", 7)))
    assert [(fault.column, fault.code) for fault in row.faults] == [
        ("code", "missing"),
        ("day", "not-a-day"),
        ("people", "not-whole"),
        ("level", "not-in-list"),
        ("new", "not-yes-no"),
        ("members", "not-text"),
    ]


def test_a_formula_is_never_taken_for_a_value() -> None:
    (row,) = data(filled(("VL-01", None, "=20+20")))
    assert [(fault.column, fault.code) for fault in row.faults] == [("people", "formula")]


def test_empty_rows_are_left_out_and_rows_keep_their_numbers() -> None:
    rows = data(filled(GOOD, (), ("  ", None, ""), GOOD))
    assert [row.number for row in rows] == [FIRST, FIRST + 3]


def test_columns_may_change_places_and_others_may_come_between() -> None:
    def shuffle(sheet: Worksheet) -> None:
        sheet.insert_cols(3)
        sheet["C2"] = "Ghi chú riêng"
        sheet.move_range("B1:B9", cols=8)

    content = filled(GOOD, change=shuffle)
    (row,) = data(content)
    assert row.values == MEANT
    assert taken(content).letters["code"] == "J"
    assert taken(content).notices == ("Cột «Ghi chú riêng» không thuộc mẫu nên không được đọc.",)


def test_a_column_that_need_not_be_there_may_be_taken_out() -> None:
    content = filled(GOOD, change=lambda sheet: sheet.delete_cols(4))
    (row,) = data(content)
    assert row.values == {name: value for name, value in MEANT.items() if name != "people"}
    assert taken(content).notices == ("Tệp không có cột «Số người (người)»; các ô đó coi như để trống.",)


def test_a_file_without_a_column_that_must_be_there_is_refused_by_its_heading() -> None:
    with pytest.raises(NotAWorkbook, match=r"«Mã \*»") as refused:
        taken(filled(GOOD, change=lambda sheet: sheet.delete_cols(2)))
    assert refused.value.code == "columns"


def test_a_file_with_a_column_twice_is_refused() -> None:
    def double(sheet: Worksheet) -> None:
        sheet["Z1"] = "people"
        sheet["M1"] = "people"

    with pytest.raises(NotAWorkbook, match="Số người") as refused:
        taken(filled(GOOD, change=double))
    assert refused.value.code == "columns"


def test_an_older_template_is_read_and_told_about() -> None:
    older = Layout(FORM.name, FORM.title, FORM.columns[:-1], {})
    file = taken(filled(GOOD[:-1], form=older))
    assert file.rows[-1].values == MEANT | {"members": []}
    assert file.notices[0] == "Mẫu này đã cũ; lần sau hãy tải mẫu mới."


def test_rows_in_a_merged_range_are_asked_about_and_others_are_not() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=3, end_column=3)

    rows = data(filled(GOOD, GOOD, GOOD, change=merge))
    assert [[fault.code for fault in row.faults] for row in rows] == [["merged"], ["merged"], []]
    assert "C4:C5" in rows[0].faults[0].reason


def test_the_form_is_found_in_a_book_with_other_sheets_and_after_its_own_was_copied_out() -> None:
    def rename(sheet: Worksheet) -> None:
        sheet.title = "Tháng 5"
        sheet.parent.create_sheet("Khác", 0)["A1"] = "gì đó"
        del sheet.parent["Hướng dẫn"]

    assert len(data(filled(GOOD, change=rename))) == 1


@pytest.mark.parametrize("many", [0, 2])
def test_a_book_must_have_the_form_once(many: int) -> None:
    book = openpyxl.Workbook()
    for _ in range(many):
        book.create_sheet()["A1"] = f"hop-luc {FORM.name} {FORM.version}"
    with pytest.raises(NotAWorkbook) as refused:
        taken(saved(book))
    assert refused.value.code == "not-our-form"


def test_another_services_form_is_named() -> None:
    other = Layout("other.form", "Mẫu khác", (Column("a", "A", Text(9)),))
    with pytest.raises(NotAWorkbook, match=r"other\.form") as refused:
        taken(template(other, rows=5))
    assert refused.value.code == "another-form"


def test_too_many_rows_or_columns_are_refused_whole() -> None:
    def wide(sheet: Worksheet) -> None:
        sheet.cell(1, LIMITS.columns + 1, "x")

    assert len(data(filled(*[GOOD] * LIMITS.rows))) == LIMITS.rows
    with pytest.raises(TooLarge, match="50 dòng"):
        taken(filled(*[GOOD] * (LIMITS.rows + 1)))
    with pytest.raises(TooLarge, match="20 cột"):
        taken(filled(GOOD, change=wide))


def test_refused_rows_come_back_as_they_were_with_the_reason_and_can_be_mended_there() -> None:
    bad: tuple[Any, ...] = (
        "=cmd|' /C calc'!A0", 44328, "khoảng 40", "@SUM(A1)", 5977, "+x", 12,
    )  # fmt: skip
    (row,) = data(filled(bad))
    again = returned(FORM, [(row, "=reason")], rows=20)
    sheet = openpyxl.load_workbook(io.BytesIO(again))[DATA]
    assert [cell.data_type for cell in sheet[FIRST]][:8] == ["s", "s", "d", "s", "s", "s", "s", "s"]
    (back,) = data(again)
    assert [fault.code for fault in back.faults] == ["not-whole", "not-in-list", "not-yes-no"]
    assert back.values["members"] == ["12"]
    sheet.cell(FIRST, 4, 40)
    sheet.cell(FIRST, 5, "Cấp tỉnh")
    sheet.cell(FIRST, 7, "Không")
    (mended,) = data(saved(sheet.parent))
    assert mended.faults == ()
    assert (mended.values["people"], mended.values["code"]) == (40, "=cmd|' /C calc'!A0")
    assert mended.values["day"] == date(2021, 5, 12)


def test_what_is_filled_in_is_unlocked_and_the_headings_are_not() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(FORM, rows=20)))[DATA]
    assert sheet.protection.sheet
    assert not sheet.column_dimensions["B"].protection.locked
    assert all(cell.protection.locked for row in sheet["A1:H3"] for cell in row)
    assert (sheet.row_dimensions[1].hidden, sheet.freeze_panes) == (True, "B3")
    assert {str(check.sqref) for check in sheet.data_validations.dataValidation} >= {"C4:C23", "D4:D23"}


def test_nothing_is_taken_from_the_limits_of_another_file() -> None:
    """Limits are arguments: a smaller one refuses what the larger one takes."""
    content = filled(GOOD, GOOD)
    assert len(read(content, {FORM.name: FORM}.get, LIMITS).rows) == 3
    with pytest.raises(TooLarge):
        read(content, {FORM.name: FORM}.get, Limits(1, 20, 1_000_000))
