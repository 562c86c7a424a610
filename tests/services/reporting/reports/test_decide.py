"""Handing in a report: allowed, refused."""

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Plan
from services.reporting.model import Refused
from services.reporting.reports.decide import Submission, submit
from tests.services.reporting.reports.handing import handed_in

IN_TIME = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)  # 23:59:59 on the 24th in Vietnam
TOO_LATE = IN_TIME + timedelta(seconds=1)


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
