"""Files that are no workbooks, or too much, or dangerous: refused with a reason, and nothing else ever happens."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.workbook.package import Limits, NotAWorkbook, TooLarge
from chassis.workbook.read import read
from tests.chassis.workbook.sheets import FORM, at, filled, taken

GOOD = filled(("VL-01", at(2021, 5, 12), 40))


def repacked(changed: Mapping[str, bytes]) -> bytes:
    """The good workbook with some of its parts changed, or more."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return buffer.getvalue()


def sheet() -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-workbook"),
        (b"ma,ngay\n1,2\n", "not-a-workbook"),
        (b"PK\x03\x04 and no more", "not-a-workbook"),
        (GOOD[:-100], "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-format"),
        (repacked({"xl/worksheets/sheet1.xml": b"<worksheet"}), "not-a-workbook"),
        (repacked({"[Content_Types].xml": b"<Types/>"}), "not-a-workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_and_told_why(content: bytes, code: str) -> None:
    with pytest.raises(NotAWorkbook) as refused:
        taken(content)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_bomb_is_refused_by_its_size_before_it_is_unpacked() -> None:
    bomb = repacked({"xl/media/a.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge, match=r"50\d{6} byte"):
        taken(bomb)


def test_a_directory_that_lies_about_a_size_unpacks_to_no_more_than_it_says() -> None:
    """The sizes in the directory are what is measured, so they must bound what is read."""
    honest = repacked({"xl/media/a.xml": b"x" * 5_000_000})
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    with pytest.raises(TooLarge):
        taken(honest)
    with pytest.raises(NotAWorkbook):
        taken(lying)


def test_more_cells_than_could_be_held_are_refused_before_they_are_read() -> None:
    wide = sheet().replace(b"</sheetData>", b'<row r="9">' + b"<c/>" * 1_500_000 + b"</row></sheetData>")
    content = repacked({"xl/worksheets/sheet1.xml": wide})
    with pytest.raises(TooLarge, match="quá nhiều ô"):
        read(content, {FORM.name: FORM}.get, Limits(50, 20, 100_000_000))


def test_pictures_are_not_looked_into() -> None:
    picture = b"\x89PNG\r\n\x1a\n\0\0" + b"<!DOCTYPE" * 100
    assert len(taken(repacked({"xl/media/image1.png": picture})).rows) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_part_that_declares_a_document_type_is_refused(encoding: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-be")}"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]>'
    body = sheet().decode().partition("?>")[2]
    with pytest.raises(NotAWorkbook) as refused:
        taken(repacked({"xl/worksheets/sheet1.xml": (head + body).encode(encoding)}))
    assert refused.value.code == "not-a-workbook"


def test_a_row_past_the_last_that_excel_has_is_not_waited_for() -> None:
    far = sheet().replace(b"</sheetData>", b'<row r="999999999999"><c r="B2"><v>1</v></c></row></sheetData>')
    assert len(taken(repacked({"xl/worksheets/sheet1.xml": far})).rows) == 2


def test_a_number_that_is_none_is_an_error_of_its_cell() -> None:
    endless = sheet().replace(b"<v>40</v>", b"<v>1e999</v>")
    assert endless != sheet()
    row = taken(repacked({"xl/worksheets/sheet1.xml": endless})).rows[-1]
    assert [fault.code for fault in row.faults] == ["excel-error"]


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=30), st.integers(0))
def test_whatever_is_changed_in_the_bytes_the_file_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(GOOD)
    for place, value in changes:
        content[place] = value
    read_or_refused(bytes(content[: len(content) - cut % 50]))


@given(st.lists(st.tuples(st.integers(0), st.binary(max_size=6)), min_size=1, max_size=8))
def test_whatever_is_changed_in_the_sheet_the_file_is_read_or_refused(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(sheet())
    for place, value in changes:
        content[place % len(content) : place % len(content) + len(value)] = value
    read_or_refused(repacked({"xl/worksheets/sheet1.xml": bytes(content)}))


def read_or_refused(content: bytes) -> None:
    with suppress(NotAWorkbook):
        taken(content)
