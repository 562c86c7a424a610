"""Averages: one total over one count, whatever the events are grouped by."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period, window
from services.reporting.figures import Question, figures
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.model import Figure
from services.reporting.worth import Pairs, average
from tests.services.reporting.said import event, said

REVENUE, PROFIT, INCOME = (f"II.4.đ.1/average-{what}" for what in ("revenue", "profit", "income"))
MONEY = st.integers(0, 10**12)


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


def results(cooperative: str, *, month: int = 2, unit: str = "178", revision: int = 1, **told: Any) -> bytes:
    """What a cooperative tells of 2020."""
    year = {"year": 2020, "form": "htx", "sector": "agriculture", "unit": unit, "cooperative": cooperative}
    amounts = {"revenue": 0, "profit": 0, "wages": 0, "workers": 0} | told
    subject = f"{cooperative}/activity-2020{'-estimate' if told.get('estimate') else ''}"
    at = datetime(2021, month, 1, 3, tzinfo=UTC)
    return said(f"UBND-{unit}", "activity.reported", subject, at, year | amounts, revision=revision)


def cells(counting: Counting, values: list[bytes]) -> Pairs:
    state = Cells(counting.stocks)
    for value in values:
        apply(state, entry_of(event(value), counting))
    return [pair for bucket in state.buckets.values() for pair in bucket.items()]


def told(plan: Plan, pairs: Pairs, period: str = "2021", **more: Any) -> dict[str, Figure]:
    return figures(
        plan, Question(window(Period.parse(period), "administrative"), **more), pairs, frozenset(), frozenset()
    )


@given(total=st.integers(-(10**15), 10**15), of=st.integers(1, 10**6))
def test_an_average_is_the_nearest_whole_number_and_halves_go_away_from_zero(total: int, of: int) -> None:
    exact = Fraction(total, of)
    rounded = average(total, of)
    assert abs(rounded - exact) <= Fraction(1, 2)
    assert abs(rounded - exact) < Fraction(1, 2) or abs(rounded) > abs(exact)
    assert average(-total, of) == -rounded


@given(
    of_each=st.lists(
        st.tuples(st.sampled_from(("178", "180", "181")), st.sampled_from((1, 5, 8, 11)), MONEY, st.integers(0, 90)),
        max_size=12,
    )
)
def test_an_average_is_of_all_totals_and_counts_and_never_of_averages(
    plan: Plan, counting: Counting, of_each: list[tuple[str, int, int, int]]
) -> None:
    pairs = cells(
        counting,
        [
            results(f"HTX-{number}", unit=unit, month=month, revenue=money, profit=-money, wages=money, workers=people)
            for number, (unit, month, money, people) in enumerate(of_each)
        ],
    )
    year = told(plan, pairs, by="unit")
    money, count, people = sum(one[2] for one in of_each), len(of_each), sum(one[3] for one in of_each)
    assert (year[REVENUE].numerator, year[REVENUE].denominator) == (money, count)
    assert (year[REVENUE].value, year[PROFIT].value) == (average(money, count), -average(money, count))
    assert (year[INCOME].numerator, year[INCOME].denominator) == (money, people)
    assert year[INCOME].value == average(money, people)
    for unit, value in year[REVENUE].breakdown.items():
        mine = [one[2] for one in of_each if one[0] == unit]
        assert value == average(sum(mine), len(mine))
    quarters = [told(plan, pairs, f"2021-Q{number}")[REVENUE] for number in (1, 2, 3, 4)]
    assert sum(quarter.numerator or 0 for quarter in quarters) == money
    assert sum(quarter.denominator or 0 for quarter in quarters) == count


def test_districts_of_unlike_size_do_not_weigh_alike(plan: Plan, counting: Counting) -> None:
    small = [results(f"HTX-{number}", unit="178", revenue=100) for number in range(9)]
    figure = told(plan, cells(counting, [*small, results("HTX-9", unit="180", revenue=1_100)]), by="unit")[REVENUE]
    assert figure.breakdown == {"178": 100, "180": 1_100}
    assert figure.value == 200  # the districts' averages would make it 600


def test_a_correction_moves_the_total_and_one_that_takes_back_the_count_too(plan: Plan, counting: Counting) -> None:
    heard = [results("HTX-1", revenue=100, wages=90, workers=3), results("HTX-2", revenue=300)]
    corrected = results("HTX-1", revision=2, revenue=200, wages=60, workers=4)
    after = told(plan, cells(counting, [*heard, corrected]))
    assert (after[REVENUE].numerator, after[REVENUE].denominator, after[REVENUE].value) == (500, 2, 250)
    assert (after[INCOME].numerator, after[INCOME].denominator, after[INCOME].value) == (60, 4, 15)
    back = said(
        "UBND-178",
        "activity.reported.retracted",
        "HTX-1/activity-2020",
        datetime(2021, 2, 1, 3, tzinfo=UTC),
        {"reason": "nhập nhầm"},
        revision=3,
    )
    gone = told(plan, cells(counting, [*heard, corrected, back]))[REVENUE]
    assert (gone.numerator, gone.denominator, gone.value) == (300, 1, 300)


def test_a_year_that_the_registrar_or_a_districts_successor_corrects_is_not_told_twice(
    plan: Plan, counting: Counting
) -> None:
    first = results("HTX-1", revenue=100)
    for office in ("SKHDT", "UBND-05977"):
        again = msgspec.json.decode(results("HTX-1", revenue=300, revision=2)) | {"agency": office}
        figure = told(plan, cells(counting, [first, msgspec.json.encode(again)]), by="agency")[REVENUE]
        assert (figure.numerator, figure.denominator) == (300, 1)
        assert figure.breakdown == {office: 300}


def test_what_is_estimated_never_mixes_with_what_was_achieved(plan: Plan, counting: Counting) -> None:
    both = told(plan, cells(counting, [results("HTX-1", revenue=100), results("HTX-1", revenue=160, estimate=True)]))
    assert (both[REVENUE].value, both[REVENUE].denominator) == (100, 1)
    assert (both[f"{REVENUE}-estimate"].value, both[f"{REVENUE}-estimate"].denominator) == (160, 1)


def test_an_average_of_none_says_that_it_is_of_none(plan: Plan) -> None:
    figure = told(plan, [])[REVENUE]
    assert (figure.value, figure.numerator, figure.denominator) == (0, 0, 0)


def test_a_part_that_has_an_average_of_none_says_nothing(plan: Plan, counting: Counting) -> None:
    nobody = results("HTX-2", unit="180", wages=0, workers=0)
    figure = told(plan, cells(counting, [results("HTX-1", wages=90, workers=3), nobody]), by="unit")[INCOME]
    assert figure.breakdown == {"178": 30}


def test_an_average_counts_nothing_of_its_own(plan: Plan, counting: Counting) -> None:
    heard = {row.indicator for row in counting.rows(event(results("HTX-1", revenue=5)))}
    assert "II.4.đ.1/revenue" in heard
    assert not [code for code in heard if plan.indicator_by_code[code].measure == "average"]
