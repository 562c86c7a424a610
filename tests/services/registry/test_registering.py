"""Who may register what, where and when."""

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Plan
from contracts.kinds.registry import CooperativeRegistered
from services.registry.model import Change, Numbers
from tests.services.registry.asking import BEGAN, NOW, REGISTRAR, after, decided, on, refusal, register


def test_a_registration_is_told_in_full(plan: Plan) -> None:
    change = decided(plan, None, register(registration_number="14A8000011"))
    assert change == Change(
        at=BEGAN,
        agency="UBND-181",
        numbers=Numbers("14A8000011", None),
        data=CooperativeRegistered(
            cooperative="HTX-181-01",
            version=1,
            form="htx",
            sector="agriculture",
            name="HTX Nông nghiệp Tân Văn",
            law="2012",
            members=9,
            capital=500_000_000,
            unit="181",
        ),
    )


def test_a_code_is_registered_once(plan: Plan) -> None:
    state = after(plan, register())
    assert refusal(decided(plan, state, register())) == "already-registered"


@pytest.mark.parametrize(
    ("form", "day", "members", "allowed"),
    [
        ("htx", on(2024, 6, 30, 23), 7, True),
        ("htx", on(2024, 6, 30, 23), 6, False),
        ("htx", on(2024, 7, 1, 0), 5, True),
        ("htx", on(2024, 7, 1, 0), 4, False),
        ("lhhtx", on(2024, 6, 30), 4, True),
        ("lhhtx", on(2024, 6, 30), 3, False),
        ("lhhtx", on(2024, 7, 1), 3, True),
        ("lhhtx", on(2024, 7, 1), 2, False),
        ("tht", on(2021, 1, 1), 2, True),
        ("tht", on(2021, 1, 1), 1, False),
        ("tht", on(2024, 7, 1), 2, True),
        ("tht", on(2024, 7, 1), 1, False),
    ],
)
def test_the_law_of_the_day_says_how_many_members_it_takes(
    plan: Plan, form: str, day: datetime, members: int, allowed: bool
) -> None:
    request = register(form=form, at=day, members=members)
    outcome = decided(plan, None, request, REGISTRAR, now=on(2024, 12, 1))
    assert isinstance(outcome, Change) if allowed else refusal(outcome) == "too-few-members"


@pytest.mark.parametrize(("day", "law"), [(on(2024, 6, 30, 23), "2012"), (on(2024, 7, 1, 0), "2023")])
def test_a_registration_remembers_the_law_of_its_local_day(plan: Plan, day: datetime, law: str) -> None:
    assert after(plan, register(at=day), now=on(2024, 12, 1)).law == law


def test_nothing_is_registered_in_the_future(plan: Plan) -> None:
    assert isinstance(decided(plan, None, register(at=NOW)), Change)
    assert refusal(decided(plan, None, register(at=NOW + timedelta(seconds=1)))) == "in-the-future"


@pytest.mark.parametrize("at", ["1996-12-31T23:59:59+07:00", "0001-01-01T00:00:00+14:00"])
def test_nothing_is_registered_before_there_was_a_law(plan: Plan, at: str) -> None:
    assert refusal(decided(plan, None, register(at=at))) == "before-the-law"


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"])
def test_the_end_of_time_is_just_the_future(plan: Plan, at: str) -> None:
    assert refusal(decided(plan, None, register(at=at))) == "in-the-future"


def test_a_district_may_not_speak_for_another(plan: Plan) -> None:
    assert refusal(decided(plan, None, register(unit="182"))) == "other-unit"


def test_the_registrar_speaks_for_every_district(plan: Plan) -> None:
    assert isinstance(decided(plan, None, register(unit="182"), REGISTRAR), Change)


def test_the_registrar_is_whoever_stands_in_its_place_on_the_day(plan: Plan) -> None:
    now = on(2025, 6, 1)
    assert isinstance(decided(plan, None, register(at=on(2025, 3, 1)), "STC", now), Change)
    assert refusal(decided(plan, None, register(at=on(2025, 2, 28)), "STC", now)) == "not-a-registrar"
    assert refusal(decided(plan, None, register(at=on(2025, 3, 1)), "SKHDT", now)) == "speaker-not-standing"


@pytest.mark.parametrize("speaker", ["SNV", "LMHTX"])
def test_other_agencies_register_nothing(plan: Plan, speaker: str) -> None:
    assert refusal(decided(plan, None, register(), speaker)) == "not-a-registrar"


def test_nobody_unknown_to_the_plan_registers(plan: Plan) -> None:
    assert refusal(decided(plan, None, register(), "NOBODY")) == "speaker-not-standing"


def test_a_union_is_registered_at_the_province(plan: Plan) -> None:
    union = register(form="lhhtx", members=4)
    assert refusal(decided(plan, None, union)) == "union-at-province"
    assert isinstance(decided(plan, None, union, REGISTRAR), Change)


@pytest.mark.parametrize(
    ("unit", "day", "allowed"),
    [
        ("181", on(2025, 6, 30), True),
        ("181", on(2025, 7, 1), False),
        ("06112", on(2025, 6, 30), False),
        ("06112", on(2025, 7, 1), True),
        ("179", on(2021, 3, 2), False),
    ],
)
def test_the_unit_stands_on_the_day(plan: Plan, unit: str, day: datetime, allowed: bool) -> None:
    registrar = plan.consolidator(day.date())
    outcome = decided(plan, None, register(unit=unit, at=day), registrar, now=on(2025, 12, 1))
    assert isinstance(outcome, Change) if allowed else refusal(outcome) == "unit-not-standing"


def test_a_commune_registers_once_districts_are_gone(plan: Plan) -> None:
    now = on(2025, 12, 1)
    assert isinstance(decided(plan, None, register(unit="06112", at=on(2025, 7, 1)), "UBND-06112", now), Change)
    assert refusal(decided(plan, None, register(at=on(2025, 7, 1)), "UBND-181", now)) == "speaker-not-standing"


@pytest.mark.parametrize(("number", "allowed"), [("0100047516", True), ("0100047517", False), ("49", False)])
def test_a_tax_number_is_checked_where_given(plan: Plan, number: str, allowed: bool) -> None:
    outcome = decided(plan, None, register(tax_number=number))
    assert isinstance(outcome, Change) if allowed else refusal(outcome) == "tax-number"


def test_a_tax_number_is_kept_without_its_dashes(plan: Plan) -> None:
    assert after(plan, register(tax_number="0100047516 ")).numbers.tax_number == "0100047516"


def test_the_time_is_told_as_it_was_sent(plan: Plan) -> None:
    change = decided(plan, None, register(at="2021-03-02T01:00:00.123456Z"))
    assert isinstance(change, Change)
    assert change.at == datetime(2021, 3, 2, 1, 0, 0, 123456, UTC)
