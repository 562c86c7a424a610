"""A cooperative's years: results, class and size, told, corrected, kept."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from catalogue.model import Plan
from contracts.kinds.registry import ActivityReported
from services.registry.model import Refused, Year
from services.registry.requests import Evaluate, ReportYear, RetractYear
from services.registry.years import retract, size_of, tell
from tests.services.registry.asking import DISTRICT, NOW, after, dissolve, on, register
from tests.services.registry.standing import Standing, standing

AT = on(2021, 12, 10)


def results(**more: Any) -> ReportYear:
    told = {"year": 2021, "revenue": 2_000, "profit": -50, "wages": 300, "workers": 6, "at": AT.isoformat()}
    return ReportYear.model_validate(told | more)


def grade(**more: Any) -> Evaluate:
    return Evaluate.model_validate({"year": 2021, "grade": "fair", "score": 70, "at": AT.isoformat()} | more)


def told(plan: Plan, *requests: ReportYear | Evaluate, speaker: str = DISTRICT) -> list[Year]:
    years: list[Year] = []
    for request in requests:
        year = tell(after(plan, register()), years, request, speaker, plan, NOW)
        assert isinstance(year, Year), year
        years.append(year)
    return years


def test_results_and_class_of_a_year_are_told_and_corrected(plan: Plan) -> None:
    years = told(plan, results(), grade(), results(revenue=2_500), results(estimate=True))
    assert [(year.name, year.revision) for year in years] == [
        ("activity-2021", 1),
        ("evaluation-2021", 1),
        ("activity-2021", 2),
        ("activity-2021-estimate", 1),
    ]


def test_the_same_told_again_is_what_holds_already(plan: Plan) -> None:
    first, again = told(plan, results(), results())
    assert again is first


@pytest.mark.parametrize(
    ("request_", "speaker", "code"),
    [
        (results(year=2022), DISTRICT, "year-to-come"),
        (results(year=2020), DISTRICT, "not-standing-then"),
        (results(revenue_from_members=2_001), DISTRICT, "part-exceeds-whole"),
        (results(at="2030-01-01T00:00:00+07:00"), DISTRICT, "in-the-future"),
        (grade(), "UBND-182", "other-unit"),
        (grade(), "SNV", "not-a-registrar"),
    ],
)
def test_a_year_that_cannot_be_told_is_refused(
    plan: Plan, request_: ReportYear | Evaluate, speaker: str, code: str
) -> None:
    outcome = tell(after(plan, register()), (), request_, speaker, plan, NOW)
    assert isinstance(outcome, Refused)
    assert outcome.code == code
    assert outcome.remedy


def test_one_that_never_was_had_no_year(plan: Plan) -> None:
    never = replace(after(plan, register()), status="annulled")
    for request in (results(), grade()):
        outcome = tell(never, (), request, DISTRICT, plan, NOW)
        assert isinstance(outcome, Refused)
        assert "rút lại đăng ký" in outcome.reason


def test_who_told_a_year_takes_it_back_also_when_another_office_is_in_charge(plan: Plan) -> None:
    state, years, now = after(plan, register()), told(plan, results()), on(2025, 8, 1)
    asked = RetractYear(what="activity", year=2021, reason="Nhập nhầm")
    gone = retract(state, years, asked, DISTRICT, plan, now)
    assert isinstance(gone, Year)
    assert (gone.revision, gone.retracted) == (2, "Nhập nhầm")
    refused = [retract(state, years, asked, other, plan, now) for other in ("UBND-06112", "UBND-06124", "UBND-182")]
    assert [one.code for one in refused if isinstance(one, Refused)] == [
        "not-the-speaker",
        "other-unit",
        "speaker-not-standing",
    ]


def test_the_last_year_of_a_dissolved_one_can_still_be_told(plan: Plan) -> None:
    state = after(plan, register(), dissolve(on(2021, 11, 1)))
    assert isinstance(tell(state, (), results(), DISTRICT, plan, NOW), Year)


@pytest.mark.parametrize(
    ("members", "capital", "revenue", "day", "size"),
    [
        (49, 0, 0, date(2021, 6, 1), "micro"),
        (50, 0, 0, date(2021, 6, 1), "small"),
        (300, 0, 0, date(2021, 6, 1), "small"),
        (301, 0, 0, date(2021, 6, 1), "medium"),
        (1_000, 0, 0, date(2021, 6, 1), "medium"),
        (1_001, 0, 0, date(2021, 6, 1), "large"),
        (1_001, 0, 0, date(2019, 6, 1), "unknown"),
        (300, 0, 50_000_000_000, date(2025, 1, 1), "large"),
        (300, 10_000_000_000, 0, date(2025, 1, 1), "large"),
        (299, 10_000_000_000, 0, date(2025, 1, 1), "medium"),
        (299, 0, 10_000_000_000, date(2025, 1, 1), "medium"),
        (300, 9_999_999_999, 49_999_999_999, date(2025, 1, 1), "unknown"),
        (300, 4_999_999_999, 9_999_999_999, date(2025, 1, 1), "unknown"),
        (199, 10_000_000_000, 0, date(2025, 1, 1), "unknown"),
    ],
)
def test_the_size_is_by_the_law_of_the_day(
    plan: Plan, members: int, capital: int, revenue: int, day: date, size: str
) -> None:
    state = after(plan, register(members=members, capital=capital))
    assert size_of(state, told(plan, results(revenue=revenue)), day) == size


def test_where_no_threshold_is_known_the_size_is_unknown(plan: Plan) -> None:
    builders = after(plan, register(members=5_000, sector="construction"))
    group = after(plan, register(code="THT-1", form="tht"))
    assert size_of(builders, (), date(2025, 1, 1)) == "unknown"
    assert size_of(group, (), date(2021, 1, 1)) == "unknown"


def test_an_estimate_makes_no_size(plan: Plan) -> None:
    state = after(plan, register(members=300, capital=0))
    assert size_of(state, told(plan, results(revenue=60_000_000_000, estimate=True)), date(2025, 1, 1)) == "unknown"


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


async def test_years_are_published_shown_and_part_of_the_timeline(registry: Standing) -> None:
    await registry.post("", register().model_dump(mode="json"))
    for revenue in (2_000, 2_500, 2_500):
        body = results(revenue=revenue).model_dump(mode="json")
        answer = await registry.post("/HTX-181-01/activities", body)
        assert answer.status_code == 200, answer.text
    await registry.post("/HTX-181-01/evaluations", grade().model_dump(mode="json"))
    await registry.post("/HTX-181-01/amendments", {"at": "2021-06-01T08:00:00+07:00", "members": 60})
    said = await registry.events()
    assert [(event.kind.name, event.envelope.revision) for event in said] == [
        ("cooperative.registered", 1),
        ("activity.reported", 1),
        ("activity.reported", 2),
        ("cooperative.evaluated", 1),
        ("cooperative.amended", 1),
    ]
    assert isinstance(said[2].data, ActivityReported)
    assert said[2].envelope.subject == said[1].envelope.subject == "HTX-181-01/activity-2021"
    shown = (await registry.get("/HTX-181-01")).json()
    assert (shown["version"], shown["size"]) == (2, "small")
    assert [(year["name"], year["revision"]) for year in shown["years"]] == [
        ("activity-2021", 1),
        ("activity-2021", 2),
        ("evaluation-2021", 1),
    ]
    timeline = (await registry.get("/HTX-181-01/timeline")).json()["moments"]
    assert [moment["what"] for moment in timeline] == [
        "1",
        "2",
        "activity-2021/1",
        "activity-2021/2",
        "evaluation-2021/1",
    ]
    assert timeline[0]["title"] == "Đăng ký thành lập"
