"""A form filled in as a clerk does it: with a program of its own, by the columns' places."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import openpyxl

from chassis.workbook.write import DATA

FIRST = 4
"""The number of the first row of data."""


def day(year: int, month: int, day: int) -> datetime:
    """What Excel keeps for a day: no zone."""
    return datetime(year, month, day)  # noqa: DTZ001


def written(content: bytes, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The workbook with rows written over its own, by the names in the hidden row; what is not named stays."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[DATA]
    places = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=FIRST):
        for name, value in row.items():
            sheet.cell(number, places[name]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def column(content: bytes, name: str) -> list[Any]:
    """What stands in a column of the data, by its name; ``reason`` is the first column."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[DATA]
    place = 1 if name == "reason" else next(cell.column for cell in sheet[1] if cell.value == name)
    return [sheet.cell(row, place).value for row in range(FIRST, sheet.max_row + 1)]
