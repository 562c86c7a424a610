"""The independent computation itself, on years small enough to count on one's fingers."""

from datetime import date, datetime
from typing import Any

import pytest

from catalogue.model import Plan
from catalogue.windows import VIETNAM
from deploy.local.demo import independent
from deploy.local.demo.independent import CALENDARS, PERIODS, Stand, window_of
from deploy.local.demo.year import Change, HandIn, Saying, Year

PEOPLE, CLASSES = "II.3.b/people", "II.3.b/classes"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def said(
    subject: str, time: str, kind: str = "training.held", revision: int = 1, agency: str = "SNV", **data: Any
) -> Saying:
    event = {"id": f"{subject}-{revision}", "type": kind, "subject": subject, "time": f"{time}+07:00", "data": data}
    return Saying(at(time), agency, event | {"revision": revision})


def training(subject: str, time: str, people: int, **other: Any) -> Saying:
    return said(subject, time, people=people, audience="officials", topic="state-management", **other)


def changed(code: str, time: str, kind: str, **data: Any) -> Change:
    whole = {"cooperative": code, "form": "htx", "sector": "agriculture", "unit": "178", "members": 9, "capital": 5}
    return Change(at(time), "UBND-178", "", {}, kind, whole | data, code)


def year(*said: Saying, changes: tuple[Change, ...] = ()) -> Year:
    return Year(changes=changes, sayings=said, reports=(), consolidations=(), garbage=())


def figures(plan: Plan, of: Year) -> independent.Figures:
    return independent.figures(plan, independent.facts(plan, of))


@pytest.mark.parametrize(
    ("period", "calendar", "first", "last"),
    [
        ("2021-Q1", "administrative", "2020-12-15", "2021-03-14"),
        ("2021-Q2", "administrative", "2021-03-15", "2021-06-14"),
        ("2021-Q3", "administrative", "2021-06-15", "2021-09-14"),
        ("2021-Q4", "administrative", "2021-09-15", "2021-12-14"),
        ("2021-H1", "administrative", "2020-12-15", "2021-06-14"),
        ("2021", "administrative", "2020-12-15", "2021-12-14"),
        ("2021-Q1", "calendar", "2021-01-01", "2021-03-31"),
        ("2021-Q2", "calendar", "2021-04-01", "2021-06-30"),
        ("2021-Q3", "calendar", "2021-07-01", "2021-09-30"),
        ("2021-Q4", "calendar", "2021-10-01", "2021-12-31"),
        ("2021-H1", "calendar", "2021-01-01", "2021-06-30"),
        ("2021", "calendar", "2021-01-01", "2021-12-31"),
    ],
)
def test_windows_are_those_of_the_decree_and_of_the_calendar(period: str, calendar: str, first: str, last: str) -> None:
    assert window_of(period, calendar) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_class_at_a_windows_edge_counts_on_its_side(plan: Plan) -> None:
    of = year(training("a", "2021-03-14T23:59:59", 10), training("b", "2021-03-15T00:00:00", 20))
    found = figures(plan, of)
    assert found["2021-Q1", "administrative", PEOPLE] == 10
    assert found["2021-Q2", "administrative", PEOPLE] == 20
    assert found["2021-H1", "administrative", PEOPLE] == 30
    assert found["2021-Q1", "calendar", PEOPLE] == 30


def test_a_correction_counts_instead_of_what_it_corrects_whatever_their_order(plan: Plan) -> None:
    first, second = training("a", "2021-04-01T09:00:00", 10), training("a", "2021-04-01T09:00:00", 12, revision=2)
    for of in (year(first, second), year(second, first), year(first, second, second)):
        found = figures(plan, of)
        assert found["2021", "administrative", PEOPLE] == 12
        assert found["2021", "administrative", CLASSES] == 1


def test_what_is_taken_back_counts_nothing(plan: Plan) -> None:
    back = said("a", "2021-04-01T09:00:00", kind="training.held.retracted", revision=2, reason="nhầm")
    assert figures(plan, year(training("a", "2021-04-01T09:00:00", 10), back))["2021", "administrative", PEOPLE] == 0


def test_what_an_agency_without_the_task_says_counts_nothing(plan: Plan) -> None:
    assert figures(plan, year(training("a", "2021-04-01T09:00:00", 10, agency="STC")))["2021", "calendar", PEOPLE] == 0


def test_what_is_broken_counts_nothing(plan: Plan) -> None:
    sound = training("a", "2021-04-01T09:00:00", 10)
    broken = Saying(sound.sent, sound.agency, sound.event, sound=False)
    assert figures(plan, year(broken))["2021", "administrative", PEOPLE] == 0


def test_a_stock_is_as_of_the_last_day_and_a_flow_is_of_the_days(plan: Plan) -> None:
    of = year(
        changes=(
            changed("HTX-1", "2020-11-10T09:00:00", "cooperative.registered"),
            changed("HTX-2", "2021-02-10T09:00:00", "cooperative.registered"),
            changed("HTX-1", "2021-05-10T09:00:00", "cooperative.dissolved", was_active=True, reason="x"),
        )
    )
    found = figures(plan, of)
    stock = next(i.code for i in plan.task("II.4.a.1").indicators if i.measure == "stock")
    new = "II.4.a.1/new-htx"
    quarters = ("2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4")
    assert [found[period, "administrative", stock] for period in quarters] == [2, 1, 1, 1]
    assert [found[period, "administrative", new] for period in quarters] == [1, 0, 0, 0]


def test_a_cooperative_that_is_helped_twice_is_one_cooperative(plan: Plan) -> None:
    indicator = next(i for t in plan.tasks for i in t.indicators if i.measure == "distinct" and i.speakers == "owners")
    task = next(task for task in plan.tasks if indicator in task.indicators)
    term, day = indicator.terms[0], date(2021, 4, 1)
    data: dict[str, Any] = {name: values[0] for name, values in term.where.items()}
    agency = plan.owners(task.code, day)[0]
    helped = [
        said(f"s{number}", time, kind=term.kind, agency=agency, cooperatives=codes, **data)
        for number, (time, codes) in enumerate(
            [("2021-04-01T09:00:00", ["HTX-1", "HTX-2"]), ("2021-08-01T09:00:00", ["HTX-2", "HTX-3"])]
        )
    ]
    found = figures(plan, year(*helped))
    assert found["2021-Q2", "administrative", indicator.code] == 2
    assert found["2021-Q3", "administrative", indicator.code] == 2
    assert found["2021", "administrative", indicator.code] == 3


def test_an_average_is_of_all_that_told_and_a_half_goes_up(plan: Plan) -> None:
    results = {"year": 2020, "profit": -1, "wages": 0, "workers": 0}
    of = year(
        changes=(
            changed("HTX-1", "2021-02-10T09:00:00", "activity.reported", **results, revenue=100),
            changed("HTX-2", "2021-05-10T09:00:00", "activity.reported", **results | {"profit": 0}, revenue=201),
            changed("HTX-3", "2021-05-10T09:00:00", "activity.reported", **results, revenue=9, estimate=True),
        )
    )
    found = figures(plan, of)
    revenue, profit, income = (f"II.4.đ.1/average-{what}" for what in ("revenue", "profit", "income"))
    periods = ("2021-Q1", "2021-Q2", "2021-Q3", "2021")
    assert [found[period, "administrative", revenue] for period in periods] == [100, 201, 0, 151]
    assert found["2021", "administrative", profit] == -1  # a half goes away from nought
    assert found["2021", "administrative", income] == 0
    assert found["2021", "administrative", f"{revenue}-estimate"] == 9


def test_every_period_in_both_calendars_has_every_indicator(plan: Plan) -> None:
    indicators = sum(len(task.indicators) for task in plan.tasks)
    assert len(figures(plan, year())) == len(PERIODS) * len(CALENDARS) * indicators


def test_a_report_is_in_time_until_the_24th_is_over_and_keeps_its_first_day(plan: Plan) -> None:
    def handed_in(text: str, agency: str, outcome: str = "activity") -> HandIn:
        return HandIn(datetime.fromisoformat(text).replace(tzinfo=VIETNAM), agency, ("2021-Q1",), outcome, None)

    stands = independent.registers(
        plan,
        [
            handed_in("2021-03-24T23:59:58", "SNV"),
            handed_in("2021-03-25T00:00:00", "STC"),
            handed_in("2021-03-24T08:00:00", "SCT"),
            handed_in("2021-03-28T08:00:00", "SCT", "nil"),
        ],
    )
    assert stands["2021-Q1", "SNV"] == Stand("activity", True)
    assert stands["2021-Q1", "STC"] == Stand("activity", False)
    assert stands["2021-Q1", "SCT"] == Stand("nil", True)
    assert stands["2021-Q1", "STNMT"] == Stand("missing", None)
