"""Which stage is open when, and for whom a reminder is due."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import VIETNAM
from services.notify.decide import due, missing, opening, stage_at
from services.notify.model import SCHEDULED, Rules, Said
from tests.services.notify.office import AGENCIES, at, small

LAST_MOMENT = at("06-24 23:59:59")
RULES = Rules()


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        ("06-17 07:59", None),
        ("06-17 08:00", "7-days"),
        ("06-21 07:59", "7-days"),
        ("06-21 08:00", "3-days"),
        ("06-23 08:00", "1-day"),
        ("06-24 07:59", "1-day"),
        ("06-24 08:00", "same-day"),
        ("06-24 23:59:59", "same-day"),
        ("06-25 00:00", None),
        ("06-25 07:59", None),
        ("06-25 08:00", "overdue"),
        ("07-24 23:59:59", "overdue"),
        ("07-25 00:00", None),
    ],
)
def test_only_the_newest_open_stage_is_worth_a_letter(now: str, stage: str | None) -> None:
    assert stage_at(LAST_MOMENT, at(now), RULES) == stage


@given(st.timedeltas(timedelta(days=-60), timedelta(days=90)))
def test_stages_never_go_back_and_never_begin_before_their_opening(passed: timedelta) -> None:
    now = LAST_MOMENT + passed
    stage = stage_at(LAST_MOMENT, now, RULES)
    if stage is not None:
        assert opening(LAST_MOMENT, stage, RULES) <= now
        assert all(now < opening(LAST_MOMENT, later, RULES) for later in SCHEDULED[SCHEDULED.index(stage) + 1 :])


def test_reminders_are_due_for_both_duties_of_one_day(plan: Plan) -> None:
    found = due(small(plan), {}, set(), at("06-17 08:00"), RULES)
    assert {reminder.id for reminder in found} == {
        f"{agency}/{period}/7-days" for agency in AGENCIES for period in ("2021-Q2", "2021-H1")
    }


def test_a_report_is_missing_once_its_last_moment_has_passed(plan: Plan) -> None:
    said = Said(agency="SNV", period="2021-Q2", revision=1, handed_in=True)
    before = missing(small(plan), {said.id: said}, LAST_MOMENT, RULES)
    after = missing(small(plan), {said.id: said}, LAST_MOMENT + timedelta(seconds=1), RULES)
    assert "2021-Q2" not in before
    assert (after["2021-Q2"], after["2021-H1"]) == (len(AGENCIES) - 1, len(AGENCIES))


def test_who_has_reported_is_not_reminded_whatever_the_outcome(plan: Plan) -> None:
    said = Said(agency="SNV", period="2021-Q2", revision=1, handed_in=True)
    found = due(small(plan), {said.id: said}, set(), at("06-17 08:00"), RULES)
    assert "SNV/2021-H1/7-days" in {reminder.id for reminder in found}
    assert "SNV/2021-Q2/7-days" not in {reminder.id for reminder in found}


def test_what_is_recorded_is_not_due_again(plan: Plan) -> None:
    found = due(small(plan), {}, {"SNV/2021-Q2/7-days"}, at("06-17 08:00"), RULES)
    assert "SNV/2021-Q2/7-days" not in {reminder.id for reminder in found}
    assert len(found) == 5


def test_nothing_is_due_between_deadlines(plan: Plan) -> None:
    assert due(plan, {}, set(), at("05-10 12:00"), RULES) == []


def test_an_overdue_report_of_december_is_still_due_in_january(plan: Plan) -> None:
    now = datetime(2022, 1, 5, 9, tzinfo=VIETNAM)
    found = due(small(plan), {}, set(), now, RULES)
    assert {(reminder.period, reminder.stage) for reminder in found} == {("2021-Q4", "overdue"), ("2021", "overdue")}


def test_the_consolidator_is_reminded_of_its_own_report_only(plan: Plan) -> None:
    """Consolidating is a duty too, but not one that a report fulfils."""
    assert due(small(plan), {}, set(), at("06-28 09:00"), RULES)
    assert {reminder.stage for reminder in due(small(plan), {}, set(), at("06-28 09:00"), RULES)} == {"overdue"}


def test_every_agency_that_owes_a_report_is_reminded_once_for_each_period(plan: Plan) -> None:
    found = due(plan, {}, set(), at("06-21 08:00"), RULES)
    owing = [duty for period in ("2021-Q2", "2021-H1") for duty in plan.duties_for(period) if duty.role == "report"]
    assert len(found) == len({reminder.id for reminder in found}) == len(owing)


def test_a_body_that_is_only_asked_is_reminded_and_never_missing(plan: Plan) -> None:
    chosen, after = small(plan), LAST_MOMENT + timedelta(seconds=1)
    asked = tuple(agency for agency in plan.agencies if agency.bound == "requested")
    more = replace(chosen, roster=replace(chosen.roster, agencies=(*chosen.agencies, *asked)))
    reminded = {reminder.agency for reminder in due(more, {}, set(), at("06-17 08:00"), RULES)}
    assert reminded == {*AGENCIES, *(agency.code for agency in asked)} > set(AGENCIES)
    assert missing(more, {}, after, RULES) == missing(chosen, {}, after, RULES)
