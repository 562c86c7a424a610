"""What stands in a cell, and what it means: taken where it can only mean one thing, asked about where not."""

from datetime import date, time
from typing import Any

import pytest

from chassis.workbook.cells import Cell, WrongCell, cell_of, value_of
from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Text, Whole, YesNo
from tests.chassis.workbook.sheets import at

UNITS = Choice({"178": "Thành phố Lạng Sơn", "05977": "Phường Đông Kinh", "05983": "Phường Lương Văn Tri"}, open=True)
LEVELS = Choice({"district": "Cấp huyện", "province": "Cấp tỉnh"})
WHOLE = Whole(0, 10**12)


def column(holds: Holds) -> Column:
    return Column("c", "Cột", holds)


def text(value: str) -> Cell:
    return Cell("text", value)


def number(value: float) -> Cell:
    return Cell("number", value)


@pytest.mark.parametrize(
    ("holds", "cell", "value"),
    [
        (Text(9), text("  0118 "), "0118"),
        (Text(9), text("Hợp"), "Hợp"),
        (Text(9), text("=1+1"), "=1+1"),
        (WHOLE, number(45), 45),
        (WHOLE, number(45.0), 45),
        (WHOLE, text("45"), 45),
        (WHOLE, text("1.500.000"), 1_500_000),
        (WHOLE, text("1,500,000"), 1_500_000),
        (WHOLE, text("1 500"), 1_500),
        (WHOLE, text("1.500"), 1_500),
        (WHOLE, text("-3"), -3),
        (LEVELS, text("cấp  HUYỆN"), "district"),
        (LEVELS, text("province"), "province"),
        (UNITS, text("05977 - Phường Đông Kinh"), "05977"),
        (UNITS, text("phường đông kinh"), "05977"),
        (UNITS, text("06001"), "06001"),
        (UNITS, number(5977), "05977"),
        (UNITS, number(178), "178"),
        (YesNo(), text("có"), True),
        (YesNo(), text("Không"), False),
        (YesNo(), Cell("yesno", True), True),
        (Codes(), Cell("empty"), []),
        (Codes(), text("HTX-1, HTX-2;HTX-3\nHTX-4,"), ["HTX-1", "HTX-2", "HTX-3", "HTX-4"]),
        (Day(), Cell("day", at(2021, 3, 24, 9, 30)), date(2021, 3, 24)),
        (Day(), text("24/3/2021"), date(2021, 3, 24)),
        (Day(), text("24-03-2021"), date(2021, 3, 24)),
        (Day(), text("2021-03-24"), date(2021, 3, 24)),
        (Day(), text("  "), None),
        (WHOLE, Cell("empty"), None),
    ],
)
def test_a_cell_that_can_only_mean_one_thing_is_taken(holds: Holds, cell: Cell, value: Any) -> None:
    assert value_of(column(holds), cell) == value


@pytest.mark.parametrize(
    ("holds", "cell", "code", "told"),
    [
        (Text(9), number(118), "not-text", "118"),
        (Text(9), Cell("formula", "=A1"), "formula", "công thức"),
        (WHOLE, Cell("formula", "=SUM(A1:A9)"), "formula", "công thức"),
        (WHOLE, Cell("error", "#N/A"), "excel-error", "#N/A"),
        (WHOLE, number(1.5), "not-whole", "1.5"),
        (WHOLE, number(1e15), "not-whole", "15 chữ số"),
        (WHOLE, text("2,500"), "not-whole", "2,500"),
        (WHOLE, text("1.500,00"), "not-whole", "1.500,00"),
        (WHOLE, text("khoảng 40"), "not-whole", "khoảng 40"),
        (WHOLE, text("9" * 5_000), "not-whole", "999"),
        (WHOLE, Cell("yesno", True), "not-whole", "True"),
        (WHOLE, Cell("day", at(2021, 3, 24)), "not-whole", "2021"),
        (LEVELS, text("Cấp xã"), "not-in-list", "Cấp xã"),
        (Choice({"a": "Như nhau", "b": "như nhau"}), text("Như nhau"), "not-in-list", "Như nhau"),
        (UNITS, number(5978), "not-in-list", "5978"),
        (UNITS, number(5977.5), "not-in-list", "5977.5"),
        (YesNo(), text("x"), "not-yes-no", "x"),
        (YesNo(), number(1), "not-yes-no", "1"),
        (Codes(), number(12), "not-text", "12"),
        (Day(), number(44279), "not-a-day", "24/03/2021"),
        (Day(), text("31/02/2021"), "not-a-day", "31/02/2021"),
        (Day(), text("03/2021"), "not-a-day", "03/2021"),
        (Day(), Cell("day", time(9, 30)), "not-a-day", "09:30"),
    ],
)
def test_a_cell_that_could_mean_several_things_or_none_is_asked_about(
    holds: Holds, cell: Cell, code: str, told: str
) -> None:
    with pytest.raises(WrongCell) as wrong:
        value_of(column(holds), cell)
    assert wrong.value.code == code
    assert told in wrong.value.reason
    assert wrong.value.remedy


@pytest.mark.parametrize(
    ("holds", "value"),
    [
        (Text(9), "05977"),
        (WHOLE, 0),
        (Whole(0, 2**53), 9_007_199_254_740_991),
        (LEVELS, "province"),
        (UNITS, "178"),
        (YesNo(), False),
        (Codes(), ["A", "B"]),
        (Day(), date(2021, 7, 12)),
        (Text(9), None),
    ],
)
def test_a_value_is_read_from_the_cell_it_is_written_to(holds: Holds, value: Any) -> None:
    assert value_of(column(holds), cell_of(holds, value)) == value
