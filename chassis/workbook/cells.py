"""From what stands in a cell to the value it means, and back. Pure.

Excel changes what is typed: ``05977`` becomes the number 5977, ``1.500.000`` may stay text, a day may be a number. What
can only mean one thing is taken for it; for the rest the sender is asked.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, assert_never

from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Text, Whole, YesNo, folded

YES, NO = "Có", "Không"
_DAY_0 = date(1899, 12, 30)  # of Excel's numbering
_MOST_DIGITS = 15
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([.,\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"[+-]?\d+", re.ASCII)
_DAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ]00:00(?::00)?)?", re.ASCII),
)


@dataclass(frozen=True)
class Cell:
    """What a workbook has in a cell. A formula is its text, an error its name."""

    kind: Literal["empty", "text", "number", "yesno", "day", "formula", "error"]
    value: Any = None


EMPTY = Cell("empty")


class WrongCell(Exception):
    """A cell whose value can't be taken: a code for programs, and in Vietnamese why, and what to do."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.remedy = remedy


def value_of(column: Column, cell: Cell) -> Any:
    """The value as JSON has it (a day as a `date`); an empty cell is ``None``, or no codes at all.

    Raises:
        WrongCell: it can't be taken, or only by guessing.
    """
    match cell.kind:
        case "formula":
            remedy = "Chép ô đó rồi dán lại bằng Paste Special, chọn Values, để chỉ còn giá trị."
            raise WrongCell("formula", "ô chứa công thức", remedy)
        case "error":
            raise WrongCell("excel-error", f"ô báo lỗi {shown(cell.value)}", "Xóa lỗi và điền lại giá trị.")
    text = _spoken(cell.value) if cell.kind == "text" else ""
    holds = column.holds
    if cell.kind == "empty" or (cell.kind == "text" and not text):
        return [] if isinstance(holds, Codes) else None
    match holds:
        case Text():
            return _text(cell, text)
        case Whole():
            return _whole(cell, text)
        case Choice():
            return _choice(holds, cell, text)
        case YesNo():
            return _yesno(cell, text)
        case Codes():
            parts = (part.strip() for part in re.split(r"[,;\n]", _text(cell, text)))
            return [part for part in parts if part]
        case Day():
            return _day(cell, text)
        case _:
            assert_never(holds)


def cell_of(holds: Holds, value: Any) -> Cell:
    """A value as the cell that `value_of` reads it from."""
    if value is None:
        return EMPTY
    match holds:
        case Text():
            return Cell("text", value)
        case Whole():
            return Cell("number", value) if abs(value) < 10**_MOST_DIGITS else Cell("text", str(value))
        case Choice():
            return Cell("text", choices(holds).get(value, value))
        case YesNo():
            return Cell("text", YES if value else NO)
        case Codes():
            return Cell("text", ", ".join(value))
        case Day():
            return Cell("day", datetime.combine(value, time.min))
        case _:
            assert_never(holds)


def day_of(number: float) -> date | None:
    """The day that Excel means by a number, where it can be one of this age."""
    return _DAY_0 + timedelta(days=int(number)) if 36_526 <= number < 73_051 else None  # 2000 to 2099


def choices(choice: Choice) -> Mapping[str, str]:
    """What is shown for each code: its label, in an open list behind the code that may be typed instead."""
    return {code: f"{code} - {label}" if choice.open else label for code, label in choice.labels.items()}


def shown(value: Any) -> str:
    """A value quoted in a sentence, cut short."""
    text = str(value)
    return f"«{text[:40]}…»" if len(text) > 40 else f"«{text}»"


def _spoken(value: str) -> str:
    """Composed letters (a Mac sends them apart), no space around."""
    return unicodedata.normalize("NFC", value).strip()


def _text(cell: Cell, text: str) -> str:
    if cell.kind == "text":
        return text
    raise WrongCell(
        "not-text",
        f"ô là {_named(cell)}, cột này cần chữ: Excel có thể đã bỏ số 0 ở đầu",
        "Định dạng ô là Text, kiểm tra các số 0 ở đầu rồi gõ lại.",
    )


def _whole(cell: Cell, text: str) -> int:
    if cell.kind == "number" and abs(cell.value) < 10**_MOST_DIGITS and cell.value == int(cell.value):
        return int(cell.value)
    if cell.kind == "text" and len(text) < 40:
        grouped = _THOUSANDS.fullmatch(text)
        if _PLAIN.fullmatch(text) or (grouped and (grouped[1] != "," or text.count(",") > 1)):
            return int(re.sub(r"[^\d+-]", "", text))
    reason = f"{_named(cell)} không phải số nguyên"
    if cell.kind == "number" and abs(cell.value) >= 10**_MOST_DIGITS:
        reason = f"số có hơn {_MOST_DIGITS} chữ số, Excel không giữ đúng"
    raise WrongCell("not-whole", reason, "Ghi số nguyên, chỉ gồm chữ số, đúng đơn vị tính ghi ở tiêu đề cột.")


def _choice(choice: Choice, cell: Cell, text: str) -> str:
    if cell.kind == "number" and cell.value == int(cell.value):
        # Excel has made a number of a code: it may have lost zeros, and only one code may have had them.
        meant = [code for code in choice.labels if code.isdecimal() and int(code) == cell.value]
        if len(meant) == 1:
            return meant[0]
    if cell.kind == "text":
        named = choice.named.get(folded(text), ())
        if len(named) == 1:
            return named[0]
        if choice.open:
            return text.partition(" - ")[0].strip()
    raise WrongCell("not-in-list", f"{_named(cell)} không có trong danh sách", "Chọn một giá trị trong danh sách.")


def _yesno(cell: Cell, text: str) -> bool:
    if cell.kind == "yesno":
        return bool(cell.value)
    if cell.kind == "text" and folded(text) in (folded(YES), folded(NO)):
        return folded(text) == folded(YES)
    raise WrongCell("not-yes-no", f"{_named(cell)} không phải {YES} hay {NO}", f"Chọn {YES} hoặc {NO}.")


def _day(cell: Cell, text: str) -> date:
    if cell.kind == "day" and isinstance(cell.value, datetime):
        return cell.value.date()
    for pattern in _DAYS if cell.kind == "text" else ():
        if found := pattern.fullmatch(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    reason = f"{_named(cell)} không phải ngày"
    if cell.kind == "number" and (meant := day_of(cell.value)):
        reason += f" (nếu là ngày thì là {meant:%d/%m/%Y})"
    raise WrongCell("not-a-day", reason, "Ghi ngày dạng 24/03/2021; định dạng ô là ngày.")


def _named(cell: Cell) -> str:
    match cell.kind:
        case "number":
            return f"số {shown(cell.value)}"
        case "day":
            return f"ngày, giờ {shown(cell.value)}"
        case "yesno":
            return f"giá trị lô-gích {shown(cell.value)}"
        case _:
            return shown(cell.value)
