"""What plan 177/KH-UBND says, read off the document and written here a second time."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.roster import NobodyStands
from contracts.kinds import KINDS

SIGNED = date(2020, 11, 2)
BEFORE_MERGERS, AFTER_MERGERS = date(2025, 2, 28), date(2025, 3, 1)
LAST_OF_DISTRICTS, FIRST_OF_COMMUNES = date(2025, 6, 30), date(2025, 7, 1)

IN_ORDER = """
II.1.a II.1.b II.1.c
II.2.a.1 II.2.a.2 II.2.a.3 II.2.b II.2.c.1 II.2.c.2 II.2.c.3 II.2.c.4 II.2.d.1 II.2.d.2 II.2.đ.1 II.2.đ.2 II.2.đ.3
II.2.e.1 II.2.e.2 II.2.g II.2.h.1 II.2.h.2 II.2.i.1 II.2.i.2 II.2.k.1 II.2.k.2 II.2.k.3
II.3.a II.3.b II.3.c.1 II.3.c.2
II.4.a.1 II.4.a.2 II.4.c.1 II.4.c.2 II.4.c.3 II.4.d II.4.đ.1 II.4.đ.2 II.4.đ.3 II.4.đ.4
II.5.a.1 II.5.a.2 II.5.a.3 II.5.b.1 II.5.b.2 II.5.b.3
"""
TASKS = IN_ORDER.split()

LEADS = {
    "STTTT": ["II.1.b"],
    "SKHDT": ["II.1.c", "II.2.a.1", "II.2.a.2", "II.2.a.3", "II.4.a.1", "II.4.a.2"],
    "STC": ["II.2.b"],
    "SNNPTNT": ["II.2.c.1", "II.2.c.2", "II.2.c.3", "II.2.c.4", "II.4.c.1", "II.4.c.2", "II.4.c.3"],
    "NHNN": ["II.2.d.1", "II.2.d.2"],
    "SCT": ["II.2.đ.1", "II.2.đ.2", "II.2.đ.3"],
    "STNMT": ["II.2.e.1", "II.2.e.2"],
    "SKHCN": ["II.2.g"],
    "SLDTBXH": ["II.2.h.1", "II.2.h.2"],
    "BHXH": ["II.2.i.1", "II.2.i.2"],
    "BCD": ["II.3.a"],
    "SNV": ["II.3.b", "II.4.d"],
    "LMHTX": [
        "II.3.c.1",
        "II.3.c.2",
        "II.4.đ.1",
        "II.4.đ.2",
        "II.4.đ.3",
        "II.4.đ.4",
        "II.5.b.1",
        "II.5.b.2",
        "II.5.b.3",
    ],
}
DISTRICTS = tuple(f"UBND-{code}" for code in (178, *range(180, 190)))


def test_there_are_46_tasks_in_the_order_of_the_document(plan: Plan) -> None:
    assert [task.code for task in plan.tasks] == TASKS
    assert [task.position for task in plan.tasks] == list(range(1, 47))


def test_a_task_is_found_with_and_without_its_vietnamese_letter(plan: Plan) -> None:
    assert plan.task("II.2.dd.3") is plan.task("II.2.đ.3")
    assert all(task.ascii_code.isascii() for task in plan.tasks)
    assert len({task.ascii_code for task in plan.tasks}) == 46


def test_every_single_lead_is_the_one_the_document_names(plan: Plan) -> None:
    for agency, tasks in LEADS.items():
        assert [task.code for task in plan.tasks if task.leads == (agency,)] == tasks


def test_tasks_of_many_owners_belong_to_each_of_them(plan: Plan) -> None:
    everybody = plan.owners("II.1.a", SIGNED)
    assert len([agency for agency in everybody if agency not in DISTRICTS]) == 20
    assert set(DISTRICTS) < set(everybody)
    assert plan.owners("II.2.k.2", SIGNED) == DISTRICTS
    assert plan.owners("II.5.a.1", SIGNED) == ("MTTQ", "LDLD", "HND", "HLHPN", "TDOAN", "HCCB")


def test_tasks_of_merged_departments_pass_to_their_successors(plan: Plan) -> None:
    assert plan.owners("II.2.a.1", BEFORE_MERGERS) == ("SKHDT",)
    assert plan.owners("II.2.a.1", AFTER_MERGERS) == ("STC",)
    assert plan.owners("II.1.b", AFTER_MERGERS) == ("SKHCN",)
    assert plan.owners("II.2.h.1", AFTER_MERGERS) == ("SNV",)
    assert plan.owners("II.2.c.1", AFTER_MERGERS) == plan.owners("II.2.e.1", AFTER_MERGERS) == ("SNNMT",)


def test_whoever_merged_into_the_owner_no_longer_cooperates_with_it(plan: Plan) -> None:
    assert plan.cooperating("II.2.b", BEFORE_MERGERS) == ("SKHDT", "related-agencies")
    assert plan.cooperating("II.2.b", AFTER_MERGERS) == ("related-agencies",)


def test_what_11_districts_did_falls_to_65_communes(plan: Plan) -> None:
    assert plan.owners("II.2.k.1", LAST_OF_DISTRICTS) == DISTRICTS
    communes = plan.owners("II.2.k.1", FIRST_OF_COMMUNES)
    assert len(communes) == 65
    assert communes[0] == "UBND-05977"
    assert len(plan.units_on(LAST_OF_DISTRICTS)) == 11
    assert len(plan.units_on(FIRST_OF_COMMUNES)) == 65


def test_each_commune_begins_the_day_after_its_old_district(plan: Plan) -> None:
    for unit in plan.units_on(FIRST_OF_COMMUNES):
        assert unit.predecessor is not None
        assert plan.unit(unit.predecessor).valid_to == LAST_OF_DISTRICTS
        assert plan.agency(f"UBND-{unit.code}").unit == unit.code


def test_a_committee_is_named_after_its_unit(plan: Plan) -> None:
    assert plan.agency("UBND-178").name == "UBND thành phố Lạng Sơn"
    assert plan.agency("UBND-06001").name == "UBND xã Đoàn Kết"


def test_a_district_has_no_single_successor(plan: Plan) -> None:
    with pytest.raises(NobodyStands):
        plan.successor_on("UBND-178", FIRST_OF_COMMUNES)


@given(st.dates(SIGNED, date(2027, 12, 31)))
def test_every_task_has_standing_owners_on_every_day(plan: Plan, day: date) -> None:
    for task in plan.tasks:
        owners = plan.owners(task.code, day)
        assert owners
        assert all(plan.agency(owner).stands_on(day) for owner in owners)
        assert len(set(owners)) == len(owners)


def test_each_period_is_reported_by_41_agencies_and_consolidated_by_one(plan: Plan) -> None:
    for period in ("2021-Q1", "2021-Q2", "2021-H1", "2021"):
        duties = plan.duties_for(period)
        assert len({duty.agency for duty in duties if duty.role == "report"}) == 41
        assert [(duty.agency, duty.to) for duty in duties if duty.role == "consolidate"] == [("SKHDT", "UBNDTINH")]
        assert {duty.to for duty in duties if duty.role == "report"} == {"SKHDT"}


def test_reports_are_due_before_the_25th_and_their_consolidation_before_the_30th(plan: Plan) -> None:
    vietnam = timezone(timedelta(hours=7))
    last = {(duty.period, duty.role): duty.last_moment for duty in plan.duties(2021)}
    assert last[("2021-Q1", "report")] == datetime(2021, 3, 24, 23, 59, 59, tzinfo=vietnam)
    assert last[("2021-Q1", "report")].isoformat() == "2021-03-24T23:59:59+07:00"
    assert last[("2021-Q1", "consolidate")].isoformat() == "2021-03-29T23:59:59+07:00"
    assert last[("2021-Q2", "report")] == last[("2021-H1", "report")]
    assert last[("2021-Q4", "consolidate")] == last[("2021", "consolidate")]
    assert last[("2021", "report")].isoformat() == "2021-12-24T23:59:59+07:00"


def test_the_first_duties_are_those_of_the_end_of_2020(plan: Plan) -> None:
    assert {duty.period for duty in plan.duties(2020)} == {"2020-Q4", "2020"}
    assert plan.duties(2019) == ()


def test_the_finance_department_inherits_reporting_and_consolidating(plan: Plan) -> None:
    assert plan.consolidator(BEFORE_MERGERS) == "SKHDT"
    first_quarter = plan.duties_for("2025-Q1")
    assert "SKHDT" not in {duty.agency for duty in first_quarter}
    assert {duty.to for duty in first_quarter if duty.role == "report"} == {"STC"}
    assert first_quarter[-1].agency == "STC"


def test_communes_report_from_the_third_quarter_of_2025(plan: Plan) -> None:
    assert "UBND-178" in {duty.agency for duty in plan.duties_for("2025-Q2")}
    third = {duty.agency for duty in plan.duties_for("2025-Q3")}
    assert "UBND-178" not in third
    assert len([agency for agency in third if agency.startswith("UBND-")]) == 65


def test_the_front_is_asked_and_departments_are_ordered(plan: Plan) -> None:
    assert plan.agency("MTTQ").bound == "requested"
    assert plan.agency("SKHDT").bound == "ordered"
    assert not plan.agency("UBNDTINH").owes_report


def test_an_agency_may_say_only_what_its_own_tasks_count(plan: Plan) -> None:
    assert plan.may_say("NHNN", "loan.granted", SIGNED)
    assert not plan.may_say("SCT", "loan.granted", SIGNED)
    assert not plan.may_say("NHNN", "cooperative.registered", SIGNED)
    assert not plan.may_say("NHNN", "report.submitted", SIGNED)
    assert not plan.may_say("nobody", "loan.granted", SIGNED)


def test_an_agency_may_say_nothing_after_its_last_day(plan: Plan) -> None:
    assert plan.may_say("SKHDT", "award.granted", BEFORE_MERGERS)
    assert not plan.may_say("SKHDT", "award.granted", AFTER_MERGERS)
    assert plan.may_say("STC", "award.granted", AFTER_MERGERS)


def test_every_bound_agency_may_raise_an_obstacle(plan: Plan) -> None:
    assert plan.may_say("STP", "obstacle.raised", SIGNED)
    assert plan.may_say("LDLD", "obstacle.solved", SIGNED)
    assert not plan.may_say("VPCP", "obstacle.raised", SIGNED)


def test_every_kind_about_cooperatives_is_counted_somewhere(plan: Plan) -> None:
    counted = {term.kind for indicator in plan.indicator_by_code.values() for term in indicator.terms}
    assert counted == {name for name, kind in KINDS.items() if kind.speaker in ("registry", "support")}


def test_indicators_are_coded_after_their_task(plan: Plan) -> None:
    for task in plan.tasks:
        assert task.indicators
        for indicator in task.indicators:
            assert indicator.code.startswith(f"{task.code}/")
            assert plan.indicator_by_code[indicator.code] is indicator


def test_tasks_name_the_legal_documents_of_their_text(plan: Plan) -> None:
    assert plan.task("II.2.c.3").documents == ("98/2018/NĐ-CP",)
    assert plan.task("II.2.d.1").documents == ("55/2015/NĐ-CP", "116/NĐ-CP", "30/NQ-CP", "08/2019/NQ-HĐND")


def test_the_support_funds_loans_are_counted_apart_from_the_banks(plan: Plan) -> None:
    for code in ("II.2.d.1/balance", "II.2.d.2/balance"):
        for term in plan.indicator_by_code[code].terms:
            assert "support-fund" not in term.where["programme"]
    for term in plan.indicator_by_code["II.4.đ.3/balance"].terms:
        assert term.where["programme"] == ("support-fund",)


def test_a_committee_speaks_of_its_own_unit_and_others_of_all_that_stand(plan: Plan) -> None:
    assert [unit.code for unit in plan.units_for("UBND-181", LAST_OF_DISTRICTS)] == ["181"]
    assert plan.units_for("UBND-181", FIRST_OF_COMMUNES) == ()
    assert plan.units_for("SNV", FIRST_OF_COMMUNES) == plan.units_on(FIRST_OF_COMMUNES)


def test_averages_are_of_totals_and_counts_of_the_same_events(plan: Plan) -> None:
    averages = {code: one for code, one in plan.indicator_by_code.items() if one.measure == "average"}
    parts = {code: [part.code.partition("/")[2] for part in one.counted] for code, one in averages.items()}
    assert parts == {
        "II.4.đ.1/average-revenue": ["revenue", "results"],
        "II.4.đ.1/average-profit": ["profit", "results"],
        "II.4.đ.1/average-income": ["wages", "staff"],
        "II.4.đ.1/average-revenue-estimate": ["revenue-estimate", "results-estimate"],
        "II.4.đ.1/average-profit-estimate": ["profit-estimate", "results-estimate"],
        "II.4.đ.1/average-income-estimate": ["wages-estimate", "staff-estimate"],
    }
    estimated = {
        one.code: {term.where["estimate"] for part in one.counted for term in part.terms} for one in averages.values()
    }
    assert all(wheres == {(code.endswith("-estimate"),)} for code, wheres in estimated.items())


def test_stocks_are_kept_of_what_a_report_states_as_of_a_day(plan: Plan) -> None:
    for code in (
        "II.4.a.1/active-htx", "II.4.đ.1/members", "II.4.đ.1/capital", "II.2.d.1/balance", "II.4.đ.3/balance",
    ):  # fmt: skip
        assert plan.indicator_by_code[code].measure == "stock"


def test_programme_19_sets_targets_for_2021_to_2025(plan: Plan) -> None:
    new, courses, charters = (
        plan.target_of(code, 2021) for code in ("II.4.a.1/new-htx", "II.4.đ.2/classes", "II.4.đ.1/charter-guidance")
    )
    assert new
    assert courses
    assert charters
    assert [(one.at_least, one.up_to) for one in (new, courses, charters)] == [(200, 250), (200, None), (15, None)]
    assert all(one.source.startswith("Chương trình số 19/CTr-UBND") for one in (new, courses, charters))
    assert plan.target_of("II.4.đ.2/classes", 2025) is courses
    assert plan.target_of("II.4.đ.2/classes", 2020) is plan.target_of("II.4.đ.2/classes", 2026) is None
    assert plan.target_of("II.4.a.1/active-htx", 2021) is None


def test_an_agency_s_forebears_are_those_in_whose_place_it_stands(plan: Plan) -> None:
    assert "SKHDT" in plan.roster.forebears("STC")
    assert plan.roster.forebears("SKHDT") == frozenset()
    for agency in plan.agencies:
        if agency.valid_to is not None and agency.successor is not None:
            then = plan.successor_on(agency.code, date(2026, 1, 1))
            assert agency.code in plan.roster.forebears(then)


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)))
def test_on_every_day_somebody_sees_to_what_was_any_agency_s_and_both_ways_say_the_same(plan: Plan, day: date) -> None:
    heirs = {agency.code: plan.roster.heirs_on(agency.code, day) for agency in plan.agencies}
    standing = {agency.code for agency in plan.agencies_on(day)}
    for agency in plan.agencies:
        assert set(heirs[agency.code]) <= standing
        assert (heirs[agency.code] == (agency.code,)) == (agency.code in standing)
        assert bool(heirs[agency.code]) == (agency.valid_from <= day)
    some = ("STC", "SNNMT", "SKHDT", "UBND-178", "UBND-06187")
    for code in some:
        assert plan.roster.in_place_of(code, day) == {old for old, after in heirs.items() if code in after}
