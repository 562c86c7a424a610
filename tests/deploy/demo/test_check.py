"""The check finds what differs: a check that cannot fail proves nothing."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from catalogue.model import Plan
from deploy.local.demo import check, independent
from deploy.local.demo.check import Found, Told
from deploy.local.demo.independent import CALENDARS, PERIODS
from deploy.local.demo.office import Answers
from deploy.local.demo.year import Year


@pytest.fixture(scope="module")
def told(plan: Plan, year: Year) -> Told:
    """A system that is right in everything."""
    figures = independent.figures(plan, independent.facts(plan, year))

    def summary(period: str, calendar: str) -> dict[str, Any]:
        tasks = [
            {"indicators": [{"code": i.code, "value": figures[period, calendar, i.code]} for i in task.indicators]}
            for task in plan.tasks
        ]
        return {"tasks": tasks}

    return Told({(period, calendar): summary(period, calendar) for period in PERIODS for calendar in CALENDARS}, {}, {})


def compared(plan: Plan, year: Year, told: Told) -> Found:
    found = Found()
    check.figures(found, plan, year, told)
    return found


def test_every_figure_of_every_period_and_calendar_is_compared(plan: Plan, year: Year, told: Told) -> None:
    found = compared(plan, year, told)
    assert found.compared == found.equal == 12 * sum(len(task.indicators) for task in plan.tasks)
    assert found.differences == []


def test_one_wrong_figure_is_found_and_named(plan: Plan, year: Year, told: Told) -> None:
    tampered = copy.deepcopy(told)
    figure = tampered.summaries["2021-Q3", "calendar"]["tasks"][7]["indicators"][0]
    figure["value"] += 1
    found = compared(plan, year, tampered)
    assert found.compared - found.equal == 1
    [difference] = found.differences
    assert "2021-Q3" in difference
    assert figure["code"] in difference


def test_a_task_that_a_summary_leaves_out_is_missed(plan: Plan, year: Year, told: Told) -> None:
    tampered = copy.deepcopy(told)
    left_out = tampered.summaries["2021", "administrative"]["tasks"].pop(7)
    found = compared(plan, year, tampered)
    assert len(found.differences) == len(left_out["indicators"])


def test_a_period_that_is_left_out_is_missed(plan: Plan, year: Year, told: Told) -> None:
    summaries = {window: summary for window, summary in told.summaries.items() if window != ("2021-H1", "calendar")}
    found = compared(plan, year, Told(summaries, {}, {}))
    assert len(found.differences) == sum(len(task.indicators) for task in plan.tasks)


def test_a_figure_that_nobody_asked_for_is_found(plan: Plan, year: Year, told: Told) -> None:
    tampered = copy.deepcopy(told)
    tampered.summaries["2021", "calendar"]["tasks"][0]["indicators"].append({"code": "II.9/more", "value": 1})
    [difference] = compared(plan, year, tampered).differences
    assert "II.9/more" in difference


def in_register(found: Found, plan: Plan, year: Year, duties: dict[str, list[dict[str, Any]]]) -> list[str]:
    check.registers(found, plan, year, Told({}, {period: {"duties": of} for period, of in duties.items()}, {}))
    return found.differences


@pytest.fixture
def duties(plan: Plan, year: Year) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {period: [] for period in PERIODS}
    for (period, agency), stand in independent.registers(plan, year.reports).items():
        found[period].append({"agency": agency, "state": stand.outcome, "on_time": stand.on_time})
    return found


def test_a_right_register_agrees(plan: Plan, year: Year, duties: dict[str, list[dict[str, Any]]]) -> None:
    assert in_register(Found(), plan, year, duties) == []


def test_a_duty_that_a_register_leaves_out_is_missed(
    plan: Plan, year: Year, duties: dict[str, list[dict[str, Any]]]
) -> None:
    gone = duties["2021-Q2"].pop()
    [difference] = in_register(Found(), plan, year, duties)
    assert f"2021-Q2 {gone['agency']}" in difference


def test_a_late_report_told_as_in_time_is_found(
    plan: Plan, year: Year, duties: dict[str, list[dict[str, Any]]]
) -> None:
    late = next(duty for of in duties.values() for duty in of if duty["on_time"] is False)
    late["on_time"] = True
    assert len(in_register(Found(), plan, year, duties)) == 1


def test_an_event_that_was_lost_on_the_way_is_found(plan: Plan, year: Year, told: Told) -> None:
    counted = next(s for s in year.sayings if s.sound and s.event["type"] == "loan.disbursed")
    lost = replace(year, sayings=[s for s in year.sayings if s is not counted])
    assert compared(plan, lost, told).differences


@pytest.fixture
def settled(year: Year) -> tuple[Answers, Told]:
    """A system that is right about the report in dispute and about obstacles."""
    [one] = year.disputes
    key, declared = (one.period, one.report.agency), dict(one.report.declared)
    answers = Answers(discrepancies={(*key, one.indicator): (declared[one.indicator], one.counted)})
    counts = independent.obstacles(year)
    story = [
        {
            "text": each.text,
            **dict(
                zip(
                    ("agency", "forwarded_document", "answer_document", "answer", "solution", "state"),
                    independent.way(each),
                    strict=True,
                )
            ),
        }
        for each in year.difficulties
    ]
    counts.subtract(str(one["state"]) for one in story)
    frozen: dict[str, Any] = {period: {"obstacles": [], "discrepancies": []} for period in PERIODS}
    for (period, text), state in independent.consolidated(year).items():
        frozen[period]["obstacles"].append({"text": text, "state": state})
    return answers, Told(
        {},
        {},
        {},
        disputed={
            (*key, 1): {"state": "returned", "declared": declared},
            (*key, 2): {"state": "accepted", "declared": {one.indicator: one.counted}},
        },
        discrepancies={one.period: {"discrepancies": []}},
        obstacles=[*story, *({"text": "", "state": state} for state in counts.elements())],
        frozen=frozen,
    )


def of_dealings(year: Year, answers: Answers, told: Told) -> list[str]:
    found = Found()
    check.disputes(found, year, answers, told)
    check.obstacles(found, year, told)
    return found.differences


def test_what_was_settled_and_dealt_with_rightly_agrees(year: Year, settled: tuple[Answers, Told]) -> None:
    assert of_dealings(year, *settled) == []


def _never_told(year: Year, answers: Answers, told: Told) -> None:
    answers.discrepancies.clear()


def _never_returned(year: Year, answers: Answers, told: Told) -> None:
    next(iter(told.disputed.values()))["state"] = "submitted"


def _overwritten(year: Year, answers: Answers, told: Told) -> None:
    [one] = year.disputes
    told.disputed[one.period, one.report.agency, 1]["declared"] = {one.indicator: one.counted}


def _not_settled(year: Year, answers: Answers, told: Told) -> None:
    [one] = year.disputes
    told.frozen[one.period]["discrepancies"].append({"agency": one.report.agency})


def _an_answer_lost(year: Year, answers: Answers, told: Told) -> None:
    next(one for one in told.obstacles if one.get("answer"))["answer"] = None


def _not_in_the_report(year: Year, answers: Answers, told: Told) -> None:
    told.frozen["2021-Q4"]["obstacles"].pop()


def _of_events_left_open(year: Year, answers: Answers, told: Told) -> None:
    next(one for one in told.obstacles if not one["text"] and one["state"] == "closed")["state"] = "open"


@pytest.mark.parametrize(
    "wrong",
    [
        _never_told,
        _never_returned,
        _overwritten,
        _not_settled,
        _an_answer_lost,
        _not_in_the_report,
        _of_events_left_open,
    ],
)
def test_what_is_wrong_about_a_dispute_or_an_obstacle_is_found(
    year: Year, settled: tuple[Answers, Told], wrong: Callable[[Year, Answers, Told], None]
) -> None:
    answers, told = copy.deepcopy(settled)
    wrong(year, answers, told)
    assert of_dealings(year, answers, told)
