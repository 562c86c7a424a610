"""The ledger counted anew: the same where the catalogue is the same, and a changed catalogue applies to the past."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from catalogue.model import Plan
from catalogue.windows import Period
from chassis.listening import Fatal, Record, Span
from chassis.store import Document
from chassis.store_memory import MemoryStore
from services.reporting import batches as ledger
from services.reporting import proofs, queries
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.fold import Counting
from services.reporting.handlers import Folding
from services.reporting.rebuild import Rebuilt, counted, rebuild
from tests.services.reporting.said import JUNE_EVENTS
from tests.services.reporting.standing import JULY, deps_on
from tests.services.reporting.test_past import PLACE, Reporting, batches, classes

CLASSES, PEOPLE = "II.3.b/classes", "II.3.b/people"


def corrected(plan: Plan) -> Plan:
    """The plan in which II.3.b/classes no longer takes anything: a correction that counts otherwise."""
    tasks = tuple(
        replace(
            task,
            indicators=tuple(replace(one, terms=()) if one.code == CLASSES else one for one in task.indicators),
        )
        for task in plan.tasks
    )
    return replace(plan, tasks=tasks)


def on(plan: Plan, reporting: Reporting) -> Deps:
    """Another release of reporting, of this plan, on the same store."""
    store = reporting.deps.store
    assert isinstance(store, MemoryStore)
    return deps_on(plan, store, reporting.clock)


async def rebuilt(deps: Deps, *accepted: str) -> Rebuilt:
    return await rebuild(deps, accepted, lambda _: None)


@settings(max_examples=20)
@given(heard=batches)
async def test_counted_anew_by_the_same_catalogue_everything_is_identical(plan: Plan, heard: list[list[bytes]]) -> None:
    reporting = Reporting(plan)
    for values in heard:
        await reporting.hear(values)
    await reporting.signed()
    result = await rebuilt(reporting.deps)
    assert (result.identical, result.differences, result.changed, result.approved) == (True, [], 0, True)


async def heard(plan: Plan) -> Reporting:
    reporting = Reporting(plan)
    await reporting.hear(JUNE_EVENTS)
    return reporting


async def test_a_service_of_a_changed_catalogue_refuses_until_the_ledger_is_counted_anew(plan: Plan) -> None:
    reporting, changed = await heard(plan), corrected(plan)
    before = await reporting.values()
    newer = on(changed, reporting)
    with pytest.raises(Fatal, match="catalogue-changed"):
        await Folding(newer).assigned({PLACE: await newer.bus.span(PLACE)})
    result = await rebuilt(newer)
    assert {one.indicator for one in result.differences} == {CLASSES}
    assert result.approved
    assert before[CLASSES] > 0

    folding = Folding(newer)
    await folding.assigned({PLACE: await newer.bus.span(PLACE)})
    cells = {key.indicator for one in folding.partitions.values() for b in one.cells.buckets.values() for key in b}
    assert CLASSES not in cells
    assert PEOPLE in cells


async def test_what_the_old_service_heard_after_the_count_is_counted_from_its_bytes(plan: Plan) -> None:
    reporting = await heard(plan)
    newer = on(corrected(plan), reporting)
    await rebuilt(newer)
    await reporting.hear([classes("late", date(2021, 6, 9), 77)])
    folding = Folding(newer)
    await folding.assigned({PLACE: await newer.bus.span(PLACE)})
    [partition] = folding.partitions.values()
    rows = [row for held in partition.cells.facts.values() for row in held.rows if row.amount == 77]
    assert rows
    assert CLASSES not in {row.indicator for held in partition.cells.facts.values() for row in held.rows}


class Elsewhere(MemoryStore):
    """A store that others may write to between two of one's own calls, as a store over a network lets them."""

    async def get(self, collection: str, id: str) -> Document | None:
        found = await super().get(collection, id)
        await asyncio.sleep(0)
        return found


@pytest.mark.parametrize("copies", [2, 4])
async def test_copies_that_start_together_on_an_empty_ledger_are_all_allowed_to_count(plan: Plan, copies: int) -> None:
    deps = deps_on(plan, Elsewhere())
    await asyncio.gather(*(counted(deps) for _ in range(copies)))
    assert await ledger.approved_of(deps.store, deps.counting) == {}


async def test_of_two_counts_approved_at_once_the_further_positions_hold(plan: Plan) -> None:
    deps = deps_on(plan, Elsewhere())
    ends: tuple[dict[str, tuple[int, int]], ...] = ({"a:0": (0, 9), "b:0": (1, 2)}, {"a:0": (0, 7), "b:0": (2, 1)})
    await asyncio.gather(*(ledger.approve(deps.store, deps.counting, end, (), JULY) for end in ends))
    assert await ledger.approved_of(deps.store, deps.counting) == {"a:0": (0, 9), "b:0": (2, 1)}


async def people_told(deps: Deps) -> dict[str, int]:
    summary = await queries.summary(deps, Period.parse("2021-Q2"), "administrative")
    return {one.code: one.value for task in summary.tasks for one in task.indicators}


async def test_readers_of_both_catalogues_are_answered_side_by_side(plan: Plan) -> None:
    reporting = await heard(plan)
    before = await people_told(reporting.deps)
    newer = on(corrected(plan), reporting)
    assert (await people_told(newer))[PEOPLE] == 0
    await rebuilt(newer)
    assert await people_told(newer) == {**before, CLASSES: 0}
    assert await people_told(reporting.deps) == before


async def test_a_service_of_a_changed_catalogue_counts_the_ledger_anew_by_itself(plan: Plan) -> None:
    reporting = await heard(plan)
    newer = on(corrected(plan), reporting)
    await counted(newer)
    folding = Folding(newer)
    await folding.assigned({PLACE: await newer.bus.span(PLACE)})
    assert (await people_told(newer))[CLASSES] == 0
    await counted(newer)  # and has nothing more to do when it starts again
    [done] = await kept.progress(newer.store)
    assert (done["done"], done["approved"], done["ratio"]) == (True, True, 1.0)


async def test_a_service_whose_catalogue_changes_a_signed_figure_does_not_go_on_by_itself(plan: Plan) -> None:
    reporting = await heard(plan)
    await reporting.signed()
    with pytest.raises(Fatal, match=r"II\.3\.b/classes; see docs/runbooks/catalogue-changed"):
        await counted(on(corrected(plan), reporting))


async def test_the_former_catalogue_can_go_on_after_the_newer_has_heard_something(plan: Plan) -> None:
    former = Reporting(plan)
    await counted(former.deps)  # as every service does when it starts
    await former.hear(JUNE_EVENTS)
    newer = on(corrected(plan), former)
    await counted(newer)
    folding = Folding(newer)
    await folding.assigned({PLACE: Span(0, 1_000_000)})
    late = classes("late", date(2021, 6, 9), 77)
    await folding.hear([Record(*PLACE, len(JUNE_EVENTS), None, late)])
    await folding.flush()

    back = Folding(former.deps)
    await back.assigned({PLACE: Span(0, 1_000_000)})
    both = await people_told(former.deps)
    assert both[PEOPLE] == (await people_told(newer))[PEOPLE]
    assert both[CLASSES] > 0


@settings(max_examples=20)
@given(before=batches, between=batches)
async def test_what_came_between_two_catalogues_reads_the_same_forwards_and_at_once(
    plan: Plan, before: list[list[bytes]], between: list[list[bytes]]
) -> None:
    reporting = Reporting(plan)
    for values in before:
        await reporting.hear(values)
    newer = on(corrected(plan), reporting)
    await rebuilt(newer)
    for values in between:
        await reporting.hear(values)  # the former service goes on
    walked = dict((await proofs.past(newer)).pairs())
    loaded = await ledger.load(newer.store, PLACE, newer.counting)
    assert walked == {key: cell for bucket in loaded.cells.buckets.values() for key, cell in bucket.items()}


@pytest.mark.parametrize(("accepted", "approved"), [((), False), ((PEOPLE,), False), ((CLASSES,), True)])
async def test_a_signed_figure_that_would_be_another_must_be_named(
    plan: Plan, accepted: Sequence[str], approved: bool
) -> None:
    reporting = await heard(plan)
    await reporting.signed()
    result = await rebuilt(on(corrected(plan), reporting), *accepted)
    assert {one.indicator for one in result.differences if one.signed} == {CLASSES}
    assert result.approved is approved


def test_only_what_counts_otherwise_makes_another_counting(plan: Plan) -> None:
    retitled = replace(plan, tasks=tuple(replace(task, title="Khác") for task in plan.tasks))
    assert Counting(plan).name == Counting(retitled).name != Counting(corrected(plan)).name
