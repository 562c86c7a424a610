"""Reading a form back: which form it is, and what stands in each row. Blocking: run it in a thread."""

import math
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from chassis.workbook.cells import EMPTY, Cell, shown
from chassis.workbook.layout import Layout
from chassis.workbook.package import Limits, NotAWorkbook, TooLarge, inspect, unreadable
from chassis.workbook.rows import Row, empty, row_of

SIGNATURE = "hop-luc"
"""The first word of the corner's name in the hidden first row; after it the form's name and version."""

HEADINGS = 2
"""The row of headings. Above it the hidden row of names; below it the example, then the data."""

_LAST_ROW = 1_048_576  # Excel's own

Find = Callable[[str], Layout | None]


@dataclass(frozen=True)
class Filled:
    """A form as it came back: its rows without the empty ones. ``letters`` say in which column of the sheet each column
    stands; ``notices`` are Vietnamese remarks on the file as a whole."""

    layout: Layout
    rows: tuple[Row, ...]
    letters: Mapping[str, str]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Form:
    """The sheet that is the form: the names in its hidden row, and what the one with the signature says."""

    sheet: Any
    names: Sequence[str]
    layout: Layout
    version: str

    @property
    def places(self) -> Mapping[str, int]:
        """Where each column stands, from 0."""
        return {name: index for index, name in enumerate(self.names) if name in self.layout.column}

    @property
    def corner(self) -> int:
        return next(index for index, name in enumerate(self.names) if _signed(name))


def read(content: bytes, find: Find, limits: Limits) -> Filled:
    """The filled-in form; `find` gives the layout of a form's name.

    Raises:
        NotAWorkbook: not a workbook, or none of ours, or a column is missing.
        TooLarge: more rows, columns or bytes than are taken.
    """
    merged = inspect(content, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl doesn't know
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
            form = _form(book, find, limits)
            ranges = merged.get(form.sheet._worksheet_path, ())  # openpyxl tells of none when it reads as a stream
            rows = tuple(_rows(form, limits, _merged_at(ranges)))
            letters = {name: get_column_letter(index + 1) for name, index in form.places.items()}
            return Filled(form.layout, rows, letters, tuple(_notices(form)))
    except NotAWorkbook:
        raise
    except Exception as error:  # a foreign reader on foreign bytes fails in any way it likes
        raise unreadable() from error


def _form(book: Any, find: Find, limits: Limits) -> _Form:
    found = [(sheet, names) for sheet in book.worksheets if (names := _names(sheet, limits))]
    if len(found) != 1:
        reason = "tệp có nhiều trang dữ liệu của mẫu" if found else "không tìm thấy trang dữ liệu của mẫu"
        remedy = "Tải mẫu từ hệ thống, điền vào trang dữ liệu, giữ nguyên dòng ẩn đầu tiên; mỗi tệp một mẫu."
        raise NotAWorkbook("not-our-form", reason, remedy)
    [(sheet, names)] = found
    _, name, version, *_ = (*next(filter(_signed, names)).split(), "", "")
    layout = find(name)
    if layout is None:
        remedy = "Tải đúng mẫu từ dịch vụ này; mẫu của dịch vụ khác gửi tới dịch vụ đó."
        raise NotAWorkbook("another-form", f"mẫu {shown(name)} không nhận ở đây", remedy)
    missing = [column.heading for column in layout.columns if column.required and column.name not in names]
    twice = [column.heading for column in layout.columns if names.count(column.name) > 1]
    if missing or twice:
        which = ", ".join(map(shown, missing or twice))
        reason = f"thiếu cột {which}" if missing else f"cột {which} có nhiều lần"
        raise NotAWorkbook("columns", reason, "Tải lại mẫu, chép dữ liệu sang rồi gửi lại.")
    return _Form(sheet, names, layout, version)


def _names(sheet: Any, limits: Limits) -> list[str]:
    """The hidden row of names, if the sheet has one."""
    for cells in sheet.iter_rows(min_row=1, max_row=1, max_col=limits.columns + 1):
        names = [str(cell.value or "").strip() for cell in cells]
        if any(map(_signed, names)):
            if names[limits.columns :] != [""]:
                raise TooLarge("too-many-columns", f"quá {limits.columns} cột", "Bỏ các cột không thuộc mẫu.")
            return names
    return []


def _signed(name: str) -> bool:
    return name.startswith(f"{SIGNATURE} ")


def _notices(form: _Form) -> Iterator[str]:
    if form.version != form.layout.version:
        yield "Mẫu này đã cũ; lần sau hãy tải mẫu mới."
    absent = [column.heading for column in form.layout.columns if column.name not in form.names]
    if absent:
        yield f"Tệp không có cột {', '.join(map(shown, absent))}; các ô đó coi như để trống."
    headings = next(iter(form.sheet.iter_rows(min_row=HEADINGS, max_row=HEADINGS, max_col=len(form.names))), ())
    for name, cell in zip(form.names, headings, strict=False):
        if name not in form.layout.column and not _signed(name) and (name or cell.value):
            yield f"Cột {shown(cell.value or name)} không thuộc mẫu nên không được đọc."


def _rows(form: _Form, limits: Limits, merged_at: Callable[[int], str]) -> Iterator[Row]:
    taken, places, corner = 0, form.places, form.corner
    rows = form.sheet.iter_rows(min_row=HEADINGS + 1, max_row=_LAST_ROW, max_col=max(*places.values(), corner) + 1)
    for number, stood in enumerate(rows, start=HEADINGS + 1):
        if not any(cell.value is not None for cell in stood):
            continue
        cells = {name: _cell(stood[index]) for name, index in places.items()}
        if empty(cells):
            continue
        row = row_of(form.layout, number, cells, str(stood[corner].value or ""), merged_at(number))
        taken += not row.example
        if taken > limits.rows:
            raise TooLarge("too-many-rows", f"quá {limits.rows} dòng dữ liệu", "Chia thành nhiều tệp rồi gửi từng tệp.")
        yield row


def _merged_at(ranges: Iterable[str]) -> Callable[[int], str]:
    """Says for a row number in which merged range it lies, if in any; ranges that share rows count as one."""
    stretches: list[tuple[int, int, str]] = []
    for first, last, merged in sorted(
        (top, bottom, name) for name in ranges for _, top, _, bottom in [range_boundaries(name)]
    ):
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]), stretches[-1][2])
        else:
            stretches.append((first, last, merged))
    firsts = [first for first, _, _ in stretches]

    def at(number: int) -> str:
        found = bisect_right(firsts, number) - 1
        return stretches[found][2] if found >= 0 and number <= stretches[found][1] else ""

    return at


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return Cell("formula", str(getattr(value, "text", value)))
    if value is None:
        return EMPTY
    match kind:
        case "b":
            return Cell("yesno", bool(value))
        case "d":
            return Cell("day", value)
        case "n" if math.isfinite(value):
            return Cell("number", value)
        case "n" | "e":
            return Cell("error", str(value))
        case _:
            return Cell("text", str(value))
