"""What became of each row of a workbook, as its sender reads it: as JSON, or as the refused rows in a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from chassis.workbook.layout import Layout
from chassis.workbook.read import Filled
from chassis.workbook.rows import Fault, Remark, Row
from chassis.workbook.write import returned

RowOutcome = Literal["accepted", "held", "duplicate", "refused", "example"]


@dataclass(frozen=True)
class Judged:
    """A row and what became of it. ``of`` names what keeps a duplicate's first copy; a held row's fault says what it
    waits for; ``warnings`` are of a row that is taken."""

    row: Row
    outcome: RowOutcome
    id: str | None = None
    of: str | None = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Remark, ...] = ()


class FaultView(BaseModel):
    """What is wrong: the heading of the column and the cell (absent: the row as a whole); ``reason`` and ``remedy``
    are Vietnamese, ``code`` is for programs."""

    code: str
    column: str | None
    cell: str | None
    reason: str
    remedy: str


class RemarkView(BaseModel):
    """What is unusual about a row that is taken all the same: column and cell as in a fault; ``reason`` is
    Vietnamese."""

    code: str
    column: str | None
    cell: str | None
    reason: str


class RowReceiptView(BaseModel):
    """What became of one row; ``row`` is its number in the sheet."""

    row: int
    outcome: RowOutcome
    id: str | None = None
    of: str | None = None
    faults: list[FaultView] = []
    warnings: list[RemarkView] = []


class WorkbookReceiptsView(BaseModel):
    """A receipt for each row that is not empty, how many of each outcome, and remarks on the file as a whole."""

    form: str
    title: str
    notices: list[str]
    receipts: list[RowReceiptView]
    accepted: int
    held: int
    duplicate: int
    refused: int


def receipts_of(filled: Filled, judged: Sequence[Judged]) -> WorkbookReceiptsView:
    """The receipts, in the order of the rows."""
    return WorkbookReceiptsView(
        form=filled.layout.name,
        title=filled.layout.title,
        notices=list(filled.notices),
        receipts=[_receipt(filled, one) for one in judged],
        accepted=sum(one.outcome == "accepted" for one in judged),
        held=sum(one.outcome == "held" for one in judged),
        duplicate=sum(one.outcome == "duplicate" for one in judged),
        refused=sum(one.outcome == "refused" for one in judged),
    )


def refused_of(filled: Filled, judged: Sequence[Judged], layout: Layout, *, rows: int) -> bytes:
    """The refused rows as a workbook of the same form, the reasons beside each. Blocking."""
    refused = [(one.row, reason_of(filled, one.faults)) for one in judged if one.outcome == "refused"]
    return returned(layout, refused, rows=rows)


def reason_of(filled: Filled, faults: Sequence[Fault]) -> str:
    """All that is wrong with a row, a line each."""
    return "\n".join(f"{_at(filled, fault)}{_sentence(fault.reason)} {fault.remedy}" for fault in faults)


def _at(filled: Filled, fault: Fault) -> str:
    return f"{filled.layout.column[fault.column].title}: " if fault.column else ""


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:].rstrip(".") + "."


def _receipt(filled: Filled, judged: Judged) -> RowReceiptView:
    return RowReceiptView(
        row=judged.row.number,
        outcome=judged.outcome,
        id=judged.id,
        of=judged.of,
        faults=[
            FaultView(**_place(filled, judged.row, fault), reason=fault.reason, remedy=fault.remedy)
            for fault in judged.faults
        ],
        warnings=[RemarkView(**_place(filled, judged.row, one), reason=one.reason) for one in judged.warnings],
    )


def _place(filled: Filled, row: Row, told: Fault | Remark) -> dict[str, Any]:
    letter = filled.letters.get(told.column or "")
    return {
        "code": told.code,
        "column": filled.layout.column[told.column].heading if told.column else None,
        "cell": f"{letter}{row.number}" if letter else None,
    }
