"""Laws that hold of every life, whatever is asked in whatever order."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.envelope import read
from contracts.kinds.registry import CooperativeAmended, CooperativeRegistered
from services.registry.fold import fold, replay
from services.registry.law import STATUTES, statute_on
from services.registry.messages import message
from services.registry.model import Change, Cooperative, Refused
from services.registry.requests import Request
from tests.services.registry.asking import BEGAN, CODE, after, amend, decided, dissolve, on, register, resume, suspend

NOW = on(2024, 12, 31)

moments = st.integers(-10, 4 * 365).map(lambda days: BEGAN + timedelta(days=days))
some_members = st.integers(0, 30)
some_capital = st.integers(0, 10_000_000_000)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    at = draw(moments)
    match draw(st.sampled_from(["register", "amend", "amend", "amend", "suspend", "resume", "dissolve"])):
        case "register":
            form = draw(st.sampled_from(["htx", "tht"]))
            return register(at=at, form=form, members=draw(some_members), capital=draw(some_capital))
        case "amend":
            fields = draw(st.fixed_dictionaries({}, optional={"members": some_members, "capital": some_capital}))
            return amend(at, **fields)
        case "suspend":
            return suspend(at)
        case "resume":
            return resume(at)
        case _:
            return dissolve(at)


def lived(plan: Plan, asked: list[Request]) -> tuple[list[Change], Cooperative | None]:
    state: Cooperative | None = None
    changes: list[Change] = []
    for request in asked:
        outcome = decided(plan, state, request, now=NOW)
        if isinstance(outcome, Change):
            changes.append(outcome)
            state = fold(state, outcome)
    return changes, state


lives = st.lists(requests(), max_size=25).map(lambda asked: sorted(asked, key=lambda request: request.at))
"""Requests in the order of their times, so that more of them are allowed."""


@given(asked=lives)
def test_replaying_the_changes_gives_the_decided_state(plan: Plan, asked: list[Request]) -> None:
    changes, state = lived(plan, asked)
    assert replay(changes) == state


@given(asked=lives)
def test_differences_sum_to_totals(plan: Plan, asked: list[Request]) -> None:
    changes, state = lived(plan, asked)
    members = capital = 0
    for change in changes:
        match change.data:
            case CooperativeRegistered():
                members, capital = change.data.members, change.data.capital
            case CooperativeAmended():
                members, capital = members + change.data.members_change, capital + change.data.capital_change
    assert state is None or (members, capital) == (state.members, state.capital)


@given(asked=st.lists(requests(), max_size=25))
def test_no_sequence_of_requests_leads_to_an_invalid_state(plan: Plan, asked: list[Request]) -> None:
    changes, state = lived(plan, asked)
    assert [change.data.version for change in changes] == list(range(1, len(changes) + 1))
    assert sorted(change.at for change in changes) == [change.at for change in changes]
    for change in changes:
        if isinstance(change.data, CooperativeRegistered | CooperativeAmended):
            minimum = statute_on(local_day(change.at)).minimum[change.data.form]
            assert change.data.members >= minimum.members
    if state is not None:
        assert state.version == len(changes)
        assert state.registered_at <= state.changed_at <= NOW


@given(asked=lives)
def test_every_change_is_an_event_that_anyone_can_read(plan: Plan, asked: list[Request]) -> None:
    for change in lived(plan, asked)[0]:
        said = message(change)
        event = read(said.value)
        assert said.key == CODE
        assert event.envelope.subject == event.envelope.id == f"{CODE}/{change.data.version}"
        assert (event.data, event.envelope.time, event.envelope.agency) == (change.data, change.at, change.agency)


@given(asked=lives)
def test_a_state_survives_being_stored(plan: Plan, asked: list[Request]) -> None:
    _, state = lived(plan, asked)
    assert state is None or msgspec.convert(msgspec.to_builtins(state), Cooperative) == state


def test_the_fold_refuses_what_does_not_follow(plan: Plan) -> None:
    state = after(plan, register())
    change = decided(plan, state, amend(members=12))
    assert isinstance(change, Change)
    with pytest.raises(ValueError, match="change 2 where 1 follows"):
        fold(None, change)
    with pytest.raises(ValueError, match="change 2 where 3 follows"):
        fold(fold(state, change), change)
    unborn = replace(change, data=replace(change.data, version=1))
    with pytest.raises(ValueError, match="a life cannot begin with CooperativeAmended"):
        fold(None, unborn)


def test_each_law_follows_on_the_one_before() -> None:
    assert [statute.law for statute in STATUTES] == ["2012", "2023"]
    assert all(statute_on(statute.valid_from) is statute for statute in STATUTES)


def test_a_refusal_is_not_an_event(plan: Plan) -> None:
    assert isinstance(decided(plan, None, amend(members=3)), Refused)
