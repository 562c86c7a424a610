"""A year's evaluation: whose class is told, by when it had to be, and whose is missing."""

from datetime import date, timedelta

import pytest

from catalogue.model import Plan
from chassis.clock import ManualClock
from services.registry.law import evaluation_of
from tests.services.registry.asking import CODE, on, register
from tests.services.registry.standing import Standing, standing
from tests.services.registry.test_years import grade

MISTAKE = {"what": "evaluation", "year": 2021, "reason": "Nhập nhầm"}


@pytest.fixture
async def registry(plan: Plan) -> Standing:
    """Four HTX of two districts and a group, on 18 December 2021."""
    registry = standing(plan)
    clock = registry.deps.clock
    assert isinstance(clock, ManualClock)
    clock.set(on(2021, 12, 18))
    entries = [(CODE, "181", "htx"), ("HTX-181-02", "181", "htx"), ("HTX-181-03", "181", "htx")]
    for code, unit, form in (*entries, ("HTX-182-01", "182", "htx"), ("THT-181-01", "181", "tht")):
        entry = register(code=code, unit=unit, form=form).model_dump(mode="json", exclude_none=True)
        assert (await registry.post("", entry, by=f"UBND-{unit}")).status_code == 201
    return registry


async def evaluated(registry: Standing, code: str, **more: object) -> None:
    answer = await registry.post(f"/{code}/evaluations", grade(**more).model_dump(mode="json"))
    assert answer.status_code == 200, answer.text


async def test_what_is_told_by_the_district_s_day_is_on_time_and_the_rest_is_late_or_missing(
    registry: Standing,
) -> None:
    clock = registry.deps.clock
    assert isinstance(clock, ManualClock)
    await evaluated(registry, CODE)
    clock.set(on(2021, 12, 19))
    await evaluated(registry, "HTX-181-02")
    await evaluated(registry, CODE, score=71)
    told = (await registry.get("/evaluations/2021")).json()
    assert (told["cooperative_by"], told["district_by"], told["province_by"]) == (
        "2021-12-15",
        "2021-12-18",
        "2021-12-21",
    )
    binh_gia = {"unit": "181", "expected": 3, "evaluated": 2, "on_time": 1, "late": 1, "missing": ["HTX-181-03"]}
    van_lang = {"unit": "182", "expected": 1, "evaluated": 0, "on_time": 0, "late": 0, "missing": ["HTX-182-01"]}
    assert told["units"] == [binh_gia, van_lang]
    assert (await registry.get("/evaluations/2021", by="UBND-182")).json()["units"] == [van_lang]


async def test_a_class_that_was_taken_back_is_missing(registry: Standing) -> None:
    await evaluated(registry, CODE)
    assert (await registry.post(f"/{CODE}/years/retractions", MISTAKE)).status_code == 200
    assert CODE in (await registry.get("/evaluations/2021")).json()["units"][0]["missing"]


async def test_what_left_the_register_within_the_year_is_not_to_be_evaluated(registry: Standing) -> None:
    gone = {"at": on(2021, 12, 17).isoformat(), "reason": "Không còn hoạt động"}
    await registry.post(f"/{CODE}/dissolutions", gone)
    told = (await registry.get("/evaluations/2021")).json()["units"]
    assert told[0]["missing"] == ["HTX-181-02", "HTX-181-03"]


async def test_before_the_circular_there_is_no_evaluation(registry: Standing) -> None:
    assert (await registry.get("/evaluations/2019")).status_code == 404
    assert evaluation_of(2019) is None


def test_the_days_follow_on_each_other() -> None:
    dates = evaluation_of(2021)
    assert dates is not None
    days = [date(2021, *day) for day in (dates.cooperative_by, dates.district_by, dates.province_by)]
    assert days[1] - days[0] == days[2] - days[1] == timedelta(days=3)


async def test_a_group_that_became_an_htx_since_is_not_waited_for(registry: Standing) -> None:
    clock = registry.deps.clock
    assert isinstance(clock, ManualClock)
    clock.set(on(2022, 12, 18))
    conversion = {"at": on(2022, 5, 4).isoformat(), "form": "htx"}
    assert (await registry.post("/THT-181-01/conversions", conversion)).status_code == 200
    expected = {year: (await registry.get(f"/evaluations/{year}")).json()["units"][0] for year in (2021, 2022)}
    assert "THT-181-01" not in expected[2021]["missing"]
    assert "THT-181-01" in expected[2022]["missing"]


async def test_what_left_the_register_after_the_year_is_still_waited_for_and_a_mistake_never_was(
    registry: Standing,
) -> None:
    clock = registry.deps.clock
    assert isinstance(clock, ManualClock)
    clock.set(on(2022, 12, 18))
    gone = {"at": on(2022, 5, 4).isoformat(), "reason": "tự nguyện"}
    assert (await registry.post("/HTX-181-02/dissolutions", gone)).status_code == 200
    assert (await registry.post("/HTX-181-03/dissolutions", gone)).status_code == 200
    assert (await registry.post("/HTX-181-03/annulments", {"version": 2, "reason": "Nhập nhầm"})).status_code == 200
    assert (await registry.post(f"/{CODE}/annulments", {"version": 1, "reason": "Nhập nhầm"})).status_code == 200
    missing = {
        year: (await registry.get(f"/evaluations/{year}")).json()["units"][0]["missing"] for year in (2021, 2022)
    }
    assert missing == {2021: ["HTX-181-02", "HTX-181-03"], 2022: ["HTX-181-03"]}
