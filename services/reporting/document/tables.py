"""The tables of a consolidated report, cells with their types: both documents lay out these. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from services.reporting.document.opening import Behind, Opened


@dataclass(frozen=True)
class Permille:
    """A share, in thousandths."""

    value: int


Cell = str | int | date | datetime | Permille | None


@dataclass(frozen=True)
class Column:
    """``width`` in centimetres on paper, where 0 leaves the column out; the workbook has all, ``wide`` characters.
    ``opens`` names which of a row's numbers it shows, where these can be opened."""

    title: str
    width: float
    wide: int = 14
    form: str = "text"
    """``text``; ``number``, ``day``, ``moment``, ``percent`` where cells are."""
    opens: str = ""


@dataclass(frozen=True)
class Row:
    """``behind`` tells where its numbers open, by the names that columns have for them."""

    cells: tuple[Cell, ...]
    behind: Mapping[str, Behind] = field(default_factory=dict)

    def link(self, index: int, column: Column, opened: Opened) -> str | None:
        """Where the cell of a column leads; nowhere where it is empty."""
        behind = self.behind.get(column.opens)
        return opened(behind) if behind is not None and self.cells[index] is not None else None


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
    return opening_rows((cells, {}) for cells in rows)


def opening_rows(rows: Iterable[tuple[Sequence[Cell], Mapping[str, Behind]]]) -> Iterator[Row]:
    """The same of rows with numbers that open."""
    for number, (cells, behind) in enumerate(rows, start=1):
        yield Row((number, *cells), behind)


NUMBER = Column("TT", 0.9, 6, "number")
AGENCY = "Cơ quan, đơn vị"
