"""The tables of a consolidated report, cells with their types: both documents lay out these. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True)
class Permille:
    """A share, in thousandths."""

    value: int


Cell = str | int | date | datetime | Permille | None


@dataclass(frozen=True)
class Column:
    """``width`` in centimetres on paper, where 0 leaves the column out; the workbook has all, ``wide`` characters."""

    title: str
    width: float
    wide: int = 14
    form: str = "text"
    """``text``; ``number``, ``day``, ``moment``, ``percent`` where cells are; ``figure``: the number that can be
    opened."""


@dataclass(frozen=True)
class Row:
    """``figure`` is the code of the indicator that the row's figure can be opened by."""

    cells: tuple[Cell, ...]
    figure: str | None = None


@dataclass(frozen=True)
class Band:
    """A line over all columns, above the rows that it names; level 1 above level 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """``name`` is short, for a sheet; ``title`` is for people."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row | Band, ...]

    @property
    def on_paper(self) -> tuple[int, ...]:
        """The columns that have room on paper, by index."""
        return tuple(index for index, column in enumerate(self.columns) if column.width)

    def compact(self) -> "Table":
        """Without the columns that are only for the workbook and that no row fills, so that it prints to be read."""
        rows = [row for row in self.rows if isinstance(row, Row)]
        kept = [
            index
            for index, column in enumerate(self.columns)
            if column.width or not rows or any(row.cells[index] is not None for row in rows)
        ]
        return replace(
            self,
            columns=tuple(self.columns[index] for index in kept),
            rows=tuple(
                replace(row, cells=tuple(row.cells[index] for index in kept)) if isinstance(row, Row) else row
                for row in self.rows
            ),
        )


def numbered(rows: Iterable[Sequence[Cell]]) -> Iterator[Row]:
    """Rows with their number before them."""
    for number, cells in enumerate(rows, start=1):
        yield Row((number, *cells))


NUMBER = Column("TT", 0.9, 6, "number")
AGENCY = "Cơ quan, đơn vị"
