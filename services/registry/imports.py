"""A whole register from one workbook: each row is a request to register, carried out as any other."""

from chassis.metrics import EVENTS_DUPLICATE
from chassis.workbook.read import Filled
from chassis.workbook.receipts import Judged
from chassis.workbook.rows import Fault, Row
from services.registry import store as kept
from services.registry.deps import Deps
from services.registry.forms import request_of
from services.registry.handlers import handle
from services.registry.model import Cooperative, Refused
from services.registry.requests import Register

_COLUMNS = {
    "in-the-future": "at",
    "before-the-law": "at",
    "already-registered": "code",
    "unit-not-standing": "unit",
    "other-unit": "unit",
    "union-at-province": "form",
    "too-few-members": "members",
    "tax-number": "tax_number",
}
"""Where in a row the rules' objections are; what is not here is about the row as a whole."""


async def take_rows(deps: Deps, speaker: str, filled: Filled) -> list[Judged]:
    """What became of each row, in order. The same row sent again is a duplicate: its content is its key."""
    wanted = {row.number: request_of(row, filled.layout) for row in filled.rows if not (row.faults or row.example)}
    keys = {number: key_of(one) for number, one in wanted.items() if isinstance(one, Register)}
    held = await kept.claimed(deps.store, [kept.claim_of(speaker, key) for key in keys.values()])
    judged: list[Judged] = []
    for row in filled.rows:
        request = wanted.get(row.number, row.faults)
        if isinstance(request, Register):
            judged.append(await _take(deps, speaker, row, request, keys[row.number], held))
        else:
            judged.append(Judged(row, "example" if row.example else "refused", faults=request))
    return judged


def key_of(request: Register) -> str:
    """The idempotency key of a row: what it says."""
    return f"workbook {kept.digest(request.model_dump_json())}"


async def _take(deps: Deps, speaker: str, row: Row, request: Register, key: str, held: dict[str, str]) -> Judged:
    claim = kept.claim_of(speaker, key)
    if claim in held:
        deps.metrics.count(EVENTS_DUPLICATE, source="excel")
        return Judged(row, "duplicate", request.code, held[claim])
    outcome = await handle(deps, request.code, request, speaker=speaker, key=key)
    match outcome:
        case Cooperative():
            held[claim] = request.code
            return Judged(row, "accepted", request.code)
        case Refused(code=code, reason=reason, remedy=remedy):
            return Judged(row, "refused", request.code, faults=(Fault(code, reason, remedy, _COLUMNS.get(code)),))
