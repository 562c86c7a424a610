"""Control totals: what an agency says it sent, next to what is kept, until they agree."""

from typing import Any

import pytest

from catalogue.model import Plan
from chassis.metrics import CONTROL_TOTALS_OPEN
from contracts.kinds.registry import CooperativeRegistered
from tests.services.support.standing import Standing, standing
from tests.services.support.test_accounts import moved
from tests.services.support.test_fold import fact
from tests.services.support.test_holding import tell
from tests.services.support.test_records import held_class, seen, taken_back


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan)


async def stated(support: Standing, by: str = "SNV", **more: Any) -> Any:
    body = {"kind": "training.held", "day": "2021-03-02", "events": 2, **more}
    answer = await support.http.post("/v1/totals", json=body, headers={"Authorization": f"Bearer {by}"})
    return answer.json() | {"status": answer.status_code}


async def test_a_total_that_agrees_is_closed_at_once(support: Standing) -> None:
    await support.send(held_class("a", 40), held_class("b", 10), held_class("c", 9, day=3))
    total = await stated(support, sum_of="people", sum=50)
    assert (total["agrees"], total["difference"], total["sum_difference"]) == (True, 0, 0)
    assert (await seen(support, "/v1/totals?open=true"))["totals"] == []
    assert len((await seen(support, "/v1/totals"))["totals"]) == 1


async def test_a_difference_is_shown_until_the_missing_event_has_come(support: Standing) -> None:
    await support.send(held_class("a", 40))
    total = await stated(support, sum_of="people", sum=50)
    assert (total["agrees"], total["difference"], total["sum_difference"]) == (False, 1, 10)
    assert await support.deps.totals.compare_open() == {"SNV": 1}
    await support.send(held_class("b", 10))
    (shown,) = (await seen(support, "/v1/totals?open=true"))["totals"]
    assert shown["agrees"]
    assert await support.deps.totals.compare_open() == {}
    assert (await seen(support, "/v1/totals?open=true"))["totals"] == []


async def test_corrected_events_count_once_and_those_taken_back_not_at_all(support: Standing) -> None:
    await support.send(held_class("a", 40), held_class("b", 10), held_class("c", 7))
    await support.send(held_class("a2", 44, "class/a", revision=2), taken_back("c2", "class/c", 2))
    assert (await stated(support, sum_of="people", sum=54))["agrees"]


async def test_held_events_are_not_counted_and_shown_beside(support: Standing) -> None:
    await tell(support, fact(CooperativeRegistered))
    await support.send(moved("r", "loan.repaid", 40, 2), by="NHNN")
    total = await stated(support, by="NHNN", kind="loan.repaid", events=1)
    assert (total["agrees"], total["difference"], total["held"]) == (False, 1, 1)
    await support.send(moved("d", "loan.disbursed", 40, 1), by="NHNN")
    assert await support.deps.totals.compare_open() == {}


async def test_a_total_stated_again_takes_the_place_of_the_first(support: Standing) -> None:
    await support.send(held_class("a", 40))
    assert not (await stated(support))["agrees"]
    assert (await stated(support, events=1))["agrees"]
    assert await support.deps.totals.compare_open() == {}


async def test_a_total_that_agreed_opens_when_a_later_event_parts_the_two(support: Standing) -> None:
    await support.send(held_class("a", 40), held_class("b", 10))
    assert (await stated(support))["agrees"]
    await support.deps.totals.measure()
    assert support.deps.metrics.value(CONTROL_TOTALS_OPEN, agency="SNV") == 0
    await support.send(taken_back("b2", "class/b", 2))
    await support.deps.totals.measure()
    assert support.deps.metrics.value(CONTROL_TOTALS_OPEN, agency="SNV") == 1
    (shown,) = (await seen(support, "/v1/totals?open=true"))["totals"]
    assert shown["difference"] == 1
    await stated(support, events=1)
    await support.deps.totals.measure()
    assert support.deps.metrics.value(CONTROL_TOTALS_OPEN, agency="SNV") == 0


async def test_totals_that_agreed_are_looked_at_in_turn_and_none_is_left_out(support: Standing) -> None:
    for day in range(1, 6):
        assert (await stated(support, day=f"2021-03-{day:02d}", events=0))["agrees"]
    await support.send(*(held_class(f"c-{day}", 1, day=day) for day in range(1, 6)))
    found = []
    for _ in range(3):
        await support.deps.totals.look_again(most=2)
        found.append(len((await seen(support, "/v1/totals?open=true"))["totals"]))
    assert found == [2, 4, 5]


async def test_one_agency_s_events_are_not_another_s(support: Standing) -> None:
    await support.send(held_class("a", 40), held_class("b", 10))
    assert not (await stated(support, by="UBND-181"))["agrees"]
    assert (await stated(support))["agrees"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"kind": "training.hold"}, 404),
        ({"sum_of": "audience", "sum": 1}, 422),
        ({"sum_of": "people"}, 422),
        ({"sum": 5}, 422),
        ({"events": -1}, 422),
        ({"day": "mai"}, 422),
        ({"day": "9999-12-31"}, 422),
        ({"day": "1999-12-31"}, 422),
    ],
)
async def test_a_total_that_cannot_be_compared_is_refused(support: Standing, more: dict[str, Any], status: int) -> None:
    assert (await stated(support, **more))["status"] == status


async def test_how_many_are_open_is_measured_by_agency(support: Standing) -> None:
    assert CONTROL_TOTALS_OPEN.labels == ("agency",)
    await stated(support)
    await stated(support, kind="obstacle.raised")
    assert await support.deps.totals.compare_open() == {"SNV": 2}
