"""From cells to figures: sums, unions, stocks, and who is in."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Calendar, Period, stretches, window
from services.reporting.figures import Question, buckets, figures
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.model import Cell, CellKey, Figure
from tests.services.reporting.said import JUNE_EVENTS, event, events, said

CALENDARS: tuple[Calendar, ...] = ("administrative", "calendar")


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


def cells_of(counting: Counting, values: list[bytes]) -> list[tuple[CellKey, Cell]]:
    state = Cells(counting.stocks)
    for value in values:
        apply(state, entry_of(event(value), counting))
    return [pair for bucket in state.buckets.values() for pair in bucket.items()]


def asked(
    plan: Plan, cells: list[tuple[CellKey, Cell]], period: str, calendar: Calendar = "administrative"
) -> dict[str, Figure]:
    question = Question(window(Period.parse(period), calendar))
    return figures(plan, question, cells, frozenset(), frozenset())


@pytest.mark.parametrize("calendar", CALENDARS)
@given(values=st.lists(events(), max_size=40))
def test_flows_of_half_and_year_are_the_sums_of_their_quarters(
    plan: Plan, counting: Counting, calendar: Calendar, values: list[bytes]
) -> None:
    cells = cells_of(counting, values)
    quarters = [asked(plan, cells, f"2021-Q{number}", calendar) for number in (1, 2, 3, 4)]
    half, year = asked(plan, cells, "2021-H1", calendar), asked(plan, cells, "2021", calendar)
    for code, indicator in plan.indicator_by_code.items():
        values_of = [quarter[code].value for quarter in quarters]
        if indicator.measure in ("count", "sum"):
            assert half[code].value == sum(values_of[:2])
            assert year[code].value == sum(values_of)
        elif indicator.measure == "distinct":
            assert max(values_of) <= year[code].value <= sum(values_of)
        elif indicator.measure == "average":
            assert year[code].numerator == sum(quarter[code].numerator or 0 for quarter in quarters)
            assert year[code].denominator == sum(quarter[code].denominator or 0 for quarter in quarters)
        else:
            assert half[code].value == values_of[1]
            assert year[code].value == values_of[3]


@pytest.mark.parametrize("calendar", CALENDARS)
@given(values=st.lists(events(), max_size=40))
def test_a_years_cooperatives_are_the_union_of_its_quarters_agencies_and_units_and_never_their_sum(
    plan: Plan, counting: Counting, calendar: Calendar, values: list[bytes]
) -> None:
    cells = cells_of(counting, values)
    distinct = {code for code, one in plan.indicator_by_code.items() if one.measure == "distinct"}
    in_year: dict[str, set[str]] = {code: set() for code in distinct}
    for number in (1, 2, 3, 4):
        inside = {day.isoformat() for day in stretches(window(Period.parse(f"2021-Q{number}"), calendar))}
        in_quarter: dict[str, set[str]] = {code: set() for code in distinct}
        for key, cell in cells:
            if key.indicator in distinct and key.stretch in inside:
                in_quarter[key.indicator] |= cell.members.keys()
        told = asked(plan, cells, f"2021-Q{number}", calendar)
        for code, members in in_quarter.items():
            assert told[code].value == len(members)
            in_year[code] |= members
    year = asked(plan, cells, "2021", calendar)
    assert {code: year[code].value for code in distinct} == {code: len(members) for code, members in in_year.items()}


@given(values=st.lists(events(), max_size=40))
def test_a_stock_is_what_was_added_and_taken_up_to_the_last_day(
    plan: Plan, counting: Counting, values: list[bytes]
) -> None:
    cells = cells_of(counting, values)
    for period in ("2021-Q1", "2021-Q2", "2021-H1", "2021"):
        for calendar in CALENDARS:
            last = window(Period.parse(period), calendar).last_day.isoformat()
            told = asked(plan, cells, period, calendar)
            for code, indicator in plan.indicator_by_code.items():
                if indicator.measure == "stock":
                    upto = [cell.amount for key, cell in cells if key.indicator == code and key.stretch <= last]
                    assert told[code].value == sum(upto)


def test_one_cooperative_in_two_quarters_is_one_in_the_year(plan: Plan, counting: Counting) -> None:
    data = {"cooperatives": ["HTX-001"], "form": "fair"}
    values = [
        said("SCT", "trade_promotion.held", "t-1", datetime(2021, 2, 1, tzinfo=UTC), data),
        said("SCT", "trade_promotion.held", "t-2", datetime(2021, 5, 1, tzinfo=UTC), data),
    ]
    cells = cells_of(counting, values)
    code = next(
        indicator.code
        for indicator in plan.task("II.2.đ.1").indicators
        if indicator.measure == "distinct" and indicator.terms[0].kind == "trade_promotion.held"
    )
    assert [asked(plan, cells, period)[code].value for period in ("2021-Q1", "2021-Q2", "2021")] == [1, 1, 1]


def test_a_loan_balance_is_what_was_paid_out_less_what_came_back_up_to_the_last_day(
    plan: Plan, counting: Counting
) -> None:
    loan = {"cooperative": "HTX-001", "loan": "L1", "programme": "decree-55-2015"}
    values = [
        said("NHNN", "loan.disbursed", "l/1", datetime(2020, 11, 20, tzinfo=UTC), {**loan, "amount": 900}),
        said("NHNN", "loan.repaid", "l/2", datetime(2021, 5, 1, tzinfo=UTC), {**loan, "amount": 250}),
    ]
    cells = cells_of(counting, values)
    code = next(
        indicator.code
        for indicator in plan.task("II.2.d.1").indicators
        if indicator.measure == "stock" and {term.kind for term in indicator.terms} >= {"loan.disbursed", "loan.repaid"}
    )
    assert [asked(plan, cells, period)[code].value for period in ("2021-Q1", "2021-Q2", "2021")] == [900, 650, 650]


def test_a_breakdown_of_flows_sums_to_the_figure(plan: Plan, counting: Counting) -> None:
    cells = cells_of(counting, list(JUNE_EVENTS))
    for by in ("agency", "unit"):
        question = Question(window(Period.parse("2021-Q2"), "administrative"), by=by)
        answers = figures(plan, question, cells, frozenset(), frozenset())
        flows = [code for code, indicator in plan.indicator_by_code.items() if indicator.measure in ("count", "sum")]
        assert any(answers[code].value for code in flows)
        assert all(sum(answers[code].breakdown.values()) == answers[code].value for code in flows)


def test_only_the_asked_agency_counts_and_is_expected(plan: Plan, counting: Counting) -> None:
    cells = cells_of(counting, list(JUNE_EVENTS))
    question = Question(window(Period.parse("2021-Q2"), "administrative"), agency="UBND-178")
    answers = figures(plan, question, cells, frozenset(), frozenset())
    inspections = next(i.code for i in plan.task("II.2.k.2").indicators if i.terms[0].kind == "inspection.held")
    assert answers[inspections].value > 0
    assert answers[inspections].expected == 1
    assert asked(plan, cells, "2021-Q2")[inspections].expected == 11


def test_an_agency_that_owes_a_report_is_in_once_it_has_reported_and_not_before(plan: Plan) -> None:
    question = Question(window(Period.parse("2021-Q2"), "administrative"))
    code = plan.task("II.3.b").indicators[0].code
    owing = frozenset({"SNV"})
    assert figures(plan, question, [], frozenset(), owing)[code].in_ == 0
    assert figures(plan, question, [], frozenset({"SNV"}), owing)[code].in_ == 1


def test_the_newest_event_counted_is_told(plan: Plan, counting: Counting) -> None:
    cells = cells_of(counting, list(JUNE_EVENTS))
    answers = asked(plan, cells, "2021-Q2")
    newest = {figure.newest for figure in answers.values() if figure.value}
    assert max(moment for moment in newest if moment) == datetime(2021, 6, 3, 3, tzinfo=UTC)
    assert all(figure.newest is None for figure in answers.values() if not figure.value and not figure.expected)


def test_a_window_needs_its_stretches_and_the_stocks() -> None:
    assert buckets(window(Period.parse("2021-Q2"), "administrative")) == ["2021-03-15", "2021-04-01", "stocks"]
