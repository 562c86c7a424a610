"""Tables as CSV: read back as they were, and nothing that a spreadsheet computes."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chassis.comma_separated import comma_separated, lines

TEXTS = st.text(st.characters(exclude_characters="\0\r", codec="utf-8"))
TABLES = st.lists(st.lists(TEXTS | st.integers(), min_size=2, max_size=4), max_size=5)


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(rows=TABLES)
def test_what_was_written_is_read_back_and_no_text_begins_a_formula(rows: list[list[str | int]]) -> None:
    head, *found = read_back(comma_separated(["Tên", "Số"], rows))
    assert head == ["Tên", "Số"]
    for row, cells in zip(rows, found, strict=True):
        for value, cell in zip(row, cells, strict=True):
            assert cell in (str(value), f"'{value}")
            assert not isinstance(value, str) or not cell.startswith(("=", "+", "-", "@", "\t"))


@given(first=TABLES, second=TABLES)
def test_a_table_may_be_written_a_part_at_a_time(first: list[list[str | int]], second: list[list[str | int]]) -> None:
    titles = ["Tên", "Số"]
    assert comma_separated(titles, first) + lines(second) == comma_separated(titles, [*first, *second])


def test_days_and_lists_read_as_people_write_them() -> None:
    assert lines([[date(2021, 6, 4), ["HTX-1", "HTX-2"], ["=1"], -5]]) == b"04/06/2021,HTX-1 HTX-2,'=1,-5\r\n"
