"""What support remembers of cooperatives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.registry import (
    CooperativeAmended,
    CooperativeDissolved,
    CooperativeFact,
    CooperativeRegistered,
    CooperativeResumed,
    CooperativeSuspended,
)
from services.support.fold import newest
from services.support.model import Known


def fact(shape: type[CooperativeFact], version: int = 1, code: str = "HTX-1", **other: Any) -> CooperativeFact:
    return shape(
        cooperative=code,
        version=version,
        form="htx",
        sector="agriculture",
        name=f"HTX lần {version}",
        law="2012",
        members=7,
        capital=0,
        unit="181",
        **other,
    )


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (fact(CooperativeRegistered), "active"),
        (fact(CooperativeAmended), "active"),
        (fact(CooperativeAmended, active=False), "suspended"),
        (fact(CooperativeSuspended), "suspended"),
        (fact(CooperativeResumed), "active"),
        (fact(CooperativeDissolved, was_active=True, reason="hết"), "dissolved"),
    ],
)
def test_every_event_says_how_it_leaves_the_cooperative(told: CooperativeFact, status: str) -> None:
    assert newest([told])["HTX-1"].status == status


def test_nothing_told_is_nothing_known() -> None:
    assert newest([]) == {}


@given(order=st.permutations(range(1, 6)), again=st.lists(st.integers(1, 5)))
def test_the_highest_version_holds_whatever_the_order(order: list[int], again: list[int]) -> None:
    facts = [fact(CooperativeRegistered, version, code) for version in order + again for code in ("HTX-1", "HTX-2")]
    assert newest(facts) == {code: Known(code, 5, "active", "htx", "181", "HTX lần 5") for code in ("HTX-1", "HTX-2")}
