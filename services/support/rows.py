"""Taking in the rows of a workbook: each becomes an event and is judged as any event is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from chassis.workbook.layout import Layout
from chassis.workbook.read import Filled
from chassis.workbook.receipts import Judged
from chassis.workbook.rows import Fault, Remark, Row
from contracts.kinds import Kind
from services.support import store as kept
from services.support.deps import Deps
from services.support.forms import SOURCE, column_at, event_of, says_the_same
from services.support.intake import take_in
from services.support.model import Accepted, Caution, Duplicate, Held, Outcome, Refused

_CHANGED = Fault(
    "changed-without-revision",
    "dòng này khác với lần đã nhận, nhưng Lần sửa không tăng",
    "Muốn sửa dòng đã nhận: giữ nguyên Mã hồ sơ, tăng Lần sửa thêm 1 và để trống Mã sự kiện. Nếu là việc khác: đặt Mã "
    "hồ sơ khác.",
    "revision",
)

_RETRACTED_AS_FIRST = Fault(
    "retraction-without-revision",
    "dòng rút lại nhưng Lần sửa không tăng",
    "Giữ nguyên Mã hồ sơ, ghi Lần sửa lớn hơn lần đã gửi (từ 2 trở lên) và để trống Mã sự kiện.",
    "revision",
)


async def take_rows(deps: Deps, agency: str, filled: Filled, kind: Kind) -> list[Judged]:
    """What became of each row, in order; a row with a fault of its own is not sent further.

    Raises:
        Taken: as `take_in`; rows before it may have been taken, and nothing is lost by sending the file again.
    """
    judged: list[Judged] = []
    size = deps.settings.events_per_write  # between two writes others get their turn
    for first in range(0, len(filled.rows), size):
        judged += await _take(deps, agency, filled.rows[first : first + size], filled.layout, kind)
    return judged


async def _take(deps: Deps, agency: str, rows: Sequence[Row], layout: Layout, kind: Kind) -> list[Judged]:
    rows = [_judged_alone(row) for row in rows]
    sent = {row.number: event_of(kind, row) for row in rows if not (row.faults or row.example)}
    outcomes = dict(zip(sent, await take_in(deps, agency, list(sent.values()), source="excel"), strict=True))
    first = await _first_copies(deps, outcomes.values())
    return [
        _judged(row, outcomes[row.number], layout, sent[row.number], first)
        if row.number in sent
        else Judged(row, "example" if row.example else "refused", faults=row.faults)
        for row in rows
    ]


def _judged_alone(row: Row) -> Row:
    """The row, with what is wrong with it by itself beside what its cells hold."""
    as_first = "retracted" in row.values and row.values.get("revision", 1) == 1 and not row.example
    return replace(row, faults=(*row.faults, _RETRACTED_AS_FIRST)) if as_first else row


async def _first_copies(deps: Deps, outcomes: Iterable[Outcome]) -> dict[str, bytes]:
    """What was kept of the events that came again, by their ids."""
    ids = {outcome.id: outcome.of for outcome in outcomes if isinstance(outcome, Duplicate)}
    return await kept.said(deps.store, set(ids.values()), source=SOURCE) if ids else {}


def _judged(row: Row, outcome: Outcome, layout: Layout, sent: bytes, first: dict[str, bytes]) -> Judged:
    match outcome:
        case Accepted():
            return Judged(row, "accepted", outcome.event.id, warnings=_remarks(outcome.warnings, layout))
        case Held(event=event, code=code, pointer=pointer, reason=reason, remedy=remedy):
            waits = Fault(code, reason, remedy, column_at(pointer, layout))
            return Judged(row, "held", event.id, faults=(waits,), warnings=_remarks(outcome.warnings, layout))
        case Duplicate(id=id, of=of):
            if id in first and not says_the_same(sent, first[id]):
                return Judged(row, "refused", id, of, (_CHANGED,))
            return Judged(row, "duplicate", id, of)
        case Refused(id=id, code=code, pointer=pointer, reason=reason, remedy=remedy):
            column = column_at(pointer, layout)
            told = (
                layout.column[column].told if column and code == "malformed" else remedy
            )  # a clerk has no API's words
            return Judged(row, "refused", id, faults=(Fault(code, reason, told, column),))
        case _:
            assert_never(outcome)


def _remarks(warnings: Iterable[Caution], layout: Layout) -> tuple[Remark, ...]:
    return tuple(Remark(one.code, one.reason, column_at(one.pointer, layout)) for one in warnings)
