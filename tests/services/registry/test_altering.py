"""What happens to a cooperative after its registration."""

from datetime import timedelta

import pytest

from catalogue.model import Plan
from contracts.kinds.registry import CooperativeAmended, CooperativeDissolved, CooperativeSuspended
from services.registry.model import Change
from services.registry.requests import Alter, Suspend
from tests.services.registry.asking import (
    BEGAN,
    REGISTRAR,
    after,
    amend,
    decided,
    dissolve,
    on,
    refusal,
    register,
    resume,
    suspend,
)

LATER = on(2021, 5, 1)


def test_an_amendment_tells_differences_and_totals(plan: Plan) -> None:
    change = decided(plan, after(plan, register()), amend(LATER, members=12, capital=400_000_000))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeAmended)
    assert (change.data.members, change.data.members_change) == (12, 3)
    assert (change.data.capital, change.data.capital_change) == (400_000_000, -100_000_000)
    assert change.data.version == 2
    assert change.data.active


def test_an_amendment_leaves_alone_what_it_does_not_name(plan: Plan) -> None:
    before = after(plan, register())
    now = after(plan, register(), amend(LATER, name="HTX Tân Văn xanh", sector="trade-services"))
    assert (now.name, now.sector) == ("HTX Tân Văn xanh", "trade-services")
    assert (now.members, now.capital, now.unit) == (before.members, before.capital, before.unit)


def test_an_amendment_tells_where_one_that_moved_was_until_then(plan: Plan) -> None:
    state = after(plan, register())
    for unit, before in (("180", "181"), (None, None)):
        change = decided(plan, state, amend(LATER, members=12, unit=unit), speaker=REGISTRAR)
        assert isinstance(change, Change)
        assert isinstance(change.data, CooperativeAmended)
        assert (change.data.unit, change.data.previous_unit) == (unit or "181", before)


def test_an_amendment_that_changes_nothing_is_refused(plan: Plan) -> None:
    state = after(plan, register())
    assert refusal(decided(plan, state, amend(LATER))) == "nothing-changes"
    assert refusal(decided(plan, state, amend(LATER, members=state.members))) == "nothing-changes"


def test_an_amendment_may_not_go_below_what_the_law_of_its_day_asks(plan: Plan) -> None:
    state = after(plan, register())
    assert refusal(decided(plan, state, amend(LATER, members=6))) == "too-few-members"
    assert isinstance(decided(plan, state, amend(on(2024, 7, 1), members=5), now=on(2024, 8, 1)), Change)


def test_a_suspended_cooperative_may_be_amended_and_stays_suspended(plan: Plan) -> None:
    state = after(plan, register(), suspend(LATER))
    change = decided(plan, state, amend(LATER, members=12))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeAmended)
    assert not change.data.active
    assert after(plan, register(), suspend(LATER), amend(LATER, members=12)).status == "suspended"


def test_the_last_moment_of_a_day_is_that_days_however_finely_it_is_told() -> None:
    last = Suspend.model_validate({"at": "2021-06-14T23:59:59.9999999+07:00"}).at
    assert last == on(2021, 6, 15, hour=0) - timedelta(microseconds=1)


def test_a_reason_to_stop_is_told(plan: Plan) -> None:
    change = decided(plan, after(plan, register()), suspend(LATER, reason="Thiên tai"))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeSuspended)
    assert change.data.note == "Thiên tai"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_dissolution_tells_whether_it_was_active_and_what_it_had(plan: Plan, stopped: bool) -> None:
    state = after(plan, register(), *([suspend(LATER)] if stopped else []))
    change = decided(plan, state, dissolve(LATER))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeDissolved)
    assert change.data.was_active is not stopped
    assert (change.data.members, change.data.capital) == (state.members, state.capital)


@pytest.mark.parametrize("request_", [amend(LATER, members=20), suspend(LATER), resume(LATER), dissolve(LATER)])
def test_nothing_happens_to_a_dissolved_cooperative(plan: Plan, request_: Alter) -> None:
    state = after(plan, register(), dissolve(LATER))
    assert refusal(decided(plan, state, request_)) == "dissolved"


@pytest.mark.parametrize("request_", [amend(members=20), suspend(), resume(), dissolve()])
def test_nothing_happens_to_a_cooperative_nobody_registered(plan: Plan, request_: Alter) -> None:
    assert refusal(decided(plan, None, request_)) == "unknown"


def test_only_the_active_stop_and_only_the_stopped_resume(plan: Plan) -> None:
    active, stopped = after(plan, register()), after(plan, register(), suspend(LATER))
    assert refusal(decided(plan, active, resume(LATER))) == "active-already"
    assert refusal(decided(plan, stopped, suspend(LATER))) == "suspended-already"
    assert after(plan, register(), suspend(LATER), resume(LATER)).status == "active"


def test_changes_come_in_the_order_of_their_times_and_may_share_one(plan: Plan) -> None:
    state = after(plan, register())
    assert isinstance(decided(plan, state, suspend(BEGAN)), Change)
    assert refusal(decided(plan, state, suspend(BEGAN - timedelta(microseconds=1)))) == "before-latest-change"


def test_a_caller_that_looked_at_an_older_version_is_told_so(plan: Plan) -> None:
    state = after(plan, register(), amend(LATER, members=12))
    assert refusal(decided(plan, state, suspend(LATER, version=1))) == "stale"
    assert isinstance(decided(plan, state, suspend(LATER, version=2)), Change)


def test_a_district_may_not_take_or_give_away_a_cooperative(plan: Plan) -> None:
    state = after(plan, register())
    assert refusal(decided(plan, state, amend(LATER, unit="182"))) == "other-unit"
    assert refusal(decided(plan, state, amend(LATER, unit="182"), "UBND-182")) == "other-unit"
    assert isinstance(decided(plan, state, amend(LATER, unit="182"), REGISTRAR), Change)


def test_a_district_does_not_touch_a_union_in_it(plan: Plan) -> None:
    state = after(plan, register(form="lhhtx", members=4), speaker=REGISTRAR)
    assert refusal(decided(plan, state, suspend(LATER))) == "union-at-province"


def test_a_commune_takes_over_the_cooperatives_of_the_district_it_came_out_of(plan: Plan) -> None:
    state, day, now = after(plan, register()), on(2025, 7, 1), on(2025, 12, 1)
    moved = decided(plan, state, amend(day, unit="06112"), "UBND-06112", now)
    assert isinstance(moved, Change)
    assert moved.data.unit == "06112"
    # Not into another commune, nor out of another district.
    assert refusal(decided(plan, state, amend(day, unit="06115"), "UBND-06112", now)) == "other-unit"
    assert refusal(decided(plan, state, amend(day, unit="06124"), "UBND-06124", now)) == "other-unit"


def test_a_cooperative_whose_unit_is_gone_moves_first(plan: Plan) -> None:
    state, day, now = after(plan, register()), on(2025, 7, 1), on(2025, 12, 1)
    assert refusal(decided(plan, state, suspend(day), "UBND-06112", now)) == "unit-not-standing"
    assert refusal(decided(plan, state, suspend(day), "STC", now)) == "unit-not-standing"


def test_a_number_that_is_given_later_is_told_by_an_amendment_and_the_other_stays(plan: Plan) -> None:
    entered = register(registration_number="14A8000012")
    numbered = after(plan, entered, amend(tax_number="0100047516"), suspend(on(2021, 6, 1)))
    assert (numbered.numbers.registration_number, numbered.numbers.tax_number) == ("14A8000012", "0100047516")
    again = after(plan, entered, amend(tax_number="0100047516"), amend(registration_number="14A8000013"))
    assert (again.numbers.registration_number, again.numbers.tax_number) == ("14A8000013", "0100047516")
    assert refusal(decided(plan, after(plan, entered), amend(tax_number="0100047517"))) == "tax-number"
