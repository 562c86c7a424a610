"""Handing in a report, returning and accepting it: allowed, refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.kinds.reporting import Outcome
from services.reporting.model import Refused
from services.reporting.reports.decide import Submission, accept, give_back, submit, tasks_of
from services.reporting.reports.model import Contents, Mark, Report, Review
from tests.services.reporting.reports.handing import handed_in

IN_TIME = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)  # 23:59:59 on the 24th in Vietnam
TOO_LATE = IN_TIME + timedelta(seconds=1)


def test_an_agency_hands_in_its_report(plan: Plan) -> None:
    report = handed_in(plan, IN_TIME)
    assert (report.agency, report.version, report.outcome) == ("SNV", 1, "activity")


def test_handing_in_again_makes_a_new_version_and_keeps_the_first_time(plan: Plan) -> None:
    first = handed_in(plan, IN_TIME)
    second = submit(plan, Submission("SNV", "2021-Q2", "nil", None), first, TOO_LATE)
    assert (second.version, second.outcome, second.first_submitted_at) == (2, "nil", IN_TIME)


def test_who_owes_nothing_may_hand_nothing_in(plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        handed_in(plan, IN_TIME, agency="UBNDTINH")
    assert refused.value.code == "no-duty"


def test_a_period_that_has_not_begun_takes_no_report(plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        handed_in(plan, datetime(2021, 3, 14, 16, tzinfo=UTC))
    assert refused.value.code == "not-begun"


def test_an_excuse_needs_its_document(plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        handed_in(plan, IN_TIME, outcome="excused")
    assert refused.value.code == "no-document"
    with pytest.raises(Refused):
        handed_in(plan, IN_TIME, outcome="excused", document=" \u00a0")
    assert handed_in(plan, IN_TIME, outcome="excused", document="12/SNV-VP").outcome == "excused"


def reporting(
    plan: Plan, contents: Contents, *, outcome: Outcome = "activity", earlier: Report | None = None
) -> Report:
    return submit(plan, Submission("SNV", "2021-Q2", outcome, None, contents), earlier, IN_TIME)


def test_an_agency_speaks_of_its_own_tasks_and_indicators(plan: Plan) -> None:
    contents = Contents(words={"II.3.b": "Đã mở lớp."}, declared={"II.3.b/classes": 2}, estimates={"II.3.b/people": 90})
    assert reporting(plan, contents).contents == contents


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (Contents(words={"II.2.d.1": "Dư nợ tăng."}), "unknown-task"),
        (Contents(words={"VII.1": "?"}), "unknown-task"),
        (Contents(declared={"II.2.d.1/granted": 1}), "unknown-indicator"),
        (Contents(estimates={"II.3.b/nothing": 1}), "unknown-indicator"),
    ],
)
def test_it_speaks_of_nobody_elses(plan: Plan, contents: Contents, code: str) -> None:
    with pytest.raises(Refused) as refused:
        reporting(plan, contents)
    assert refused.value.code == code


def test_a_report_of_nothing_declares_nothing_but_zero(plan: Plan) -> None:
    assert reporting(plan, Contents(declared={"II.3.b/classes": 0}), outcome="nil").outcome == "nil"
    with pytest.raises(Refused) as refused:
        reporting(plan, Contents(declared={"II.3.b/classes": 1}), outcome="nil")
    assert refused.value.code == "nil-with-figures"


def test_an_average_follows_from_what_is_expected_of_its_total_and_count(plan: Plan) -> None:
    code = next(one.code for one in plan.indicator_by_code.values() if one.measure == "average")
    owner = plan.owners(code.partition("/")[0], IN_TIME.date())[0]
    with pytest.raises(Refused) as refused:
        submit(plan, Submission(owner, "2021-Q2", "activity", None, Contents(estimates={code: 5})), None, IN_TIME)
    assert refused.value.code == "average"


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (Contents(marks={"II.3.b": Mark("excused", "12/SNV-VP")}), None),
        (Contents(marks={"II.3.b": Mark("nil")}, words={"II.3.b": "Chờ bố trí kinh phí."}), None),
        (Contents(marks={"II.3.b": Mark("nil")}, declared={"II.3.b/classes": 0, "II.4.d/reviewed": 1}), None),
        (Contents(marks={"II.3.b": Mark("excused")}), "no-document"),
        (Contents(marks={"II.3.b": Mark("excused", " \u00a0")}), "no-document"),
        (Contents(marks={"II.3.b": Mark("nil")}, declared={"II.3.b/classes": 2}), "nil-with-figures"),
        (Contents(marks={"II.3.b": Mark("excused", "1")}, declared={"II.3.b/classes": 2}), "nil-with-figures"),
        (Contents(marks={"II.2.d.1": Mark("nil")}), "unknown-task"),
    ],
)
def test_a_single_task_is_marked_as_nil_or_excused_by_a_document(
    plan: Plan, contents: Contents, code: str | None
) -> None:
    if code is None:
        assert reporting(plan, contents).contents.marks == contents.marks
        return
    with pytest.raises(Refused) as refused:
        reporting(plan, contents)
    assert refused.value.code == code


def test_a_task_is_told_of_since_the_version_that_first_did_unless_one_between_was_silent(plan: Plan) -> None:
    first = reporting(plan, Contents(words={"II.3.b": "Đã mở lớp."}))
    later, last = IN_TIME + timedelta(hours=1), TOO_LATE + timedelta(days=1)

    def again(earlier: Report, at: datetime, words: dict[str, str]) -> Report:
        return submit(plan, Submission("SNV", "2021-Q2", "activity", None, Contents(words=words)), earlier, at)

    second = again(first, later, {"II.3.b": "Đã mở 02 lớp.", "II.4.d": "Đã rà soát."})
    assert dict(second.told) == {"II.3.b": first.submitted_at, "II.4.d": later}
    silent = again(second, later, {"II.4.d": "Đã rà soát."})
    assert dict(again(silent, last, {"II.3.b": "Đã mở lớp."}).told) == {"II.3.b": last}
    nil = submit(plan, Submission("SNV", "2021-Q2", "nil", None), second, last)
    assert nil.told["II.3.b"] == first.submitted_at
    assert set(nil.told) == {task.code for task in tasks_of(plan, "SNV", "2021-Q2")}


def test_an_accepted_report_is_replaced_only_after_it_was_returned(plan: Plan) -> None:
    accepted = accept(handed_in(plan, IN_TIME), 1, "SKHDT", None, IN_TIME)
    assert accepted.state == "accepted"
    with pytest.raises(Refused) as refused:
        reporting(plan, Contents(), earlier=accepted)
    assert refused.value.code == "accepted"
    returned = give_back(accepted, 1, "SKHDT", "thiếu số liệu", TOO_LATE)
    again = reporting(plan, Contents(), earlier=returned)
    assert (again.version, again.state, again.review) == (2, "submitted", None)


def test_only_the_version_that_was_seen_is_decided_on(plan: Plan) -> None:
    for decide in (give_back, accept):
        for report, version, code in ((None, 1, "no-report"), (handed_in(plan, IN_TIME), 2, "other-version")):
            with pytest.raises(Refused) as refused:
                decide(report, version, "SKHDT", "xem lại", TOO_LATE)
            assert refused.value.code == code


def test_a_version_is_returned_once_and_never_accepted_afterwards(plan: Plan) -> None:
    returned = give_back(handed_in(plan, IN_TIME), 1, "SKHDT", "thiếu số liệu", TOO_LATE)
    assert returned.review == Review("returned", "SKHDT", TOO_LATE, "thiếu số liệu")
    for decide in (give_back, accept):
        with pytest.raises(Refused) as refused:
            decide(returned, 1, "SKHDT", "xem lại", TOO_LATE)
        assert refused.value.code == "returned"


@given(st.lists(st.sampled_from(["submit", "return", "accept"]), max_size=12))
def test_versions_only_grow_and_an_accepted_one_stands_until_it_is_returned(plan: Plan, steps: list[str]) -> None:
    now: Report | None = None
    for step in steps:
        before = now
        try:
            if step == "submit":
                now = reporting(plan, Contents(), earlier=before)
            elif step == "return":
                now = give_back(before, before.version if before else 1, "SKHDT", "xem lại", TOO_LATE)
            else:
                now = accept(before, before.version if before else 1, "SKHDT", None, TOO_LATE)
        except Refused:
            continue
        assert now.version == (before.version if before else 0) + (step == "submit")
        assert before is None or now.first_submitted_at == before.first_submitted_at
        assert not (before and before.state == "accepted") or step == "return"
