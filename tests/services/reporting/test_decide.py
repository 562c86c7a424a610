"""Handing in reports, the register, consolidating: allowed, refused, nothing to say."""

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Plan
from services.reporting.decide import Submission, check_over, on_time, register, submit
from services.reporting.model import Refused, Report

IN_TIME = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)  # 23:59:59 on the 24th in Vietnam
TOO_LATE = IN_TIME + timedelta(seconds=1)


def handed_in(plan: Plan, at: datetime, *, agency: str = "SNV", outcome: str = "activity", **more: str) -> Report:
    submission = Submission(agency, "2021-Q2", outcome, more.get("document"), None)  # type: ignore[arg-type]
    return submit(submission, None, plan.duties_for("2021-Q2"), at)


def test_an_agency_hands_in_its_report(plan: Plan) -> None:
    report = handed_in(plan, IN_TIME)
    assert (report.agency, report.version, report.outcome) == ("SNV", 1, "activity")


def test_handing_in_again_makes_a_new_version_and_keeps_the_first_time(plan: Plan) -> None:
    first = handed_in(plan, IN_TIME)
    second = submit(Submission("SNV", "2021-Q2", "nil", None, None), first, plan.duties_for("2021-Q2"), TOO_LATE)
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
    assert handed_in(plan, IN_TIME, outcome="excused", document="12/SNV-VP").outcome == "excused"


def test_the_last_second_of_the_24th_is_on_time_and_the_next_is_not(plan: Plan) -> None:
    duty = next(duty for duty in plan.duties_for("2021-Q2") if duty.agency == "SNV")
    assert on_time(duty, IN_TIME)
    assert not on_time(duty, TOO_LATE)


def test_the_register_has_every_duty_to_report_and_only_those(plan: Plan) -> None:
    entries = register(plan.duties_for("2021-Q2"), {}, IN_TIME)
    owing = [duty.agency for duty in plan.duties_for("2021-Q2") if duty.role == "report"]
    assert [entry.duty.agency for entry in entries] == owing
    assert {entry.state for entry in entries} == {"missing"}


def test_a_missing_report_is_overdue_only_after_its_last_moment(plan: Plan) -> None:
    duties = plan.duties_for("2021-Q2")
    assert not any(entry.overdue for entry in register(duties, {}, IN_TIME))
    assert all(entry.overdue for entry in register(duties, {}, TOO_LATE))


def test_a_late_report_is_late_however_often_it_is_corrected(plan: Plan) -> None:
    late = handed_in(plan, TOO_LATE)
    entry = next(e for e in register(plan.duties_for("2021-Q2"), {"SNV": late}, TOO_LATE) if e.duty.agency == "SNV")
    assert (entry.state, entry.on_time, entry.overdue) == ("activity", False, False)


def test_a_period_is_consolidated_only_once_it_is_over() -> None:
    check_over("2021-Q2", datetime(2021, 6, 14, 17, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        check_over("2021-Q2", datetime(2021, 6, 14, 16, 59, tzinfo=UTC))
    assert refused.value.code == "not-over"
