"""How each task stands, owner by owner."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from catalogue.model import Plan
from catalogue.windows import Period
from contracts.envelope import Event, read
from contracts.golden import data_of
from contracts.kinds import KINDS
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.model import State
from services.reporting.register.model import TaskEntry
from services.reporting.register.rates import rate
from services.reporting.register.tasks import asks_for_papers_alone, entries, heard, known, told_of
from services.reporting.reports.model import Contents, Mark, Report, Review
from tests.services.reporting.said import said

Q2 = Period.parse("2021-Q2")
MAY = datetime(2021, 5, 3, 3, tzinfo=UTC)
JUNE = datetime(2021, 6, 20, 3, tzinfo=UTC)
JULY = datetime(2021, 7, 1, 3, tzinfo=UTC)
CLASS = {"people": 30, "audience": "officials", "topic": "state-management"}


def event(agency: str, kind: str, data: dict[str, Any], at: datetime = MAY, **more: Any) -> Event:
    return read(said(agency, kind, f"{kind}-{at:%y%m%d}", at, data, **more))


def report(agency: str, outcome: str = "activity", **more: Any) -> Report:
    contents, review = Contents(**more.pop("contents", {})), more.pop("review", None)
    return Report(agency, "2021-Q2", 1, outcome, JUNE, JUNE, "1/BC", contents, review)  # type: ignore[arg-type]


def stands(
    plan: Plan, *events: Event, reports: tuple[Report, ...] = (), period: Period = Q2, now: datetime = JULY
) -> Mapping[tuple[str, str], TaskEntry]:
    """Every task of every owner, by task and owner."""
    counting = Counting(plan)
    cells = Cells(counting.stocks)
    for one in events:
        apply(cells, entry_of(one, counting))
    pairs = [pair for bucket in cells.buckets.values() for pair in bucket.items()]
    papers = [one for one in events if one.kind.name in ("plan.issued", "policy.issued", "document.approved")]
    standing = known(plan, period, [told_of(one, 0, counting) for one in papers])
    told = heard(plan, period, pairs, [paper for _, paper in standing])
    found = entries(plan, period, told, {one.agency: one for one in reports}, now)
    return {(entry.task, entry.agency): entry for entry in found}


def test_every_task_of_every_owner_is_in_the_register_once(plan: Plan) -> None:
    found = stands(plan)
    day = date(2021, 6, 14)
    assert list(found) == [(task.code, agency) for task in plan.tasks for agency in plan.owners(task.code, day)]
    assert sum(task == "II.2.k.1" for task, _ in found) == 11
    assert {entry.state for entry in found.values()} == {"missing"}


def test_a_task_with_an_event_of_its_owner_in_the_window_is_active_and_nobody_elses_is(plan: Plan) -> None:
    propaganda = event("UBND-178", "propaganda.held", {"people": 40, "audience": "officials"})
    found = stands(plan, event("SNV", "training.held", CLASS), propaganda)
    assert {name for name, entry in found.items() if entry.state == "activity"} == {
        ("II.3.b", "SNV"),
        ("II.1.a", "UBND-178"),
    }
    assert found["II.3.b", "SNV"].newest == MAY


@pytest.mark.parametrize("at", [datetime(2021, 3, 14, 16, tzinfo=UTC), datetime(2021, 6, 14, 17, tzinfo=UTC)])
def test_an_event_of_the_day_before_or_after_the_window_says_nothing_of_it(plan: Plan, at: datetime) -> None:
    assert stands(plan, event("SNV", "training.held", CLASS, at))["II.3.b", "SNV"].state == "missing"


def test_an_event_that_was_taken_back_leaves_the_task_as_if_it_had_not_been(plan: Plan) -> None:
    held = event("SNV", "training.held", CLASS)
    back = read(said("SNV", "training.held.retracted", held.envelope.subject, MAY, {"reason": "nhầm"}, revision=2))
    assert stands(plan, held, back)["II.3.b", "SNV"].state == "missing"


def test_what_others_do_counts_for_whoever_alone_answers_for_a_task_that_takes_it_from_anybody(plan: Plan) -> None:
    example = data_of(KINDS["cooperative.registered"]) | {"unit": "178"}
    anybodys = {task.code for task in plan.tasks for one in task.indicators if one.speakers == "any"}
    found = stands(plan, event("UBND-178", "cooperative.registered", example))
    active = {name for name, entry in found.items() if entry.state == "activity"}
    assert active
    assert {task for task, _ in active} <= anybodys
    assert "UBND-178" not in {agency for _, agency in active}


@pytest.mark.parametrize(
    ("handed_in", "state"),
    [
        (None, "missing"),
        (report("SNV"), "missing"),  # activity, but no word on this task
        (report("SNV", "nil"), "nil"),
        (report("SNV", "excused"), "excused"),
        (report("SNV", contents={"words": {"II.3.b": "Đã mở 01 lớp"}}), "activity"),
        (report("SNV", contents={"words": {"II.3.b": "  ", "II.4.d": "Đã rà soát"}}), "missing"),
        (report("SNV", contents={"declared": {"II.3.b/classes": 0, "II.3.b/people": 0}}), "nil"),
        (report("SNV", contents={"declared": {"II.3.b/classes": 0, "II.3.b/people": 5}}), "activity"),
        (report("SNV", contents={"marks": {"II.3.b": Mark("nil")}}), "nil"),
        (report("SNV", contents={"marks": {"II.3.b": Mark("excused", "1/CV")}}), "excused"),
        (report("SNV", contents={"marks": {"II.3.b": Mark("nil")}, "words": {"II.3.b": "Chờ kinh phí"}}), "nil"),
        (report("SNV", "excused", contents={"marks": {"II.3.b": Mark("nil")}}), "nil"),
        (report("SNV", contents={"marks": {"II.4.d": Mark("nil")}}), "missing"),
        (report("SNV", "nil", review=Review("returned", "SKHDT", JUNE, "thiếu số liệu")), "missing"),
        (report("SNV", "nil", review=Review("accepted", "SKHDT", JUNE, None)), "nil"),
    ],
)
def test_where_events_are_silent_the_owners_report_says_how_its_task_stands(
    plan: Plan, handed_in: Report | None, state: State
) -> None:
    assert stands(plan, reports=(handed_in,) if handed_in else ())["II.3.b", "SNV"].state == state


def test_the_document_that_excuses_a_task_is_its_marks_or_else_its_reports(plan: Plan) -> None:
    marks = {"II.3.b": Mark("excused", "12/SNV-VP")}
    found = stands(plan, reports=(report("SNV", "excused", contents={"marks": marks}),))
    assert (found["II.3.b", "SNV"].document, found["II.4.d", "SNV"].document) == ("12/SNV-VP", "1/BC")
    held = stands(plan, event("SNV", "training.held", CLASS), reports=(report("SNV", contents={"marks": marks}),))
    assert (held["II.3.b", "SNV"].state, held["II.3.b", "SNV"].document) == ("activity", None)


def test_events_outweigh_a_report_of_nothing(plan: Plan) -> None:
    found = stands(plan, event("SNV", "training.held", CLASS), reports=(report("SNV", "nil"),))
    assert (found["II.3.b", "SNV"].state, found["II.4.d", "SNV"].state) == ("activity", "nil")


def test_a_task_is_overdue_once_the_reports_are_and_nothing_is_known_of_it(plan: Plan) -> None:
    last = datetime(2021, 6, 24, 16, 59, tzinfo=UTC)
    assert not stands(plan, now=last)["II.3.b", "SNV"].overdue
    late = stands(plan, event("SNV", "training.held", CLASS), now=last + timedelta(minutes=1))
    assert (late["II.3.b", "SNV"].overdue, late["II.4.d", "SNV"].overdue) == (False, True)


DUE = datetime(2021, 6, 24, 16, 59, 59, tzinfo=UTC)


def told_at(at: datetime, **more: Any) -> Report:
    """A report that told of one task when it was handed in."""
    made = report("SNV", contents={"words": {"II.3.b": "Đã mở 01 lớp"}}, **more)
    return replace(made, submitted_at=at, first_submitted_at=at, told={"II.3.b": at})


@pytest.mark.parametrize(("after", "on_time", "late"), [(0, True, 0), (1, False, 1), (86_401, False, 2)])
def test_a_task_that_only_the_report_tells_of_is_as_late_as_what_first_told_of_it(
    plan: Plan, after: int, on_time: bool, late: int
) -> None:
    at = DUE + timedelta(seconds=after)
    entry = stands(plan, reports=(told_at(at),))["II.3.b", "SNV"]
    assert (entry.state, entry.met_at, entry.on_time, entry.late_days) == ("activity", at, on_time, late)
    assert (entry.last_moment, entry.version) == (DUE, 1)
    assert rate([entry]).on_time == int(on_time)


def test_an_event_of_the_window_is_in_time_by_its_business_day_whatever_the_report_is(plan: Plan) -> None:
    late = told_at(DUE + timedelta(days=9))
    entry = stands(plan, event("SNV", "training.held", CLASS), reports=(late,))["II.3.b", "SNV"]
    assert (entry.met_at, entry.on_time, entry.late_days) == (MAY, True, 0)


def test_what_nothing_is_known_of_is_so_many_days_late_and_neither_in_time_nor_late(plan: Plan) -> None:
    entry = stands(plan, now=DUE + timedelta(days=5))["II.3.b", "SNV"]
    assert (entry.met_at, entry.on_time, entry.late_days, entry.overdue) == (None, None, 5, True)
    waiting = stands(plan, now=DUE)["II.3.b", "SNV"]
    assert (waiting.late_days, waiting.overdue) == (0, False)


def test_a_report_from_before_tasks_had_a_time_of_their_own_has_that_of_its_first_version(plan: Plan) -> None:
    old = replace(told_at(DUE), told={}, version=3, submitted_at=DUE + timedelta(days=9))
    entry = stands(plan, reports=(old,))["II.3.b", "SNV"]
    assert (entry.met_at, entry.on_time, entry.version) == (DUE, True, 3)


def test_a_task_that_asks_for_papers_alone_is_done_for_good_once_the_paper_is_out(plan: Plan) -> None:
    assert {task.code for task in plan.tasks if asks_for_papers_alone(task)} == {"II.2.a.1", "II.2.k.1", "II.4.d"}
    early = datetime(2020, 12, 1, 3, tzinfo=UTC)
    issued = event("UBND-178", "plan.issued", {"title": "Kế hoạch", "number": "12/KH-UBND"}, early)
    found = stands(plan, issued)
    done = found["II.2.k.1", "UBND-178"]
    assert (done.state, done.newest) == ("activity", None)
    assert done.delivered is not None
    assert (done.delivered.number, done.delivered.at) == ("12/KH-UBND", early)
    assert found["II.2.k.1", "UBND-180"].state == "missing"
    back = read(said("UBND-178", "plan.issued.retracted", issued.envelope.subject, early, {"reason": "x"}, revision=2))
    assert stands(plan, issued, back)["II.2.k.1", "UBND-178"].delivered is None


def test_a_paper_with_a_last_day_is_late_by_that_day_in_every_period_and_by_the_first_of_its_kind(plan: Plan) -> None:
    def stood(*days: datetime, now: datetime = JULY, **more: Any) -> TaskEntry:
        papers = (event("UBND-178", "plan.issued", {"title": "Kế hoạch", "number": "12/KH"}, day) for day in days)
        return stands(plan, *papers, now=now, **more)["II.2.k.1", "UBND-178"]

    last = datetime(2020, 12, 31, 16, 59, 59, tzinfo=UTC)
    assert plan.task("II.2.k.1").by == date(2020, 12, 31)
    in_time, late = stood(last, MAY), stood(datetime(2021, 1, 2, 3, tzinfo=UTC), MAY)
    assert (in_time.met_at, in_time.on_time, in_time.last_moment) == (last, True, last)
    assert (late.state, late.on_time, late.late_days) == ("activity", False, 2)
    wanting = stood(now=datetime(2021, 1, 5, 3, tzinfo=UTC))
    assert (wanting.state, wanting.overdue, wanting.late_days) == ("missing", True, 5)
    words = Contents(words={"II.2.k.1": "Đã triển khai kế hoạch."})
    told = Report("UBND-178", "2021-Q2", 1, "activity", JUNE, JUNE, None, words)
    assert stood(reports=(told,)).on_time is True


def test_who_did_not_stand_on_the_last_day_of_a_paper_owes_it_with_the_periods_reports(plan: Plan) -> None:
    quarter, commune = Period.parse("2026-Q1"), "UBND-06001"
    issued = event(commune, "plan.issued", {"title": "Kế hoạch"}, datetime(2026, 2, 3, 3, tzinfo=UTC))
    before, after = datetime(2026, 3, 16, 3, tzinfo=UTC), datetime(2026, 4, 20, 3, tzinfo=UTC)
    waiting = stands(plan, period=quarter, now=before)["II.2.k.1", commune]
    assert (waiting.state, waiting.overdue, waiting.late_days) == ("missing", False, 0)
    assert stands(plan, period=quarter, now=after)["II.2.k.1", commune].overdue
    assert stands(plan, issued, period=quarter, now=after)["II.2.k.1", commune].on_time is True


def test_a_paper_that_is_out_does_not_discharge_a_task_that_also_asks_for_more(plan: Plan) -> None:
    issued = {"title": "Chính sách đất đai", "topic": "land"}
    found = stands(plan, event("STNMT", "policy.issued", issued, datetime(2021, 1, 5, 3, tzinfo=UTC)))
    assert found["II.2.e.1", "STNMT"].state == "missing"
    assert found["II.2.e.1", "STNMT"].delivered is not None


def test_what_an_agency_did_before_it_was_merged_is_its_successors(plan: Plan) -> None:
    quarter = Period.parse("2025-Q1")
    allocated = {"amount": 5, "policy": "x", "source": "province"}
    issued = {"title": "Đề án", "topic": "five-year-scheme", "number": "1/ĐA"}
    before = datetime(2025, 1, 20, 3, tzinfo=UTC)
    found = stands(
        plan,
        event("SKHDT", "document.approved", issued, before),
        event("STC", "budget.allocated", allocated, before),
        period=quarter,
        now=datetime(2025, 3, 20, 3, tzinfo=UTC),
    )
    assert ("II.2.a.1", "SKHDT") not in found
    assert found["II.2.a.1", "STC"].state == found["II.2.b", "STC"].state == "activity"


def test_a_period_that_was_over_before_the_plan_was_signed_has_no_tasks(plan: Plan) -> None:
    assert stands(plan, period=Period.parse("2020-Q3")) == {}
