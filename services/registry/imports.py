"""Rows of a workbook, a whole register too: each is a request about one cooperative, carried out as any other."""

from chassis.metrics import EVENTS_DUPLICATE
from chassis.workbook.read import Filled
from chassis.workbook.receipts import Judged
from chassis.workbook.rows import Fault, Row
from services.registry import store as kept
from services.registry.deps import Deps
from services.registry.forms import Asked, request_of
from services.registry.handlers import asked_of, carry_out
from services.registry.model import Cooperative, Refused, activity_of, evaluation_of
from services.registry.requests import Evaluate, ReportYear

_COLUMNS = {
    "in-the-future": "at",
    "before-the-law": "at",
    "already-registered": "code",
    "unknown": "code",
    "before-latest-change": "at",
    "year-to-come": "year",
    "not-standing-then": "year",
    "unit-not-standing": "unit",
    "other-unit": "unit",
    "union-at-province": "form",
    "too-few-members": "members",
    "tax-number": "tax_number",
}
"""Where in a row the rules' objections are; what is not here is about the row as a whole."""


async def take_rows(deps: Deps, speaker: str, filled: Filled) -> list[Judged]:
    """What became of each row, in order. The same row sent again is a duplicate, as its content is its key, until what
    it tells was taken back."""
    wanted = {row.number: request_of(row, filled.layout) for row in filled.rows if not (row.faults or row.example)}
    claims = [kept.claim_of(speaker, _key(one)) for one in wanted.values() if isinstance(one, Asked)]
    held = await kept.claimed(deps.store, claims)
    judged: list[Judged] = []
    for row in filled.rows:
        asked = wanted.get(row.number, row.faults)
        if isinstance(asked, Asked):
            judged.append(await _take(deps, speaker, row, asked, held))
        else:
            judged.append(Judged(row, "example" if row.example else "refused", faults=asked))
    return judged


def _key(asked: Asked, turn: int = 0) -> str:
    again = f" {turn}" if turn else ""
    return f"workbook {kept.digest(asked.form, asked.code, asked.request.model_dump_json())}{again}"


def _turn(dossier: kept.Dossier, asked: Asked) -> int:
    """How often what the row tells was taken back since: after each time it is new again."""
    request = asked.request
    match request:
        case ReportYear():
            name = activity_of(request.year, estimate=request.estimate)
        case Evaluate():
            name = evaluation_of(request.year)
        case _:
            made = asked_of(asked.code, request)
            return sum(entry.change.annulled is not None for entry in dossier.entries if entry.asked == made)
    return sum(year.retracted is not None for year in dossier.years if year.name == name)


async def _take(deps: Deps, speaker: str, row: Row, asked: Asked, held: dict[str, str]) -> Judged:
    turn = 0
    if kept.claim_of(speaker, _key(asked)) in held:
        turn = _turn(await kept.dossier_of(deps.store, asked.code), asked)
    claim = kept.claim_of(speaker, _key(asked, turn))
    of = held.get(claim)
    if of is None:
        outcome = await carry_out(deps, asked.code, asked.request, speaker=speaker, key=_key(asked, turn))
        if isinstance(outcome, Refused):
            fault = Fault(outcome.code, outcome.reason, outcome.remedy, _COLUMNS.get(outcome.code))
            return Judged(row, "refused", asked.code, faults=(fault,))
        if isinstance(outcome, Cooperative):
            held[claim] = asked.code
            return Judged(row, "accepted", asked.code)
        of = held[claim] = outcome.of
    deps.metrics.count(EVENTS_DUPLICATE, source="excel")
    return Judged(row, "duplicate", asked.code, of)
