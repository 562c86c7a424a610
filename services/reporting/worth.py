"""What an indicator is worth: sums are added, cooperatives united, averages taken of totals. Pure.

An average is its total divided by how many the total is of, over all cells together, so it is the same however they are
grouped; rounded to a whole number, halves away from zero, as money is whole đồng. Averages are never averaged.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from catalogue.model import Indicator
from services.reporting.model import Cell, CellKey, Row

Pairs = Sequence[tuple[CellKey, Cell]]


class Worth(NamedTuple):
    """A value; of an average also the total and how many it is of. Of none, an average is 0 and says nothing."""

    value: int
    numerator: int | None = None
    denominator: int | None = None


def average(total: int, of: int) -> int:
    """The nearest whole number, halves away from zero; 0 of none."""
    if not of:
        return 0
    rounded = (2 * abs(total) + of) // (2 * of)
    return rounded if total >= 0 else -rounded


def of_cells(indicator: Indicator, cells: Pairs) -> Worth:
    """What an indicator is worth over its cells."""

    def counted(part: Indicator) -> int:
        mine = [cell for key, cell in cells if key.indicator == part.code]
        if part.measure == "distinct":
            return len({member for cell in mine for member in cell.members})
        return sum(cell.amount for cell in mine)

    return _worth(indicator, counted)


def of_rows(indicator: Indicator, rows: Sequence[Row]) -> Worth:
    """What an indicator's rows come to."""

    def counted(part: Indicator) -> int:
        mine = [row for row in rows if row.indicator == part.code]
        if part.measure == "distinct":
            return len({row.member for row in mine})
        return sum(row.amount for row in mine)

    return _worth(indicator, counted)


def _worth(indicator: Indicator, counted: Callable[[Indicator], int]) -> Worth:
    if indicator.of is None or indicator.per is None:
        return Worth(counted(indicator))
    total, of = counted(indicator.of), counted(indicator.per)
    return Worth(average(total, of), total, of)
