"""What support keeps, looked at over HTTP: what holds of a kind, the history of one thing, loans and budgets."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.kinds import RETRACTED
from contracts.kinds.registry import CooperativeRegistered
from tests.services.support.saying import training
from tests.services.support.standing import Standing, standing
from tests.services.support.test_accounts import moved
from tests.services.support.test_fold import fact
from tests.services.support.test_holding import tell


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan)


async def seen(support: Standing, path: str, by: str = "SNV") -> Any:
    answer = await support.http.get(path, headers={"Authorization": f"Bearer {by}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def held_class(id: str, people: int, subject: str = "", revision: int = 1, day: int = 2) -> dict[str, Any]:
    data = {"people": people, "audience": "officials", "topic": "other"}
    time = f"2021-03-{day:02d}T08:00:00+07:00"
    return training(id, subject=subject or f"class/{id}", revision=revision, data=data, time=time)


def taken_back(id: str, subject: str, revision: int) -> dict[str, Any]:
    kind = "training.held" + RETRACTED
    return training(id, type=kind, subject=subject, revision=revision, data={"reason": "Nhập nhầm"})


async def test_of_a_thing_the_highest_revision_holds_and_all_are_kept(support: Standing) -> None:
    await support.send(held_class("a", 40), held_class("b", 10))
    await support.send(held_class("a2", 44, "class/a", revision=2))
    found = (await seen(support, "/v1/records/training.held"))["records"]
    assert sorted((one["id"], one["data"]["people"]) for one in found) == [("a2", 44), ("b", 10)]
    told = (await seen(support, "/v1/records/training.held/history?subject=class/a"))["records"]
    assert [(one["revision"], one["data"]["people"]) for one in told] == [(1, 40), (2, 44)]


async def test_what_was_taken_back_is_in_the_history_only(support: Standing) -> None:
    await support.send(held_class("a", 40))
    await support.send(taken_back("a2", "class/a", 2))
    assert (await seen(support, "/v1/records/training.held"))["records"] == []
    told = (await seen(support, "/v1/records/training.held/history?subject=class/a"))["records"]
    assert [one["retracted"] for one in told] == [False, True]
    assert told[1]["data"] == {"reason": "Nhập nhầm"}


async def test_nobody_corrects_what_another_said(support: Standing) -> None:
    await support.send(held_class("a", 40))
    about = {"type": "obstacle.raised", "subject": "class/a", "data": {"title": "Khác"}}
    await support.send(training("x", **about, revision=9), by="UBND-181")
    answer = await support.send(taken_back("a9", "class/a", 9), by="NHNN")
    assert answer["receipts"][0]["code"] == "not-entitled"
    (one,) = (await seen(support, "/v1/records/training.held", by="leader"))["records"]
    assert (one["agency"], one["data"]["people"]) == ("SNV", 40)


async def test_records_are_asked_for_by_their_business_days(support: Standing) -> None:
    await support.send(held_class("a", 1, day=1), held_class("b", 2, day=2), held_class("c", 3, day=3))
    found = (await seen(support, "/v1/records/training.held?first=2021-03-02&last=2021-03-03"))["records"]
    assert sorted(one["id"] for one in found) == ["b", "c"]


async def test_a_correction_that_moves_the_day_moves_the_record(support: Standing) -> None:
    await support.send(held_class("a", 1, day=1))
    await support.send(held_class("a2", 1, "class/a", revision=2, day=9))
    assert (await seen(support, "/v1/records/training.held?last=2021-03-05"))["records"] == []
    assert len((await seen(support, "/v1/records/training.held?first=2021-03-05"))["records"]) == 1


async def test_an_unknown_kind_is_not_there(support: Standing) -> None:
    for kind in ("training.hold", "cooperative.registered"):
        answer = await support.http.get(f"/v1/records/{kind}", headers={"Authorization": "Bearer SNV"})
        assert answer.status_code == 404
        assert "docs/events.md" in answer.json()["detail"]


async def test_accounts_are_listed_by_state(support: Standing) -> None:
    await tell(support, fact(CooperativeRegistered))
    events = [moved("g", "loan.granted", 100), moved("d", "loan.disbursed", 100, 2), moved("r", "loan.repaid", 30, 3)]
    await support.send(*events, moved("o", "loan.repaid", 90, 4), by="NHNN")
    (account,) = (await seen(support, "/v1/accounts/loan?state=disbursed", by="NHNN"))["accounts"]
    assert (account["account"], account["limit"], account["came_in"], account["went_out"]) == (
        "loan NHNN 118",
        100,
        100,
        30,
    )
    assert (account["balance"], account["held"], account["events"]) == (70, 1, 3)
    assert (await seen(support, "/v1/accounts/loan?state=settled", by="NHNN"))["accounts"] == []
    assert (await seen(support, "/v1/accounts/loan", by="SNV"))["accounts"] == []


@settings(max_examples=40)
@given(data=st.data())
async def test_pages_show_every_thing_that_holds_exactly_once(plan: Plan, data: st.DataObject) -> None:
    support = standing(plan)
    drawn = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4), st.booleans()), max_size=12))
    latest: dict[str, tuple[tuple[int, str], bool]] = {}
    for number, (name, revision, back) in enumerate(drawn):
        id, subject = f"e{number:02d}", f"class/{name}"
        event = taken_back(id, subject, revision) if back else held_class(id, 1, subject, revision)
        assert (await support.send(event))["accepted"] == 1
        latest[subject] = max(latest.get(subject, ((0, ""), False)), ((revision, id), back))
    found: list[str] = []
    after = ""
    while True:
        page = await seen(support, f"/v1/records/training.held?documents=2{after}")
        found += [one["id"] for one in page["records"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(found) == sorted(id for (_, id), back in latest.values() if not back)
