"""Whom a merger or a division leaves where, and at which address: nobody gets lost, nothing is told of no place."""

from catalogue.model import Plan
from contracts.kinds.registry import CooperativeAmended
from services.registry.fold import fold
from services.registry.model import Change, Cooperative, Refused
from services.registry.reorganise import divide, merge
from tests.services.registry.asking import DISTRICT, NOW, after, amend, decided, on, register
from tests.services.registry.test_reorganise import OTHER, dividing, founded, merging


def test_nobody_who_is_not_told_of_is_lost_in_a_merger(plan: Plan) -> None:
    one, other = (register(code=code, women=4, minority=7, workers=5, managers=2) for code in ("HTX-181-01", OTHER))
    outcome = merge(after(plan, one), [after(plan, other)], merging(women=6), DISTRICT, plan, NOW)
    assert not isinstance(outcome, Refused)
    data = outcome[0].data
    assert isinstance(data, CooperativeAmended)
    assert (data.women, data.minority, data.workers, data.managers) == (6, 14, 10, 4)
    assert (data.women_change, data.minority_change, data.workers_change) == (2, 7, 5)


def test_of_one_whose_members_are_all_of_a_minority_a_part_can_be_split_off(plan: Plan) -> None:
    whole = after(plan, register(members=20, minority=20, women=12, workers=6))
    parting = {"founded": [founded("HTX-181-11", minority=9)], "members": 11, "capital": 7}
    untold = divide(whole, dividing(**parting), DISTRICT, plan, NOW)
    assert isinstance(untold, Refused)
    assert untold.code == "part-exceeds-whole"
    outcome = divide(whole, dividing(**parting, minority=11, women=7), DISTRICT, plan, NOW)
    assert not isinstance(outcome, Refused)
    data = outcome[0].data
    assert isinstance(data, CooperativeAmended)
    assert (data.minority_change, data.women_change, data.workers_change) == (-9, -5, 0)


def test_whose_unit_stands_no_more_is_first_given_its_new_address(plan: Plan) -> None:
    at, now = on(2025, 7, 2), on(2025, 7, 3)
    one, other = after(plan, register()), after(plan, register(code=OTHER))
    parts = [founded(f"HTX-181-{n}", at=at, unit="06112") for n in (11, 12)]
    outcomes = (
        merge(one, [other], merging(at=at.isoformat()), "STC", plan, now),
        divide(one, dividing(at=at.isoformat(), founded=parts), "STC", plan, now),
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == ["unit-not-standing"] * 2
    one, other = (fold(state, _moved(plan, state)) for state in (one, other))
    assert not isinstance(merge(one, [other], merging(at=at.isoformat()), "STC", plan, now), Refused)


def _moved(plan: Plan, state: Cooperative) -> Change:
    moved = decided(plan, state, amend(on(2025, 7, 1), unit="06112"), "STC", on(2025, 7, 3))
    assert isinstance(moved, Change)
    return moved
