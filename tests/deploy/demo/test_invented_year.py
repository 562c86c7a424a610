"""The invented year: the same for the same seed, of the right size, with everybody and everything in it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from catalogue.model import Plan, Term
from deploy.local.demo import independent
from deploy.local.demo.chance import OPENING
from deploy.local.demo.independent import Fact
from deploy.local.demo.invent import invent
from deploy.local.demo.values import fields_of
from deploy.local.demo.year import Year
from tests.deploy.demo.conftest import EVENTS, SEED

SMALL = 1_500
KINDS = ("obstacle.raised", "obstacle.solved")


@pytest.fixture(scope="module")
def facts(plan: Plan, year: Year) -> list[Fact]:
    return independent.facts(plan, year)


def taken(term: Term, fact: Fact) -> bool:
    return fact.kind == term.kind and all(fact.data.get(name, False) in wanted for name, wanted in term.where.items())


def test_a_seed_gives_the_same_year_again(plan: Plan, year: Year) -> None:
    assert invent(plan, SEED, EVENTS) == year


def test_another_seed_gives_another_year(plan: Plan) -> None:
    assert invent(plan, 1, SMALL) != invent(plan, 2, SMALL)


def test_there_are_about_as_many_events_as_asked_for(year: Year) -> None:
    assert 0.9 * EVENTS < len(year.changes) + len(year.sayings) < 1.1 * EVENTS


def test_every_owner_of_every_task_says_what_its_indicators_take(plan: Plan, facts: list[Fact]) -> None:
    by_agency: dict[str, list[Fact]] = {}
    for fact in facts:
        by_agency.setdefault(fact.agency, []).append(fact)
    silent = [
        (agency, indicator.code, term.kind)
        for task in plan.tasks
        for agency in plan.owners(task.code, OPENING.date())
        for indicator in task.indicators
        if indicator.speakers == "owners"
        for term in indicator.terms
        if not any(taken(term, fact) for fact in by_agency.get(agency, ()))
    ]
    assert not silent


def test_every_term_of_every_indicator_takes_something(plan: Plan, facts: list[Fact]) -> None:
    terms = [
        (indicator.code, term)
        for task in plan.tasks
        for indicator in task.indicators
        for term in indicator.terms
        if term.where.get("form") != ("lhhtx",)  # four unions: too few for every fate
    ]
    assert not [(code, term) for code, term in terms if not any(taken(term, fact) for fact in facts)]


def test_no_indicator_is_nothing_all_year(plan: Plan, facts: list[Fact]) -> None:
    figures = independent.figures(plan, facts)
    periods = ("2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4")
    nothing = [
        indicator.code
        for task in plan.tasks
        for indicator in task.indicators
        if not any(figures[period, "administrative", indicator.code] for period in periods)
    ]
    assert not nothing


def test_no_figure_is_negative(plan: Plan, facts: list[Fact]) -> None:
    assert not {key: value for key, value in independent.figures(plan, facts).items() if value < 0}


def test_every_agency_that_owes_reports_speaks_and_hands_in(plan: Plan, year: Year) -> None:
    owing = {duty.agency for duty in plan.duties(2021) if duty.role == "report"}
    assert len(owing) == 41
    assert owing <= {saying.agency for saying in year.sayings if saying.sound}
    assert owing == {report.agency for report in year.reports}


def test_every_unit_registers_cooperatives_and_speaks(plan: Plan, year: Year) -> None:
    units = {unit.code for unit in plan.units_on(OPENING.date())}
    assert units == {change.data["unit"] for change in year.changes}
    assert {f"UBND-{unit}" for unit in units} <= {saying.agency for saying in year.sayings}


def test_reports_come_in_time_and_late_and_some_never(plan: Plan, year: Year) -> None:
    stands = independent.registers(plan, year.reports)
    outcomes = Counter(stand.outcome for stand in stands.values())
    assert outcomes.keys() == {"activity", "nil", "excused", "missing"}
    punctual = Counter(stand.on_time for stand in stands.values())
    assert punctual[True] > 5 * punctual[False] > 0
    assert all(report.document for report in year.reports if report.outcome == "excused")
    assert any(len(report.periods) > 1 for report in year.reports)


def test_every_period_is_consolidated(year: Year) -> None:
    assert sorted(one.period for one in year.consolidations) == sorted(independent.PERIODS)


def test_the_year_has_its_share_of_disorder(year: Year) -> None:
    sound = [saying for saying in year.sayings if saying.sound]
    ids = Counter((saying.agency, saying.event["id"]) for saying in sound)
    repeated = sum(count - 1 for count in ids.values())
    assert 0.02 < repeated / len(sound) < 0.04
    assert 0.005 < (len(year.sayings) - len(sound)) / len(sound) < 0.02
    assert any(saying.event.get("revision") == 2 for saying in sound)
    assert any(saying.event["type"].endswith(".retracted") for saying in sound)
    assert len(year.garbage) >= 10


def test_events_arrive_after_they_happen_and_some_behind_later_ones(year: Year) -> None:
    newest: dict[str, str] = {}
    behind = 0
    for saying in year.sayings:
        if saying.sound:
            at = saying.event["time"]
            assert at <= saying.sent.isoformat()
            behind += at < newest.get(saying.agency, "")
            newest[saying.agency] = max(at, newest.get(saying.agency, ""))
    assert behind > 0.05 * len(year.sayings)


def test_some_corrections_arrive_before_what_they_correct(year: Year) -> None:
    sent: dict[tuple[str, str, int], datetime] = {}
    for saying in year.sayings:
        if saying.sound:
            event = saying.event
            fact = saying.agency + event["type"].removesuffix(".retracted"), event["subject"], event.get("revision", 1)
            sent.setdefault(fact, saying.sent)
    assert any(at > sent.get((kind, subject, 2), at) for (kind, subject, revision), at in sent.items() if revision == 1)


def test_things_happen_in_working_hours(year: Year) -> None:
    moments = [change.at for change in year.changes] + [report.at for report in year.reports]
    assert all(8 <= moment.hour <= 17 for moment in moments)
    assert all(moment.utcoffset() == timedelta(hours=7) for moment in moments)


def test_nothing_happens_on_a_weekend(year: Year, facts: list[Fact]) -> None:
    days = [fact.day for fact in facts] + [report.at.date() for report in year.reports]
    assert not [day for day in days if day.weekday() >= 5]


def test_money_is_in_whole_thousands_of_dong(facts: list[Fact]) -> None:
    odd = [
        (fact.kind, field.name, fact.data[field.name])
        for fact in facts
        for field in fields_of(fact.kind)
        if "'x-unit': 'đồng'" in str(field.type) and (fact.data.get(field.name) or 0) % 1_000
    ]
    assert not odd


def test_no_loan_pays_out_more_than_was_granted_or_back_more_than_was_paid_out(facts: list[Fact]) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if fact.kind.startswith("loan.") and "amount" in fact.data:
            sums[fact.data["loan"], fact.kind] += fact.data["amount"]
    loans = {loan for loan, _ in sums}
    assert len(loans) > 20
    for loan in loans:
        assert sums[loan, "loan.disbursed"] <= sums[loan, "loan.granted"]
        assert sums[loan, "loan.repaid"] <= sums[loan, "loan.disbursed"]


@pytest.mark.parametrize(("seed", "events"), [(SEED, EVENTS), (1, SMALL), (2, SMALL)])
def test_one_report_declares_more_than_its_agency_s_events_make_and_all_of_those_are_sent_before(
    plan: Plan, seed: int, events: int
) -> None:
    year = invent(plan, seed, events)
    [one] = year.disputes
    assert one.report in year.reports
    assert [report for report in year.reports if report.declared] == [one.report]
    assert one.report.periods == (one.period,)
    assert one.report.declared[one.indicator] > one.counted > 0
    sent = replace(year, sayings=[saying for saying in year.sayings if saying.sent.date() < one.report.at.date()])
    for known in (year, sent):
        held = independent.facts(plan, known)
        assert independent.of_agency(plan, held, one.report.agency, one.indicator, one.period) == one.counted


def test_of_the_obstacles_that_people_raise_some_are_closed_some_wait_and_one_was_never_forwarded(year: Year) -> None:
    states = Counter(independent.state_on(one, year.reports[-1].at.date()) for one in year.difficulties)
    assert states == {"closed": 2, "forwarded": 1, "open": 1}
    listed = independent.consolidated(year)
    assert {period for period, _ in listed} == {"2021-Q2", "2021-Q3", "2021-Q4", "2021-H1", "2021"}
    assert all("(dữ liệu minh họa)" in one.text for one in year.difficulties)


def test_what_systems_say_is_solved_was_raised_under_the_same_name(year: Year) -> None:
    named = {kind: {s.event["subject"] for s in year.sayings if s.sound and s.event["type"] == kind} for kind in KINDS}
    assert named["obstacle.solved"]
    assert named["obstacle.solved"] <= named["obstacle.raised"]
