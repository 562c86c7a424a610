"""What the agencies' reports say together, and where they differ from the events."""

from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from services.reporting.reports.decide import Submission, give_back, indicators_of, submit, tasks_of
from services.reporting.reports.gathered import declared_by, discrepancies, estimates, expected_of, narrative, proposals
from services.reporting.reports.model import Contents, Mark, Report
from tests.services.reporting.reports.test_decide import IN_TIME

CODES = ("II.3.b/classes", "II.3.b/people", "II.3.b/cost")
FIGURES = st.dictionaries(st.sampled_from(CODES), st.integers(-9, 9))


def report(plan: Plan, contents: Contents, agency: str = "SNV") -> Report:
    return submit(plan, Submission(agency, "2021-Q2", "activity", None, contents), None, IN_TIME)


@given(FIGURES, FIGURES)
def test_what_is_told_is_exactly_what_was_declared_otherwise(
    plan: Plan, declared: dict[str, int], made: dict[str, int]
) -> None:
    counted = {code: {"SNV": value, "SCT": 99} for code, value in made.items()}
    found = discrepancies(plan, [report(plan, Contents(declared=declared))], counted)
    assert {one.indicator: (one.declared, one.counted) for one in found} == {
        code: (value, made.get(code, 0)) for code, value in declared.items() if value != made.get(code, 0)
    }


def test_a_report_of_nothing_declares_zero_for_flows_and_says_nothing_of_stocks(plan: Plan) -> None:
    nothing = submit(plan, Submission("NHNN", "2021-Q2", "nil", None), None, IN_TIME)
    declared, own = declared_by(plan, nothing), indicators_of(tasks_of(plan, "NHNN", "2021-Q2"))
    assert set(declared) == {code for code, one in own.items() if one.measure in ("count", "sum", "distinct")}
    assert set(declared) < set(own)
    counted = {"II.2.d.1/granted": {"NHNN": 2}, "II.2.d.1/balance": {"NHNN": 700}}
    assert [one.indicator for one in discrepancies(plan, [nothing], counted)] == ["II.2.d.1/granted"]


def test_a_task_marked_as_nil_declares_zero_for_its_own_flows_and_an_excused_one_declares_nothing(plan: Plan) -> None:
    nil = report(plan, Contents(marks={"II.3.b": Mark("nil")}, declared={"II.4.d/reviewed": 1}))
    declared = declared_by(plan, nil)
    assert declared["II.3.b/classes"] == 0
    assert {code.partition("/")[0] for code in declared} == {"II.3.b", "II.4.d"}
    assert [one.indicator for one in discrepancies(plan, [nil], {"II.3.b/people": {"SNV": 9}})] == [
        "II.3.b/people",
        "II.4.d/reviewed",
    ]
    assert declared_by(plan, report(plan, Contents(marks={"II.3.b": Mark("excused", "1/CV")}))) == {}


def test_a_mark_is_told_among_the_words_before_what_the_agency_says_itself(plan: Plan) -> None:
    marks = {"II.3.b": Mark("nil"), "II.4.d": Mark("excused", "12/SNV-VP"), "II.1.a": Mark("nil", "9/CV")}
    told = narrative(plan, [report(plan, Contents(marks=marks, words={"II.3.b": "Chờ kinh phí."}))])
    assert {one.task: one.text for one in told} == {
        "II.3.b": "Không phát sinh trong kỳ. Chờ kinh phí.",
        "II.4.d": "Được miễn theo văn bản số 12/SNV-VP.",
        "II.1.a": "Không phát sinh trong kỳ (văn bản số 9/CV).",
    }
    assert {one.task: one.mark.outcome for one in told if one.mark} == {code: marks[code].outcome for code in marks}


@given(FIGURES, FIGURES)
def test_estimates_add_up_over_agencies_and_are_one_agencys_where_it_is_asked_for(
    plan: Plan, one: dict[str, int], other: dict[str, int]
) -> None:
    theirs = {code.replace("II.3.b", "II.1.a").replace("classes", "sessions"): value for code, value in other.items()}
    theirs = {code: value for code, value in theirs.items() if code == "II.1.a/sessions"}
    both = [report(plan, Contents(estimates=one | theirs)), report(plan, Contents(estimates=theirs), "SCT")]
    assert estimates(expected_of(plan, both)) == one | {code: 2 * value for code, value in theirs.items()}
    assert estimates(expected_of(plan, both, agency="SCT")) == theirs
    returned = give_back(both[0], 1, "SKHDT", "xem lại", IN_TIME)
    assert estimates(expected_of(plan, [returned, both[1]])) == theirs


def test_words_stand_in_the_plans_order_and_a_returned_report_gives_none(plan: Plan) -> None:
    words = {"II.3.b": "Đã mở lớp.", "II.1.a": "Đã tuyên truyền."}
    ours, theirs = report(plan, Contents(words=words, proposals=("Thêm vốn.",))), report(plan, Contents(), "SCT")
    assert [one.task for one in narrative(plan, [theirs, ours])] == ["II.1.a", "II.3.b"]
    assert [one.text for one in proposals(plan, [theirs, ours])] == ["Thêm vốn."]
    returned = give_back(ours, 1, "SKHDT", "xem lại", IN_TIME)
    assert (narrative(plan, [returned]), proposals(plan, [returned])) == ([], [])
