"""What is remembered of papers is all there is, whatever is kept between two questions and in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.store_memory import MemoryStore
from contracts.envelope import read
from services.reporting import statements
from services.reporting.fold import Counting, entry_of
from services.reporting.register.papers import Papers
from tests.services.reporting.said import said
from tests.services.reporting.standing import deps_on
from tests.services.reporting.test_routes import CountingStore

MAY = datetime(2021, 5, 3, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


async def keep(store: MemoryStore, counting: Counting, number: int, heard_at: int, *, revision: int = 1) -> None:
    """A plan of its own, or what takes it back, as the fold keeps it."""
    back = {"reason": "nhầm"}
    kind, data = ("plan.issued.retracted", back) if revision > 1 else ("plan.issued", {"title": f"Kế hoạch {number}"})
    value = said("UBND-178", kind, f"plan-{number}", MAY, data, revision=revision)
    await statements.keep(store, [(entry_of(read(value), counting), value)], heard_at)


async def titles(papers: Papers, store: MemoryStore, counting: Counting) -> set[str]:
    return {told.paper.title for told in await papers.told(store, counting) if told.paper}


async def test_where_nothing_is_new_they_are_only_counted(counting: Counting) -> None:
    store, papers = CountingStore(), Papers()
    for number in range(3):
        await keep(store, counting, number, number)
    first = await papers.told(store, counting)
    store.reads.clear()
    assert await papers.told(store, counting) == first
    assert len(first) == 3
    assert store.reads == {"statements": 1}


async def test_one_that_was_heard_before_another_and_kept_after_it_is_found(counting: Counting) -> None:
    store, papers = CountingStore(), Papers()
    await keep(store, counting, 1, 100)
    assert await titles(papers, store, counting) == {"Kế hoạch 1"}
    await keep(store, counting, 2, 50)
    store.reads.clear()
    assert await titles(papers, store, counting) == {"Kế hoạch 1", "Kế hoạch 2"}
    assert store.reads == {"statements": 4}


async def test_what_is_gone_is_not_remembered(counting: Counting) -> None:
    store, papers = MemoryStore(), Papers()
    await keep(store, counting, 1, 100)
    assert await papers.told(store, counting)
    store._collections.pop("statements")
    assert not await papers.told(store, counting)


async def test_more_of_them_than_may_be_remembered_are_all_told(counting: Counting) -> None:
    store, papers = MemoryStore(), Papers(most=2)
    for number in range(3):
        await keep(store, counting, number, number)
        assert len(await titles(papers, store, counting)) == number + 1


async def test_what_one_store_holds_is_not_remembered_of_another(plan: Plan, counting: Counting) -> None:
    store = MemoryStore()
    deps = deps_on(plan, store)
    await keep(store, counting, 1, 100)
    assert await deps.papers.told(store, counting)
    other = replace(deps, store=MemoryStore())
    assert not await other.papers.told(other.store, counting)


STEPS = st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 2))), max_size=14)


@given(STEPS)
async def test_they_are_those_that_are_read_anew_whatever_was_kept_in_between(
    counting: Counting, steps: list[tuple[int, int, int] | None]
) -> None:
    store, papers = MemoryStore(), Papers()
    for step in (*steps, None):
        if step is None:
            assert await papers.told(store, counting) == await Papers().told(store, counting)
        else:
            number, heard_at, revision = step
            await keep(store, counting, number, heard_at, revision=revision)
