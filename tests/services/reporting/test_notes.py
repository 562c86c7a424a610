"""What a consolidation notes of earlier periods that were signed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting import proofs, queries
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
    told = {(note.period, note.indicator): (note.signed, note.now, note.events) for note in frozen.restatements}
    expected = {
        (one.period, found.indicator.code): (found.signed, found.after, len(found.changes))
        for one in signed
        for found in await proofs.restate(reporting.deps, one)
        if found.after != found.signed
    }
    assert told == expected
    assert json.loads(frozen.model_dump_json())["restatements"] == [note.model_dump() for note in frozen.restatements]
