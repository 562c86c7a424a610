"""The fold's laws: cells are a function of the set of events."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from services.reporting.fold import Cells, Counting, apply, effect, entry_of, hear, move, new_entries, replaced
from services.reporting.model import Cell, CellKey, Row
from services.reporting.packing import pack_cells, pack_entries, unpack_cells, unpack_entries
from tests.services.reporting.said import event, events, said

JUNE = datetime(2021, 6, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


def folded(counting: Counting, values: Iterable[bytes]) -> dict[CellKey, Cell]:
    cells = Cells(counting.stocks)
    for value in values:
        apply(cells, entry_of(event(value), counting))
    return {key: cell for bucket in cells.buckets.values() for key, cell in bucket.items()}


@given(values=st.lists(events(), max_size=40), seed=st.integers())
def test_order_and_duplicates_do_not_matter(counting: Counting, values: list[bytes], seed: int) -> None:
    chance = random.Random(seed)
    shuffled = values + chance.choices(values, k=len(values)) if values else []
    chance.shuffle(shuffled)
    assert folded(counting, shuffled) == folded(counting, values)


@given(values=st.lists(events(), max_size=40))
def test_cells_equal_a_plain_count_of_what_holds(counting: Counting, values: list[bytes]) -> None:
    holds: dict[str, tuple[tuple[int, str], tuple[Row, ...]]] = {}
    for value in values:
        said_event = event(value)
        rank = (said_event.envelope.revision, said_event.envelope.id)
        if said_event.fact not in holds or rank > holds[said_event.fact][0]:
            holds[said_event.fact] = rank, counting.rows(said_event)
    rows = [row for _, of_fact in holds.values() for row in of_fact]
    for key, cell in folded(counting, values).items():
        mine = [row for row in rows if row.key == key]
        assert cell.amount == sum(row.amount for row in mine if not row.member)
        assert set(cell.members) == {row.member for row in mine if row.member}
    assert {row.key for row in rows} <= set(folded(counting, values))


@given(values=st.lists(events(), max_size=30))
def test_what_was_heard_leaves_no_new_entries(counting: Counting, values: list[bytes]) -> None:
    cells = Cells(counting.stocks)
    entries = [entry_of(event(value), counting) for value in values]
    for entry in new_entries(cells, entries):
        apply(cells, entry)
    assert new_entries(cells, entries) == []


def test_a_revision_heard_again_after_its_correction_is_a_duplicate(counting: Counting) -> None:
    """A log that says it all again must not make the ledger longer."""
    data = {"people": 30, "audience": "officials", "topic": "law"}
    told = [said("SNV", "training.held", "t-1", JUNE, data, revision=revision) for revision in (1, 3, 2)]
    entries = [entry_of(event(value), counting) for value in told]
    cells = Cells(counting.stocks)
    assert [apply(cells, entry) for entry in entries] == ["counted", "counted", "superseded"]
    assert [effect(cells, entry) for entry in entries] == ["duplicate"] * 3


@given(heard=st.lists(st.lists(events(), max_size=8), max_size=6))
def test_a_batch_says_exactly_what_folding_it_takes_back(counting: Counting, heard: list[list[bytes]]) -> None:
    live, told = Cells(counting.stocks), Cells(counting.stocks)
    for values in heard:
        entries = new_entries(live, [entry_of(event(value), counting) for value in values])
        taken, superseded = replaced(live, entries)
        outcomes = [apply(live, entry) for entry in entries]
        assert {number for number, outcome in enumerate(outcomes) if outcome == "superseded"} == superseded
        for number, entry in enumerate(entries):
            if number not in superseded:
                move(told, taken.get(number, ()), entry.rows)
            hear(told, entry)
    assert told.buckets == live.buckets


@given(values=st.lists(events(), max_size=30))
def test_what_is_packed_comes_out_as_it_went_in(counting: Counting, values: list[bytes]) -> None:
    cells = Cells(counting.stocks)
    entries = new_entries(cells, [entry_of(event(value), counting) for value in values])
    what = (entries, *replaced(cells, entries))
    assert unpack_entries(pack_entries(*what)) == what
    for entry in entries:
        apply(cells, entry)
    for bucket in cells.buckets.values():
        shuffled = dict(sorted(bucket.items(), reverse=True))
        assert dict(unpack_cells(pack_cells(bucket))) == bucket
        assert pack_cells(shuffled) == pack_cells(bucket)


@given(amount=st.integers(-(2**80), 2**80), members=st.dictionaries(st.text(), st.integers(1, 9)))
def test_a_cell_that_came_to_more_than_64_bits_is_read_back_as_parts_that_add_up_to_it(
    amount: int, members: dict[str, int]
) -> None:
    key = CellKey("II.3.b/people", "2021-06-15", "SNV", "")
    parts = unpack_cells(pack_cells({key: Cell(amount, members, 7)}))
    assert {(part, cell.newest) for part, cell in parts} == {(key, 7)}
    assert sum(cell.amount for _, cell in parts) == amount
    assert [cell.members for _, cell in parts if cell.members] == [members] * bool(members)


def rows(counting: Counting, value: bytes) -> dict[str, int]:
    return {row.indicator: row.amount for row in counting.rows(event(value))}


def test_a_class_counts_for_the_task_of_whoever_held_it(counting: Counting) -> None:
    data = {"people": 30, "audience": "officials", "topic": "state-management"}
    ours = rows(counting, said("SNV", "training.held", "t-1", JUNE, data))
    assert any(code.startswith("II.3.b/") for code in ours)
    assert not any(code.startswith("II.4.đ.2/") for code in ours)
    assert rows(counting, said("SCT", "training.held", "t-1", JUNE, data)) == {}


def test_a_correction_moves_figures_by_the_difference(counting: Counting) -> None:
    first = said("SNV", "training.held", "t-1", JUNE, {"people": 30, "audience": "officials", "topic": "law"})
    second = said(
        "SNV", "training.held", "t-1", JUNE, {"people": 25, "audience": "officials", "topic": "law"}, revision=2
    )
    assert total(folded(counting, [first, second])) == total(folded(counting, [second]))


def test_a_retraction_takes_everything_back(counting: Counting) -> None:
    first = said("SNV", "training.held", "t-1", JUNE, {"people": 30, "audience": "officials", "topic": "law"})
    back = said("SNV", "training.held.retracted", "t-1", JUNE, {"reason": "nhập nhầm"}, revision=2)
    assert total(folded(counting, [first, back])) == 0
    assert total(folded(counting, [back, first])) == 0


def test_the_last_local_minute_of_the_14th_is_inside_the_window(counting: Counting) -> None:
    data = {"people": 1, "audience": "officials", "topic": "law"}
    last = said("SNV", "training.held", "t-1", datetime(2021, 6, 14, 16, 59, tzinfo=UTC), data)
    next_day = said("SNV", "training.held", "t-2", datetime(2021, 6, 14, 17, 0, tzinfo=UTC), data)
    assert {row.key.stretch for row in counting.rows(event(last))} == {"2021-04-01"}
    assert {row.key.stretch for row in counting.rows(event(next_day))} == {"2021-06-15"}


def total(cells: dict[CellKey, Cell]) -> int:
    return sum(cell.amount for cell in cells.values())


def test_another_average_is_another_way_of_counting_and_a_target_or_a_title_is_not(
    plan: Plan, counting: Counting
) -> None:
    def changed(**change: object) -> str:
        tasks = tuple(
            replace(
                task,
                indicators=tuple(
                    replace(one, **change) if one.code == "II.4.đ.1/average-income" else one  # type: ignore[arg-type]
                    for one in task.indicators
                ),
            )
            for task in plan.tasks
        )
        return Counting(replace(plan, tasks=tasks)).name

    assert changed(per=plan.indicator_by_code["II.4.đ.1/results"]) != counting.name
    assert changed(title="Thu nhập") == counting.name
    assert Counting(replace(plan, targets=())).name == counting.name
