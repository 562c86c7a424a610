"""The register, consolidating: allowed, refused, nothing to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Plan
from services.reporting.decide import check_over, on_time, register
from services.reporting.model import Refused
from services.reporting.reports.decide import give_back
from tests.services.reporting.reports.handing import handed_in

IN_TIME = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)  # 23:59:59 on the 24th in Vietnam
TOO_LATE = IN_TIME + timedelta(seconds=1)


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


def test_a_returned_report_is_owed_until_it_is_handed_in_anew_and_then_as_punctual_as_it_first_was(plan: Plan) -> None:
    first, soon = handed_in(plan, IN_TIME), TOO_LATE + timedelta(days=2)
    returned = give_back(first, 1, "SKHDT", "Nêu rõ số lớp.", IN_TIME)
    [duty] = [one for one in plan.duties_for("2021-Q2") if one.agency == "SNV" and one.role == "report"]
    [owed] = register((duty,), {"SNV": returned}, soon)
    assert (owed.state, owed.on_time, owed.overdue, owed.report) == ("missing", None, True, returned)
    [not_yet] = register((duty,), {"SNV": returned}, IN_TIME)
    assert (not_yet.state, not_yet.overdue) == ("missing", False)
    [anew] = register((duty,), {"SNV": replace(first, version=2, submitted_at=soon)}, soon)
    assert (anew.state, anew.on_time, anew.overdue) == ("activity", True, False)


def test_a_period_is_consolidated_only_once_it_is_over() -> None:
    check_over("2021-Q2", datetime(2021, 6, 14, 17, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        check_over("2021-Q2", datetime(2021, 6, 14, 16, 59, tzinfo=UTC))
    assert refused.value.code == "not-over"
