"""Writing a form: the empty template, or the same form with the refused rows and the reason beside each. Blocking.

Everything that came from outside is written as text, a number or a day, never as a formula.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from chassis.workbook.cells import EMPTY, Cell, cell_of, choices, day_of
from chassis.workbook.checks import check_of
from chassis.workbook.guide import guide
from chassis.workbook.layout import LISTS, Choice, Column, Day, Layout, Whole
from chassis.workbook.read import HEADINGS, SIGNATURE
from chassis.workbook.rows import Row, example_mark
from chassis.workbook.styles import REASON_WIDTH, Styles, height_of, shape_of, width_of

DATA = "Dữ liệu"
_REASON = "Lý do từ chối\n(hệ thống ghi, không phải điền)"
_LONGEST = 32_767  # characters Excel keeps in a cell
_FIRST_YEAR = 1900  # before it, and for a time alone, Excel has no days
_ALLOWED = {"sort": True, "autofilter": True, "format_cells": True, "format_columns": True, "format_rows": True}


def template(layout: Layout, *, rows: int) -> bytes:
    """The empty form, its lists and checks laid over so many rows."""
    return _form(layout, [], rows)


def returned(layout: Layout, refused: Sequence[tuple[Row, str]], *, rows: int) -> bytes:
    """The form with some rows as they came, each with the reason, to be mended and sent again."""
    return _form(layout, refused, rows)


def _form(layout: Layout, refused: Sequence[tuple[Row, str]], rows: int) -> bytes:
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": layout.title, "comments": f"{layout.name} {layout.version}"})
    styles = Styles(book)
    sheet = book.add_worksheet(DATA)
    guide(book.add_worksheet("Hướng dẫn"), layout, title=styles.title, head=styles.head, cell=styles.locked)
    lists = _lists(book.add_worksheet(LISTS), layout, styles)
    _head(sheet, layout, styles)
    for index, column in enumerate(layout.columns, start=1):
        _column(sheet, index, column, styles, lists.get(column.name, ""), HEADINGS + max(rows, len(refused)))
        if column.name in layout.example:
            _put(sheet, HEADINGS, index, cell_of(column.holds, layout.example[column.name]), styles.example)
        else:
            sheet.write_blank(HEADINGS, index, None, styles.note)
    for number, (row, reason) in enumerate(refused, start=HEADINGS + 1):
        sheet.write_string(number, 0, reason[:_LONGEST], styles.reason)
        sheet.set_row(number, height_of(reason))
        for index, column in enumerate(layout.columns, start=1):
            _put(sheet, number, index, _to_mend(column, row.cells.get(column.name)), styles.filled)
    book.close()
    return buffer.getvalue()


def _head(sheet: Worksheet, layout: Layout, styles: Styles) -> None:
    """The hidden names, the headings, and the mark of the example; they stay where they are and can't be changed."""
    names = [f"{SIGNATURE} {layout.name} {layout.version}", *(column.name for column in layout.columns)]
    for index, name in enumerate(names):
        sheet.write_string(0, index, name, styles.locked)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(HEADINGS - 1, 64)
    sheet.set_row(HEADINGS, 48)
    sheet.write_string(HEADINGS - 1, 0, f"{layout.title}\n{_REASON}", styles.head)
    for index, column in enumerate(layout.columns, start=1):
        sheet.write_string(HEADINGS - 1, index, column.heading, styles.required if column.required else styles.head)
    sheet.write_string(HEADINGS, 0, example_mark(layout.example), styles.note)
    sheet.set_column(0, 0, REASON_WIDTH, styles.reason)
    sheet.freeze_panes(HEADINGS, 1)
    sheet.protect("", {**_ALLOWED, "insert_rows": True, "delete_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(HEADINGS - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _column(sheet: Worksheet, index: int, column: Column, styles: Styles, proposed: str, last: int) -> None:
    sheet.set_column(index, index, width_of(column), styles.filled[shape_of(column.holds)])
    check = check_of(column, proposed)
    if check:
        told = {"input_title": column.title[:32], "input_message": column.hint[:255], "error_title": column.title[:32]}
        sheet.data_validation(HEADINGS + 1, index, last, index, {**check, **told})


def _lists(sheet: Worksheet, layout: Layout, styles: Styles) -> Mapping[str, str]:
    """A sheet with each list of codes in a column of its own; returns where each column's list stands."""
    places: dict[str, str] = {}
    coded = [(column, column.holds) for column in layout.columns if isinstance(column.holds, Choice)]
    for index, (column, choice) in enumerate(coded):
        labels = list(choices(choice).values())
        sheet.set_column(index, index, 40)
        sheet.write_string(0, index, column.title, styles.head)
        for row, label in enumerate(labels, start=1):
            sheet.write_string(row, index, label, styles.locked)
        letter = xl_col_to_name(index)
        places[column.name] = f"='{LISTS}'!${letter}$2:${letter}${max(2, len(labels) + 1)}"
    sheet.protect()
    return places


def _to_mend(column: Column, cell: Cell | None) -> Cell:
    """A cell to be mended: a number that should have been text or a day is given back as such: it needs only a look."""
    if cell is None:
        return EMPTY
    if cell.kind == "number" and isinstance(column.holds, Day) and (day := day_of(cell.value)):
        return cell_of(column.holds, day)
    if cell.kind == "number" and not isinstance(column.holds, Whole):
        return Cell("text", str(cell.value))
    return cell


def _put(sheet: Worksheet, row: int, index: int, cell: Cell, formats: Mapping[str, Format]) -> None:
    match cell.kind:
        case "empty":
            return
        case "number":
            sheet.write_number(row, index, cell.value, formats["whole"])
        case "yesno":
            sheet.write_boolean(row, index, cell.value, formats["text"])
        case "day" if getattr(cell.value, "year", 0) >= _FIRST_YEAR:
            sheet.write_datetime(row, index, cell.value, formats["day"])
        case _:
            sheet.write_string(row, index, str(cell.value)[:_LONGEST], formats["text"])
