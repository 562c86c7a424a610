"""Control totals of what was told of cooperatives."""

from typing import Any

import pytest

from catalogue.model import Plan
from tests.services.registry.asking import BEGAN, CODE, register
from tests.services.registry.standing import Standing, standing
from tests.services.registry.test_years import results


@pytest.fixture
async def registry(plan: Plan) -> Standing:
    """Two cooperatives registered on 2 March 2021, and a year's results of one of them."""
    registry = standing(plan)
    for code, members in ((CODE, 9), ("HTX-181-02", 11)):
        entry = register(code=code, members=members).model_dump(mode="json", exclude_none=True)
        assert (await registry.post("", entry)).status_code == 201
    assert (await registry.post(f"/{CODE}/activities", results().model_dump(mode="json"))).status_code == 200
    return registry


async def stated(registry: Standing, by: str = "UBND-181", **more: Any) -> Any:
    body = {"kind": "cooperative.registered", "day": "2021-03-02", "events": 2, **more}
    answer = await registry.http.post("/v1/totals", json=body, headers={"Authorization": f"Bearer {by}"})
    return answer.json() | {"status": answer.status_code}


async def test_what_was_told_of_a_day_agrees_with_its_total(registry: Standing) -> None:
    total = await stated(registry, sum_of="members", sum=20)
    assert (total["agrees"], total["difference"], total["sum_difference"]) == (True, 0, 0)
    assert not (await stated(registry, by="UBND-182"))["agrees"]
    assert not (await stated(registry, day="2021-03-03"))["agrees"]
    year: dict[str, Any] = {
        "kind": "activity.reported",
        "day": "2021-12-10",
        "events": 1,
        "sum_of": "revenue",
        "sum": 2_000,
    }
    assert (await stated(registry, **year))["agrees"]


async def test_a_difference_stays_open_until_it_is_gone(registry: Standing) -> None:
    assert (await stated(registry, events=3))["difference"] == 1
    assert await registry.deps.totals.compare_open() == {"UBND-181": 1}
    third = register(code="HTX-181-03", at=BEGAN).model_dump(mode="json", exclude_none=True)
    await registry.post("", third)
    assert await registry.deps.totals.compare_open() == {}


async def test_what_was_taken_back_counts_nothing(registry: Standing) -> None:
    await registry.post("/HTX-181-02/annulments", {"version": 1, "reason": "Nhập nhầm"})
    assert (await stated(registry, events=1, sum_of="members", sum=9))["agrees"]
    taken_back = {"what": "activity", "year": 2021, "reason": "Nhập nhầm"}
    await registry.post(f"/{CODE}/years/retractions", taken_back)
    assert (await stated(registry, kind="activity.reported", day="2021-12-10", events=0))["agrees"]


async def test_a_total_of_another_service_s_kind_is_refused(registry: Standing) -> None:
    assert (await stated(registry, kind="training.held"))["status"] == 404
    assert (await stated(registry, sum_of="name", sum=1))["status"] == 422
