"""How an obstacle stands, whatever is heard in which order, and which step may come next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period
from contracts.envelope import Event, read
from services.reporting.model import Refused
from services.reporting.obstacles.decide import answer, check_answers, close, concerns, forward, seen_by, tell
from services.reporting.obstacles.fold import Known
from services.reporting.obstacles.model import Life, Obstacle, Pending, Step, Told, ageing, obstacle_id, raised_at
from tests.services.reporting.said import said

MAY = datetime(2021, 5, 3, 3, tzinfo=UTC)
NOW = datetime(2021, 6, 20, 3, tzinfo=UTC)


def days(number: int) -> timedelta:
    return timedelta(days=number)


SOLVED_AT = MAY + days(9)


def raised(
    subject: str = "vm-1", *, agency: str = "UBND-178", at: datetime = MAY, revision: int = 1, text: str = "Thiếu vốn"
) -> Event:
    return read(said(agency, "obstacle.raised", subject, at, {"title": text}, revision=revision))


def solved(subject: str = "vm-1", *, at: datetime = SOLVED_AT, took: int = 9, revision: int = 1) -> Event:
    data = {"title": "Thiếu vốn", "days": took, "note": "Đã bố trí vốn"}
    return read(said("UBND-178", "obstacle.solved", subject, at, data, id=f"s-{revision}", revision=revision))


def taken_back(kind: str = "obstacle.raised", *, revision: int = 2) -> Event:
    back = {"reason": "Ghi nhầm"}
    return read(said("UBND-178", f"{kind}.retracted", "vm-1", MAY + days(2), back, id="r", revision=revision))


def life(*steps: Step, told: Told | None = None) -> Life:
    return Life(obstacle_id("UBND-178", "vm-1"), "UBND-178", "vm-1", told, steps)


FORWARDED = Step("forwarded", MAY + days(4), "SKHDT", "15/SKHĐT-KTN")
ANSWERED = Step("answered", MAY + days(6), "UBNDTINH", "80/UBND-KT", "Giao Sở Tài chính bố trí")


def one(plan: Plan, *events: Event, lives: tuple[Life, ...] = ()) -> Obstacle:
    [found] = Known(plan, events, lives).obstacles
    return found


def test_an_obstacle_that_was_raised_is_open_and_ages_by_the_local_day(plan: Plan) -> None:
    found = one(plan, raised(at=datetime(2021, 5, 3, 16, 59, tzinfo=UTC)))  # 23:59 on the 3rd in Vietnam
    assert (found.state, found.text, found.task) == ("open", "Thiếu vốn", "II.2.k.2")
    assert found.days_open(datetime(2021, 5, 3, 17, 1, tzinfo=UTC)) == 1
    assert found.days_open(MAY - days(5)) == 0


def test_the_task_is_named_only_where_the_plan_counts_the_agencys_obstacles_for_one(plan: Plan) -> None:
    assert one(plan, raised(agency="STP")).task is None
    assert one(plan, raised(agency="LMHTX")).task == "II.5.b.2"


def test_solved_means_closed_and_the_solution_taken_back_means_open_again(plan: Plan) -> None:
    closed = one(plan, raised(), solved())
    assert (closed.state, closed.solution, closed.days_open(NOW)) == ("closed", "Đã bố trí vốn", 9)
    assert one(plan, raised(), solved(), taken_back("obstacle.solved")).state == "open"


def test_a_solution_whose_difficulty_nobody_stated_shows_since_when_it_was_one(plan: Plan) -> None:
    alone = one(plan, solved())
    assert (alone.raised_at, alone.state) == (MAY, "closed")
    assert one(plan, solved(took=9_007_199_254_740_991)).raised_at == SOLVED_AT


def test_what_was_taken_back_is_gone_unless_somebody_had_acted_on_it(plan: Plan) -> None:
    assert Known(plan, [raised(), taken_back()]).obstacles == []
    found = one(plan, raised(), taken_back(), lives=(life(FORWARDED),))
    assert (found.withdrawn, found.state, found.text) == (True, "closed", "Thiếu vốn")
    assert one(plan, raised(), taken_back(), raised(revision=3, text="Thiếu đất")).text == "Thiếu đất"


def test_told_over_http_and_said_by_an_event_is_one_obstacle_since_the_earlier_of_both(plan: Plan) -> None:
    told = Told("Thiếu vốn đối ứng", MAY - days(3), "II.2.k.3", "2021-Q2")
    found = one(plan, raised(), lives=(life(told=told),))
    assert (found.text, found.raised_at, found.task, found.period) == ("Thiếu vốn", told.at, "II.2.k.3", "2021-Q2")
    assert one(plan, raised(), taken_back(), lives=(life(told=told),)).text == "Thiếu vốn đối ứng"


EVENTS = st.permutations(
    [
        raised(),
        raised(revision=3, text="Thiếu đất"),
        taken_back(),
        solved(),
        solved(revision=2, took=4),
        taken_back("obstacle.solved", revision=2),
        raised("vm-2", at=MAY + days(1)),
        raised(agency="STP"),
    ]
)


@given(EVENTS, st.integers(0, 8), st.booleans())
def test_neither_order_nor_repetition_of_events_changes_how_obstacles_stand(
    plan: Plan, events: list[Event], cut: int, acted: bool
) -> None:
    lives = [life(FORWARDED)] if acted else []
    some, straight = events[:cut], sorted(events[:cut], key=lambda event: (event.fact, event.envelope.id))
    assert Known(plan, some + some[::-1], lives).obstacles == Known(plan, straight, lives).obstacles


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["", "f", "fa", "fac"])), max_size=30))
def test_every_obstacle_that_is_not_closed_is_in_exactly_one_bucket_of_age(
    plan: Plan, made: list[tuple[int, str]]
) -> None:
    obstacles = [
        replace(
            one(plan, raised(f"vm-{number}", at=NOW - days(old))),
            forwarded=FORWARDED if "f" in steps else None,
            answered=ANSWERED if "a" in steps else None,
            closed_at=NOW if "c" in steps else None,
        )
        for number, (old, steps) in enumerate(made)
    ]
    pending = [Pending(one.state, one.raised_at) for one in obstacles if one.state != "closed"]
    counts, oldest = ageing(pending, NOW)
    still = [old for old, steps in made if "c" not in steps]
    assert (sum(counts.values()), oldest) == (len(still), max(still, default=0))
    assert sum(number for (_, age), number in counts.items() if age == "7") == sum(old <= 7 for old in still)
    assert sum(number for (_, age), number in counts.items() if age == "more") == sum(old > 90 for old in still)


@given(st.lists(st.integers(-60 * 365 * 86_400_000, 80 * 365 * 86_400_000), min_size=2))
def test_places_sort_as_moments_do_and_say_since_when(plan: Plan, thousandths: list[int]) -> None:
    found = [one(plan, raised(at=MAY + timedelta(milliseconds=number))) for number in thousandths]
    by_place, by_moment = (sorted(found, key=key) for key in (lambda one: one.place, lambda one: one.raised_at))
    assert [one.raised_at for one in by_place] == [one.raised_at for one in by_moment]
    assert all(raised_at(one.place) == one.raised_at for one in found)


BEFORE, AFTER = date(2025, 2, 28), date(2025, 3, 1)
DISTRICTS, COMMUNES = date(2025, 6, 30), date(2025, 7, 1)


def test_after_a_merger_the_successor_sees_and_answers_and_the_predecessor_still_sees(plan: Plan) -> None:
    assert seen_by(plan, "STC", BEFORE) == {"STC"}
    assert seen_by(plan, "STC", AFTER) == {"STC", "SKHDT"}
    assert seen_by(plan, "SNNMT", AFTER) == {"SNNMT", "SNNPTNT", "STNMT"}
    assert seen_by(plan, "SKHDT", AFTER) == {"SKHDT"}
    of_skhdt = replace(one(plan, raised()), agency="SKHDT")
    check_answers(plan, of_skhdt, "SKHDT", BEFORE)
    check_answers(plan, of_skhdt, "STC", AFTER)
    for agency, day in (("STC", BEFORE), ("SKHDT", AFTER), ("SNV", AFTER)):
        with pytest.raises(Refused, match="not-answering"):
            check_answers(plan, of_skhdt, agency, day)


def test_after_the_districts_every_commune_that_came_out_of_one_answers_for_it(plan: Plan) -> None:
    of_district = one(plan, raised())  # of UBND-178
    communes = [agency.code for agency in plan.agencies if agency.unit and plan.unit(agency.unit).predecessor == "178"]
    assert len(communes) == 4
    check_answers(plan, of_district, "UBND-178", DISTRICTS)
    for commune in communes:
        assert seen_by(plan, commune, COMMUNES) == {commune, "UBND-178"}
        check_answers(plan, of_district, commune, COMMUNES)
    for agency, day in (("UBND-178", COMMUNES), ("UBND-06001", COMMUNES), (communes[0], DISTRICTS)):
        with pytest.raises(Refused, match="not-answering"):
            check_answers(plan, of_district, agency, day)


def test_an_agency_that_the_plan_does_not_bind_raises_nothing(plan: Plan) -> None:
    assert tell(plan, "STP", "x", Told("Thiếu vốn", NOW)).agency == "STP"
    with pytest.raises(Refused, match="not-bound"):
        tell(plan, "VPCP", "x", Told("Thiếu vốn", NOW))
    with pytest.raises(Refused, match="unknown-task"):
        tell(plan, "STP", "x", Told("Thiếu vốn", NOW, "II.9"))


def test_forwarding_is_taken_once_and_the_same_again_says_nothing(plan: Plan) -> None:
    step = forward(one(plan, raised()), "SKHDT", "15/SKHĐT-KTN", NOW)
    assert step == Step("forwarded", NOW, "SKHDT", "15/SKHĐT-KTN")
    before_the_committee = one(plan, raised(), lives=(life(FORWARDED),))
    assert forward(before_the_committee, "SKHDT", "15/SKHĐT-KTN", NOW) is None
    with pytest.raises(Refused, match="15/SKHĐT-KTN"):
        forward(before_the_committee, "SKHDT", "16/SKHĐT-KTN", NOW)


def test_the_committee_answers_what_was_put_before_it_and_may_correct_the_answer(plan: Plan) -> None:
    with pytest.raises(Refused, match="not-forwarded"):
        answer(one(plan, raised()), "UBNDTINH", "80/UBND-KT", "Đồng ý", NOW)
    forwarded = one(plan, raised(), lives=(life(FORWARDED),))
    assert answer(forwarded, "UBNDTINH", "80/UBND-KT", "Đồng ý", NOW) is not None
    answered = one(plan, raised(), lives=(life(FORWARDED, ANSWERED),))
    assert answered.state == "answered"
    assert answer(answered, "UBNDTINH", "80/UBND-KT", "Giao Sở Tài chính bố trí", NOW) is None
    assert answer(answered, "UBNDTINH", "80/UBND-KT", "Giao STC", NOW) == Step(
        "answered", NOW, "UBNDTINH", "80/UBND-KT", "Giao STC"
    )


def test_it_is_closed_once_answered_or_with_how_it_was_solved(plan: Plan) -> None:
    with pytest.raises(Refused, match="not-answered"):
        close(one(plan, raised()), "UBND-178", None, NOW)
    assert close(one(plan, raised()), "UBND-178", "Đã tự bố trí", NOW) is not None
    answered = one(plan, raised(), lives=(life(FORWARDED, ANSWERED),))
    assert close(answered, "SKHDT", None, NOW) == Step("closed", NOW, "SKHDT")
    assert close(one(plan, raised(), solved()), "SKHDT", None, NOW) is None


@pytest.mark.parametrize(
    "step",
    [
        lambda one: forward(one, "SKHDT", "1/CV", NOW),
        lambda one: answer(one, "UBNDTINH", "1/CV", "khác", NOW),
        lambda one: close(one, "SKHDT", "khác", NOW),
    ],
)
def test_what_is_closed_stays_as_it_is(plan: Plan, step: Callable[[Obstacle], Step | None]) -> None:
    answered = one(plan, raised(), lives=(life(FORWARDED, ANSWERED, Step("closed", MAY + days(8), "SKHDT")),))
    with pytest.raises(Refused):
        step(answered)
    with pytest.raises(Refused):
        step(one(plan, raised(), solved()))


@pytest.mark.parametrize(
    ("at", "closed", "with_report_of", "listed"),
    [
        (datetime(2020, 11, 20, tzinfo=UTC), None, None, True),  # old, and still open
        (datetime(2021, 1, 5, tzinfo=UTC), datetime(2021, 3, 14, 16, tzinfo=UTC), None, False),  # closed the day before
        (datetime(2021, 1, 5, tzinfo=UTC), datetime(2021, 3, 15, 1, tzinfo=UTC), None, True),
        (datetime(2021, 6, 29, 16, tzinfo=UTC), None, None, True),  # the last day to consolidate
        (datetime(2021, 6, 30, 1, tzinfo=UTC), None, None, False),
        (datetime(2021, 7, 9, 1, tzinfo=UTC), None, "2021-Q2", True),  # with a report that was late
    ],
)
def test_a_consolidation_lists_what_was_open_in_its_period_or_came_with_its_reports(
    plan: Plan, at: datetime, closed: datetime | None, with_report_of: str | None, listed: bool
) -> None:
    quarter = Period.parse("2021-Q2")
    obstacle = replace(one(plan, raised(at=at)), closed_at=closed, period=with_report_of)
    assert concerns(obstacle, quarter, plan.regime.last_moment(quarter, "consolidate")) is listed
