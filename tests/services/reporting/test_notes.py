"""What a consolidation notes of earlier periods that were signed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting import proofs, queries
from services.reporting.document.annexes import restatements
from services.reporting.document.tables import Row
from services.reporting.notes import looks_back_on
from services.reporting.views import ConsolidationView, RestatementNoteView
from tests.services.reporting.said import said
from tests.services.reporting.test_past import Reporting, batches

Q2, YEAR = Period.parse("2021-Q2"), Period.parse("2021")
MAY = datetime(2021, 5, 3, 3, tzinfo=UTC)
PEOPLE = "II.3.b/people"


def training(people: int, *, number: int = 1, revision: int = 1, **more: str) -> bytes:
    data = {"people": people, "audience": "officials", "topic": "law", **more}
    return said("SNV", "training.held", f"t-{number}", MAY, data, revision=revision)


async def consolidated(reporting: Reporting, period: Period = YEAR) -> dict[str, RestatementNoteView]:
    frozen = await queries.consolidate(reporting.deps, period, "SKHDT", None)
    return {note.indicator: note for note in frozen.restatements}


async def test_a_figure_that_changed_since_it_was_signed_is_noted_with_how_and_why(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([training(30)])
    await reporting.signed(Q2)
    await reporting.hear([training(40, number=2), training(25, revision=2, note="đếm trùng 5 người")])
    note = (await consolidated(reporting))[PEOPLE]
    assert (note.period, note.signed, note.now, note.events, note.agencies) == ("2021-Q2", 30, 65, 2, ["SNV"])
    assert note.reasons == ["báo sau khi ký", "đếm trùng 5 người"]


async def test_what_came_and_went_again_is_no_restatement(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([training(30)])
    await reporting.signed(Q2)
    taken_back = said("SNV", "training.held.retracted", "t-2", MAY, {"reason": "nhập nhầm"}, revision=2)
    await reporting.hear([training(40, number=2), taken_back])
    assert await consolidated(reporting) == {}


async def test_a_period_that_nobody_signed_is_not_noted(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([training(30)])
    await queries.consolidate(reporting.deps, Q2, "SKHDT", None)
    await reporting.hear([training(40, number=2)])
    assert await consolidated(reporting) == {}


@pytest.mark.parametrize(
    ("other", "noted"),
    [("2021-Q1", True), ("2021-Q2", False), ("2021-Q3", False), ("2021-H1", True), ("2020", True), ("2019-Q4", False)],
)
async def test_a_report_looks_back_on_this_year_and_the_one_before(plan: Plan, other: str, noted: bool) -> None:
    reporting = Reporting(plan)
    frozen = await queries.consolidate(reporting.deps, Q2, "SKHDT", None)
    assert looks_back_on(Q2, frozen.model_copy(update={"period": other})) == noted


@settings(max_examples=15)
@given(before=batches, after=batches)
async def test_the_notes_are_the_restatements_of_each_signed_period_that_moved_a_figure(
    plan: Plan, before: list[list[bytes]], after: list[list[bytes]]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    signed: list[ConsolidationView] = [
        await reporting.signed(Period.parse(code)) for code in ("2021-Q1", "2021-Q2", "2021-H1")
    ]
    for values in after:
        await reporting.hear(values)
    frozen = await queries.consolidate(reporting.deps, YEAR, "SKHDT", None)
    notes = frozen.restatements
    told = {(note.period, note.indicator): (note.signed or 0, note.now or 0, note.events) for note in notes}
    expected = {
        (one.period, found.indicator.code): (found.signed, found.after, len(found.changes))
        for one in signed
        for found in await proofs.restate(reporting.deps, one)
        if found.after != found.signed
    }
    assert told == expected
    of_none = {note.indicator for note in notes if None in (note.signed, note.now)}
    assert {plan.indicator_by_code[code].measure for code in of_none} <= {"average"}
    assert json.loads(frozen.model_dump_json())["restatements"] == [note.model_dump() for note in notes]


async def test_an_average_that_was_signed_of_none_is_noted_without_a_number(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.signed(Q2)
    results = {"year": 2020, "form": "htx", "sector": "agriculture", "profit": 3, "wages": 50, "workers": 2}
    year = {**results, "cooperative": "HTX-1", "unit": "178", "revenue": 900}
    await reporting.hear([said("UBND-178", "activity.reported", "HTX-1/activity-2020", MAY, year)])
    notes = await consolidated(reporting)
    averages = [note for code, note in notes.items() if plan.indicator_by_code[code].measure == "average"]
    assert averages
    assert {note.signed for note in averages} == {None}
    assert all(note.now for note in averages)
    frozen = await queries.consolidate(reporting.deps, YEAR, "SKHDT", None)
    rows = [row for row in restatements(plan, frozen).rows if isinstance(row, Row)]
    blank = [row.cells[4:7] for row in rows if row.cells[1] in {note.indicator for note in averages}]
    assert blank == [(None, note.now, None) for note in averages]
