"""How a form looks: formats of cells, widths of columns, heights of rows."""

from typing import assert_never

from xlsxwriter import Workbook

from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Text, Whole, YesNo

REASON_WIDTH = 50
"""Characters in a line of the column of reasons."""


class Styles:
    """The cell formats. Every cell that is filled in is unlocked; a text's format keeps leading zeros."""

    def __init__(self, book: Workbook) -> None:
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
        head = {**font, "bold": True, "border": 1, "align": "center", "valign": "vcenter"}
        example = {**font, "italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "border": 1}
        shapes = {"text": "@", "whole": "#,##0", "day": "dd/mm/yyyy"}
        self.title = book.add_format({**font, "bold": True, "font_size": 14, "text_wrap": False})
        self.head = book.add_format({**head, "bg_color": "#E8EEF4"})
        self.required = book.add_format({**head, "bg_color": "#FCE4D6"})
        self.locked = book.add_format({**font, "border": 1})
        self.reason = book.add_format({**font, "font_color": "#C00000", "locked": False, "num_format": "@"})
        self.note = book.add_format({**example, "num_format": "@"})
        self.example = {name: book.add_format({**example, "num_format": shape}) for name, shape in shapes.items()}
        self.filled = {
            name: book.add_format({**font, "locked": False, "num_format": shape}) for name, shape in shapes.items()
        }


def shape_of(holds: Holds) -> str:
    """The name of the format that its cells have."""
    match holds:
        case Whole():
            return "whole"
        case Day():
            return "day"
        case Text() | Choice() | YesNo() | Codes():
            return "text"
        case _:
            assert_never(holds)


def width_of(column: Column) -> int:
    """Characters that a column is wide."""
    match column.holds:
        case Whole() | Day() | YesNo():
            return max(14, min(20, len(column.heading) // 2))
        case Text(longest=longest) if longest > 300:
            return 40
        case _:
            return 26


def height_of(reason: str) -> int:
    """Points that a reason needs in its column."""
    return 17 * min(12, sum(1 + len(line) // (REASON_WIDTH - 4) for line in reason.split("\n")))
