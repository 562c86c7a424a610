"""What scaling would need follows from what was measured, and the document says nothing else."""

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scaling import Assumed, Costs, computed, need
from deploy.local.children import ROOT

COSTS = Costs(chain=2_000, fold=4_000, stored=1_000, logged=500, held=600)


def test_the_document_has_the_table_that_the_baselines_make() -> None:
    assert computed() in (ROOT / "docs" / "scaling.md").read_text()


def test_a_province_is_counted_by_hand() -> None:
    found = need("one", 1, COSTS, Assumed(events_a_year=1_080_000, busiest_day=0.1, busiest_hour=1 / 3))
    assert found.peak == pytest.approx(10)
    assert (found.partitions, found.machines, found.memory_nodes) == (8, 1, 1)
    assert found.memory == pytest.approx(1_080_000 * 5 * 600 / 1e9)
    assert found.storage_a_year == pytest.approx(1_080_000 * 1_500 * 3 / 1e9)


@given(st.integers(1, 100_000), st.integers(1, 50))
def test_more_provinces_never_need_less_and_what_is_there_carries_the_peak(provinces: int, times: int) -> None:
    assumed = Assumed()
    one, more = need("one", provinces, COSTS, assumed), need("more", provinces * times, COSTS, assumed)
    assert (more.partitions, more.machines, more.memory_nodes) >= (one.partitions, one.machines, one.memory_nodes)
    assert more.machines * COSTS.chain * assumed.used >= more.peak * (1 - 1e-9)
    assert more.partitions * COSTS.fold * assumed.used >= more.peak * (1 - 1e-9)


@given(st.floats(1.1, 100))
def test_a_slower_fold_needs_as_many_more_partitions(slower: float) -> None:
    found = need("much", 100_000, replace(COSTS, fold=COSTS.fold / slower), Assumed())
    assert found.partitions == max(8, ceil(found.peak / (COSTS.fold / slower * 0.5)))
