"""The check finds what differs: a check that cannot fail proves nothing."""

import copy
from typing import Any

import pytest

from catalogue.model import Plan
from deploy.local.demo import check, independent
from deploy.local.demo.check import Found, Told
from deploy.local.demo.independent import CALENDARS, PERIODS
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


def test_an_event_that_was_lost_on_the_way_is_found(plan: Plan, year: Year, told: Told) -> None:
    counted = next(s for s in year.sayings if s.sound and s.event["type"] == "loan.disbursed")
    lost = Year(
        year.changes, [s for s in year.sayings if s is not counted], year.reports, year.consolidations, year.garbage
    )
    assert compared(plan, lost, told).differences
