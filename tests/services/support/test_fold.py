"""What support remembers of cooperatives."""

from dataclasses import replace
from datetime import date, timedelta
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
from services.support.fold import active_on, known
from services.support.model import Known

DAY = date(2021, 3, 1)


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
    assert known(told, DAY).status == status


def test_a_version_holds_from_the_day_of_its_event() -> None:
    assert known(fact(CooperativeRegistered), DAY) == Known("HTX-1", 1, DAY, "active", "htx", "181", "HTX lần 1")


LIFE = [
    known(fact(CooperativeRegistered, 1), DAY),
    known(fact(CooperativeSuspended, 2), DAY + timedelta(10)),
    known(fact(CooperativeResumed, 3), DAY + timedelta(20)),
    known(fact(CooperativeDissolved, 4, was_active=True, reason="hết"), DAY + timedelta(30)),
]


@pytest.mark.parametrize(
    ("after", "active"),
    [(-1, False), (0, True), (9, True), (10, True), (11, False), (19, False), (20, True), (30, True), (31, False)],
)
@given(order=st.permutations(LIFE))
def test_it_is_active_on_a_day_if_it_was_at_any_moment_of_it(after: int, active: bool, order: list[Known]) -> None:
    assert active_on(order, DAY + timedelta(after)) is active


def test_what_is_not_in_the_register_is_not_active() -> None:
    assert not active_on([], DAY)


def test_of_two_changes_on_one_day_the_later_version_goes_on() -> None:
    there_and_back = [LIFE[0], *(replace(one, since=DAY + timedelta(10)) for one in LIFE[1:3])]
    assert active_on(there_and_back, DAY + timedelta(11))
    assert not active_on(there_and_back[:2], DAY + timedelta(11))
