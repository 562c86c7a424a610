"""What an entry of the register holds beside the bare minimum: people, workers, managers, products, who and where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.kinds.registry import COUNTED, CooperativeAmended
from services.registry.fold import fold
from services.registry.messages import message
from services.registry.model import Change, Cooperative, Product
from tests.services.registry.asking import BEGAN, after, amend, decided, refusal, register

FULL = {
    "members": 20,
    "linked_members": 5,
    "women": 8,
    "minority": 17,
    "workers": 12,
    "managers": 4,
    "managers_vocational": 2,
    "managers_college": 1,
    "representative": "Hoàng Thị Mẫu",
    "address": "Thôn Nà Mẫu, xã Tân Văn",
    "industries": ["0118", "4620"],
    "products": [{"name": "Na dai", "stars": 4}, {"name": "Mật ong"}],
}


def test_a_full_entry_stands_as_it_was_told(plan: Plan) -> None:
    entry = after(plan, register(**FULL))
    assert {name: getattr(entry, name) for name in COUNTED if name in FULL} == {
        name: FULL[name] for name in COUNTED if name in FULL
    }
    assert entry.details.representative == "Hoàng Thị Mẫu"
    assert entry.details.products == (Product("Na dai", 4), Product("Mật ong"))


def test_an_amendment_changes_what_it_tells_and_leaves_the_rest(plan: Plan) -> None:
    entry = after(plan, register(**FULL), amend(workers=15, products=[{"name": "Na dai", "stars": 5}]))
    assert (entry.workers, entry.women, entry.details.address) == (15, 8, FULL["address"])
    assert entry.details.products == (Product("Na dai", 5),)


def test_the_event_tells_differences_and_no_names_of_people(plan: Plan) -> None:
    state = after(plan, register(**FULL))
    change = decided(plan, state, amend(workers=9, women=10, representative="Lý Văn Mẫu"))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeAmended)
    assert (change.data.workers, change.data.workers_change, change.data.women_change) == (9, -3, 2)
    said = message(change).value.decode()
    assert "Lý Văn Mẫu" not in said
    assert "Nà Mẫu" not in said


@pytest.mark.parametrize(
    "more",
    [
        {"women": 26},
        {"minority": 26},
        {"managers_vocational": 4},
        {"managers": 2},
    ],
)
def test_a_part_is_no_more_than_its_whole(plan: Plan, more: dict[str, Any]) -> None:
    assert refusal(decided(plan, None, register(**FULL | more))) == "part-exceeds-whole"
    assert refusal(decided(plan, after(plan, register(**FULL)), amend(**more))) == "part-exceeds-whole"


def test_women_may_be_among_the_linked_members(plan: Plan) -> None:
    assert after(plan, register(**FULL | {"women": 25})).women == 25


@given(
    steps=st.lists(st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 40), min_size=1), min_size=1, max_size=8)
)
def test_a_total_is_what_it_began_with_and_all_its_differences(plan: Plan, steps: list[dict[str, int]]) -> None:
    state: Cooperative = after(plan, register(**FULL))
    sums = {name: getattr(state, name) for name in COUNTED}
    for told in steps:
        change = decided(plan, state, amend(BEGAN, **told))
        if isinstance(change, Change):
            state = fold(state, change)
            for name in COUNTED:
                sums[name] += getattr(change.data, f"{name}_change")
    assert sums == {name: getattr(state, name) for name in COUNTED}
