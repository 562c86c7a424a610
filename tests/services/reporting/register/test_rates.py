"""Rates are counts of duties, so none can exceed the whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting.decide import register
from services.reporting.model import RegisterEntry
from services.reporting.register.model import Rate
from services.reporting.register.rates import apart, days_late, rate
from services.reporting.register.tasks import Heard, entries
from services.reporting.register.years import year_view
from services.reporting.reports.model import Contents, Report, Review

DUE = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)
RETURNED = Review("returned", "SKHDT", DUE, "xem lại")
PERIODS = ("2021-Q1", "2021-Q2", "2021-H1", "2021-Q4", "2021")


def report(agency: str, period: str, outcome: str, at: datetime, version: int = 1) -> Report:
    return Report(agency, period, version, outcome, at, at, "1/BC", Contents(), None)  # type: ignore[arg-type]


@st.composite
def handed_in(draw: st.DrawFn) -> dict[str, dict[str, Report]]:
    """Reports of any agencies, of those that owe none too, for some periods, at any time and in any version."""
    agencies = ("SNV", "SKHDT", "STC", "MTTQ", "HND", "UBND-178", "UBND-180", "VPCP", "nobody")
    found: dict[str, dict[str, Report]] = {period: {} for period in PERIODS}
    for period in PERIODS:
        for agency in draw(st.sets(st.sampled_from(agencies))):
            outcome = draw(st.sampled_from(("activity", "nil", "excused")))
            at = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 500)))
            made = report(agency, period, outcome, at, draw(st.integers(1, 9)))
            review = draw(st.sampled_from((None, Review("accepted", "SKHDT", at, None), RETURNED)))
            found[period][agency] = replace(made, review=review)
    return found


NOW = st.integers(0, 800).map(lambda day: datetime(2020, 12, 1, 3, tzinfo=UTC) + timedelta(days=day))


def holds(found: Rate) -> bool:
    parts = 0 <= found.on_time <= found.met <= found.due <= found.duties
    rates = (found.completeness, found.timeliness)
    return parts and all(one is None or 0 <= one <= 1000 for one in rates) and (rates[0] is None) == (found.due == 0)


@given(handed_in(), NOW)
def test_no_rate_exceeds_the_whole_whoever_hands_in_what_and_how_often(
    plan: Plan, reports: dict[str, dict[str, Report]], now: datetime
) -> None:
    periods = {code: register(plan.duties_for(code), reports[code], now) for code in PERIODS}
    for code, found in periods.items():
        obliged, asked = apart(plan, found, lambda entry: entry.duty.agency)
        assert holds(rate(obliged))
        assert holds(rate(asked))
        assert len(obliged) + len(asked) == len(found) == sum(d.role == "report" for d in plan.duties_for(code))
    year = year_view(plan, 2021, periods, now)
    parts = [part for period in year.periods for part in (period.obliged, period.requested)]
    for told in (*parts, *(one.rate for one in year.agencies)):
        assert told.on_time <= told.met <= told.due <= told.duties
    assert year.obliged.met == sum(one.rate.met for one in year.agencies if one.bound == "ordered")
    assert year.requested.duties == sum(one.rate.duties for one in year.agencies if one.bound == "requested")


@given(handed_in(), NOW)
def test_no_rate_of_tasks_exceeds_the_whole_and_bodies_that_are_asked_are_in_none_of_the_obliged(
    plan: Plan, reports: dict[str, dict[str, Report]], now: datetime
) -> None:
    found = entries(plan, Period.parse("2021-Q2"), Heard({}, ()), reports["2021-Q2"], now)
    obliged, asked = apart(plan, found, lambda entry: entry.agency)
    assert holds(rate(obliged))
    assert holds(rate(asked))
    assert {entry.task for entry in asked} == {"II.5.a.1", "II.5.a.2", "II.5.a.3"}
    assert {plan.agency(entry.agency).bound for entry in obliged} == {"ordered"}


@given(handed_in(), NOW)
def test_a_returned_report_counts_as_if_there_were_none_in_every_rate(
    plan: Plan, reports: dict[str, dict[str, Report]], now: datetime
) -> None:
    without = {code: {one.agency: one for one in by.values() if one.stands} for code, by in reports.items()}
    for code in PERIODS:
        duties = plan.duties_for(code)
        told, bare = register(duties, reports[code], now), register(duties, without[code], now)
        assert rate(told) == rate(bare)
        assert [days_late(one, now) for one in told] == [days_late(one, now) for one in bare]
    q2 = Period.parse("2021-Q2")
    tasks = [entries(plan, q2, Heard({}, ()), by["2021-Q2"], now) for by in (reports, without)]
    assert tasks[0] == tasks[1]


def entry_of(plan: Plan, now: datetime, *, at: datetime | None = None, outcome: str = "activity") -> RegisterEntry:
    duty = next(one for one in plan.duties_for("2021-Q2") if one.agency == "SNV" and one.role == "report")
    [found] = register((duty,), {"SNV": report("SNV", "2021-Q2", outcome, at)} if at else {}, now)
    return found


def test_what_is_neither_handed_in_nor_overdue_is_not_due_yet(plan: Plan) -> None:
    assert rate([entry_of(plan, DUE)]) == Rate(duties=1, due=0, met=0, on_time=0)
    assert rate([entry_of(plan, DUE)]).completeness is None
    assert rate([entry_of(plan, DUE + timedelta(seconds=1))]) == Rate(1, 1, 0, 0)


def test_late_is_complete_but_not_in_time_and_an_excuse_meets_the_duty(plan: Plan) -> None:
    late = entry_of(plan, DUE, at=DUE + timedelta(days=2))
    assert (rate([late]).completeness, rate([late]).timeliness) == (1000, 0)
    assert rate([entry_of(plan, DUE, at=DUE, outcome="excused")]) == Rate(1, 1, 1, 1)
    assert rate([late, entry_of(plan, DUE, at=DUE), entry_of(plan, DUE + timedelta(days=1))]).completeness == 667


def test_days_late_are_local_days_of_the_first_version_or_so_far(plan: Plan) -> None:
    assert days_late(entry_of(plan, DUE, at=DUE), DUE + timedelta(days=9)) == 0
    assert days_late(entry_of(plan, DUE, at=DUE + timedelta(seconds=1)), DUE) == 1
    corrected = entry_of(plan, DUE, at=DUE)
    assert corrected.report is not None
    again = replace(corrected, report=replace(corrected.report, version=2, submitted_at=DUE + timedelta(days=5)))
    assert days_late(again, DUE + timedelta(days=9)) == 0
    sent_back = replace(corrected.report, review=Review("returned", "SKHDT", DUE, "xem lại"))
    [owed] = register((corrected.duty,), {"SNV": sent_back}, DUE + timedelta(days=9))
    assert days_late(owed, DUE + timedelta(days=9)) == 9
    assert days_late(entry_of(plan, DUE + timedelta(days=9)), DUE + timedelta(days=9)) == 9
    assert days_late(entry_of(plan, DUE - timedelta(days=9)), DUE - timedelta(days=9)) == 0
