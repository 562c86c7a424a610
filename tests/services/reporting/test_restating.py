"""The restatement ledger: every later change of a signed figure is noted and said once, whatever crashes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period
from chassis.store_memory import MemoryStore
from services.reporting import proofs
from services.reporting import store as kept
from services.reporting.proof_views import NoteView
from services.reporting.rebuild import rebuild
from services.reporting.restating import Restating
from services.reporting.views import ConsolidationView
from tests.services.reporting.said import said
from tests.services.reporting.standing import JULY, deps_on
from tests.services.reporting.test_ledger import Crash, CrashingStore
from tests.services.reporting.test_past import YEAR, Reporting, batches, classes
from tests.services.reporting.test_rebuild import CLASSES, PEOPLE, corrected

JUNE, QUARTER = date(2021, 6, 1), Period.parse("2021-Q2")


async def notes_of(reporting: Reporting, period: Period) -> list[NoteView]:
    return [note for _, _, note in await kept.notes_of(reporting.deps.store, period.code)]


async def spoken(reporting: Reporting) -> list[dict[str, Any]]:
    """The data of what was said of restated figures, in order."""
    store = reporting.deps.store
    documents = await store.find("restated")
    messages = await store.said("restated", (document.id for document in documents))
    return [msgspec.json.decode(one.value)["data"] for document in documents for one in messages[document.id]]


def chained(frozen: ConsolidationView, notes: Sequence[NoteView]) -> dict[str, int]:
    """What the notes come to, each beginning where the one before it ended."""
    stands = proofs.signed_values(frozen)
    for number, note in enumerate(notes, start=1):
        assert note.number == number
        for figure in note.figures:
            assert figure.before == stands[figure.indicator]
            stands[figure.indicator] = figure.after
    return stands


async def test_a_late_a_corrected_and_a_retracted_event_are_noted_with_old_and_new_by_whom_and_why(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10), classes("b", JUNE, 20)])
    await reporting.signed(QUARTER)
    restating = Restating(reporting.deps)
    assert await restating.look() == 0
    taken_back = said("SNV", "training.held.retracted", "b", JULY, {"reason": "nhập nhầm"}, revision=2, id="b-2")
    await reporting.hear([classes("c", JUNE, 5), classes("a", JUNE, 12, revision=2), taken_back])
    assert await restating.look() == 1
    [note] = await notes_of(reporting, QUARTER)
    people = next(figure for figure in note.figures if figure.indicator == PEOPLE)
    assert (people.signed, people.before, people.after) == (30, 30, 17)
    assert [(one.agency, one.sort, one.reason) for one in note.changes] == [
        ("SNV", "late", None),
        ("SNV", "corrected", None),
        ("SNV", "retracted", "nhập nhầm"),
    ]
    told = next(data for data in await spoken(reporting) if data["indicator"] == PEOPLE)
    assert (told["before"], told["after"], told["events"], told["agencies"]) == (30, 17, 3, ["SNV"])
    assert told["reason"] == "báo sau khi ký; sửa số liệu đã báo; nhập nhầm"
    whole = await spoken(reporting)
    assert {data["figures"] for data in whole} == {len(whole)}  # so that a hearer knows when it has all of a note
    assert {data["document"] for data in whole} == {"1/BC-SKHĐT"}


async def test_what_lies_in_no_signed_period_is_not_noted(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    await reporting.signed(QUARTER)
    restating = Restating(reporting.deps)
    await reporting.hear([classes("d", date(2021, 8, 1), 99)])
    assert await restating.look() == 0
    assert await notes_of(reporting, QUARTER) == []


async def test_an_event_that_adds_nothing_to_a_stock_changes_no_later_period(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.signed(Period.parse("2021-Q4"))
    inspection = {"cooperatives": ["HTX-003"], "findings": 0}
    await reporting.hear([said("SNNPTNT", "inspection.held", "i-1", JULY, inspection)])
    assert await Restating(reporting.deps).look() == 0


async def test_an_event_that_moves_out_of_a_signed_period_is_worth_nothing_in_it_any_more(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    await reporting.signed(QUARTER)
    await reporting.hear([classes("a", date(2021, 8, 1), 10, revision=2)])
    assert await Restating(reporting.deps).look() == 1
    [note] = await notes_of(reporting, QUARTER)
    assert [(e.before, e.after) for one in note.changes for e in one.effects if e.indicator == PEOPLE] == [(10, 0)]
    assert next((f.before, f.after) for f in note.figures if f.indicator == PEOPLE) == (10, 0)


@settings(max_examples=25)
@given(before=batches, later=batches, looks=st.lists(st.booleans(), min_size=6, max_size=6))
async def test_the_notes_chain_from_the_signed_figures_to_those_known_now_however_often_it_is_looked(
    plan: Plan, before: list[list[bytes]], later: list[list[bytes]], looks: list[bool]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    frozen = await reporting.signed()
    restating = Restating(reporting.deps)
    for values, look in zip(later, looks, strict=False):
        await reporting.hear(values)
        if look:
            await restating.look()
    await restating.look()
    notes = await notes_of(reporting, YEAR)
    assert chained(frozen, notes) == await reporting.values()
    computed = await proofs.restate(reporting.deps, frozen)
    in_notes = sorted((c.kind, c.subject, c.id) for note in notes for c in note.changes)
    entries = {change.source.entry for one in computed for change in one.changes}
    # Whoever tells it, what registry says of a cooperative is one fact, so the fact does not name the teller.
    assert in_notes == sorted((*entry.fact.split(" ", 2)[1:], entry.id) for entry in entries)
    changed = {figure.indicator for note in notes for figure in note.figures if figure.before != figure.after}
    assert {data["indicator"] for data in await spoken(reporting)} == changed


class CrashingReporting(Reporting):
    """On a store that dies at a chosen write."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.crashing = CrashingStore()
        self.deps = deps_on(plan, self.crashing, self.clock)
        self._folding = type(self._folding)(self.deps)


@settings(max_examples=25)
@given(later=batches, crashes=st.lists(st.booleans(), max_size=4))
async def test_a_crash_before_or_after_a_note_is_kept_neither_doubles_nor_loses_it(
    plan: Plan, later: list[list[bytes]], crashes: list[bool]
) -> None:
    reporting = CrashingReporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    frozen = await reporting.signed()
    for values in later:
        await reporting.hear(values)
    for after in crashes:
        reporting.crashing.writes_left, reporting.crashing.after = 1, after
        try:
            await Restating(reporting.deps).look()  # another process every time
        except Crash:
            continue
    reporting.crashing.writes_left = None
    await Restating(reporting.deps).look()
    assert chained(frozen, await notes_of(reporting, YEAR)) == await reporting.values()
    data = await spoken(reporting)
    assert len({(one["indicator"], one["sequence"]) for one in data}) == len(data)


@settings(max_examples=25)
@given(later=batches, turns=st.lists(st.integers(0, 1), min_size=6, max_size=6))
async def test_two_copies_that_look_at_the_same_ledger_keep_one_chain(
    plan: Plan, later: list[list[bytes]], turns: list[int]
) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    frozen = await reporting.signed()
    copies = [Restating(reporting.deps), Restating(reporting.deps)]
    for values, turn in zip(later, turns, strict=False):
        await reporting.hear(values)
        await copies[turn].look()
    for copy in (*copies, *copies):  # who was overtaken goes on behind it at its next look
        await copy.look()
    assert chained(frozen, await notes_of(reporting, YEAR)) == await reporting.values()


async def test_a_copy_that_is_overtaken_in_the_middle_of_a_look_goes_on_at_its_next(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    frozen = await reporting.signed(QUARTER)
    faster, slower = Restating(reporting.deps), Restating(reporting.deps)
    assert (await faster.look(), await slower.look()) == (0, 0)
    for number in range(3):
        await reporting.hear([classes(f"late-{number}-{n}", JUNE, 1) for n in range(600)])
    assert await faster.look() == 2
    await slower.look()
    await reporting.hear([classes("late", JUNE, 1)])
    assert await slower.look() == 1
    assert chained(frozen, await notes_of(reporting, QUARTER))[PEOPLE] == 10 + 1_801


async def test_a_signed_figure_that_another_catalogue_counts_otherwise_is_noted_without_events(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    await reporting.signed(QUARTER)
    store = reporting.deps.store
    assert isinstance(store, MemoryStore)
    newer = deps_on(corrected(plan), store, reporting.clock)
    await rebuild(newer, [CLASSES], lambda _: None)
    assert await Restating(reporting.deps).look() == 0  # the former catalogue has nothing to say any more
    assert await Restating(newer).look() == 1
    [note] = await notes_of(reporting, QUARTER)
    assert [(f.indicator, f.before, f.after) for f in note.figures] == [(CLASSES, 1, 0)]
    assert note.changes == []
    assert await Restating(newer).look() == 0


async def test_a_note_of_very_many_events_is_cut_and_the_next_goes_on(plan: Plan) -> None:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", JUNE, 10)])
    frozen = await reporting.signed(QUARTER)
    for number in range(3):
        await reporting.hear([classes(f"late-{number}-{n}", JUNE, 1) for n in range(600)])
    assert await Restating(reporting.deps).look() == 2
    notes = await notes_of(reporting, QUARTER)
    assert [len(note.changes) for note in notes] == [1_200, 600]
    assert chained(frozen, notes)[PEOPLE] == 10 + 1_800
