"""The register over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from catalogue.model import Plan
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from contracts.kinds.registry import COUNTED
from tests.services.registry.standing import Standing, standing


def registration(code: str = "HTX-181-01", **other: Any) -> dict[str, Any]:
    body = {
        "code": code,
        "form": "htx",
        "name": "HTX Đồng Đăng",
        "sector": "agriculture",
        "members": 9,
        "capital": 500_000_000,
        "unit": "181",
        "at": "2021-03-02T08:00:00+07:00",
    }
    return body | other


LATER = {"at": "2021-05-01T08:00:00+07:00"}


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"]
    assert problem["detail"]


async def test_a_life_is_told_change_by_change(registry: Standing) -> None:
    born = await registry.post("", registration(registration_number="14A8"))
    assert born.status_code == 201
    assert born.headers["location"] == "/v1/cooperatives/HTX-181-01"
    assert born.json() == {
        **{name: value for name, value in registration().items() if name != "at"},
        "version": 1,
        "status": "active",
        "law": "2012",
        "size": "micro",
        "registration_number": "14A8",
        "tax_number": None,
        **dict.fromkeys(COUNTED[2:], 0),
        "representative": None,
        "address": None,
        "industries": [],
        "products": [],
        "registered_at": "2021-03-02T08:00:00+07:00",
        "changed_at": "2021-03-02T08:00:00+07:00",
    }
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("amendments", {"members": 12}, "active"),
        ("suspensions", {"reason": "Thiên tai"}, "suspended"),
        ("resumptions", {}, "active"),
        ("dissolutions", {"reason": "Không còn hoạt động"}, "dissolved"),
    ]
    for version, (step, body, status) in enumerate(steps, start=2):
        answer = await registry.post(f"/HTX-181-01/{step}", LATER | body)
        assert answer.status_code == 200
        assert (answer.json()["version"], answer.json()["status"]) == (version, status)
    kinds = [event.kind.name.partition(".")[2] for event in await registry.events()]
    assert kinds == ["registered", "amended", "suspended", "resumed", "dissolved"]
    changes = (await registry.get("/HTX-181-01")).json()["changes"]
    assert [change["version"] for change in changes] == [1, 2, 3, 4, 5]
    assert changes[1]["data"]["members_change"] == 3
    assert changes[1]["title"] == "Thay đổi nội dung đăng ký"


async def test_a_refusal_says_why_and_how_to_mend_it(registry: Standing) -> None:
    answer = await registry.post("", registration(members=6))
    refused(answer, 422, "too-few-members")
    assert "ít nhất 7 thành viên" in answer.json()["detail"]
    assert answer.json()["remedy"]
    assert await registry.events() == []


async def test_refusals_have_the_status_that_fits(registry: Standing) -> None:
    refused(await registry.post("/HTX-181-01/suspensions", LATER), 404, "unknown")
    refused(await registry.get("/HTX-181-01"), 404, "unknown")
    assert (await registry.post("", registration())).status_code == 201
    refused(await registry.post("", registration()), 409, "already-registered")
    refused(await registry.post("/HTX-181-01/suspensions", LATER | {"version": 7}), 409, "stale")
    refused(await registry.post("/HTX-181-01/suspensions", LATER, by="UBND-182"), 403, "other-unit")
    refused(await registry.post("", registration("HTX-2"), by="SNV"), 403, "not-a-registrar")


async def test_only_agencies_write(registry: Standing) -> None:
    refused(await registry.post("", registration(), by=None), 401, "unauthenticated")
    refused(await registry.post("", registration(), by="who"), 401, "unauthenticated")
    refused(await registry.post("", registration(), by="leader"), 403, "forbidden")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "2021-03-02"},
        {"at": "2021-03-02T08:00:00"},
        {"at": 1_614_646_800},
        {"at": "1614646800"},
        {"members": "9"},
        {"members": 9.5},
        {"members": True},
        {"members": -1},
        {"capital": 2**63},
        {"code": "a/b"},
        {"form": "công ty"},
        {"name": "  "},
        {"unit": "18"},
        {"memebrs": 9},
        {"name": "\ud800"},
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(registry: Standing, wrong: dict[str, Any]) -> None:
    answer = await registry.post("", registration(**wrong))
    refused(answer, 422, "invalid")
    assert next(iter(wrong)) in answer.json()["detail"]


async def test_the_same_key_again_gets_the_same_answer_and_nothing_twice(registry: Standing) -> None:
    key = {"Idempotency-Key": "abc"}
    first = await registry.post("", registration(), **key)
    await registry.post("/HTX-181-01/amendments", LATER | {"members": 12})
    again = await registry.post("", registration(), **key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    amendments = [
        await registry.post("/HTX-181-01/amendments", LATER | {"members": 15}, **{"Idempotency-Key": "def"})
        for _ in range(3)
    ]
    assert len({answer.text for answer in amendments}) == 1
    assert amendments[0].json()["version"] == 3
    assert len(await registry.events()) == 3
    assert registry.deps.metrics.value(EVENTS_DUPLICATE, source="http") == 3


async def test_a_key_is_for_one_request_only(registry: Standing) -> None:
    key = {"Idempotency-Key": "abc"}
    await registry.post("", registration(), **key)
    refused(await registry.post("", registration(members=10), **key), 422, "key-used")
    refused(await registry.post("", registration("HTX-181-02"), **key), 422, "key-used")
    assert (await registry.post("", registration("HTX-182-01", unit="182"), by="UBND-182", **key)).status_code == 201


async def test_two_changes_at_once_are_both_made(registry: Standing) -> None:
    await registry.post("", registration())
    answers = await asyncio.gather(
        *(registry.post("/HTX-181-01/amendments", LATER | {"members": members}) for members in (10, 11, 12, 13))
    )
    assert sorted(answer.json()["version"] for answer in answers) == [2, 3, 4, 5]
    assert len(await registry.events()) == 5


async def test_the_list_goes_on_where_the_page_before_ended(registry: Standing) -> None:
    for number in range(7):
        await registry.post("", registration(f"HTX-181-{number:02}"))
    await registry.post("", registration("HTX-182-00", unit="182"), by="UBND-182")
    await registry.post("/HTX-181-03/suspensions", LATER)
    seen, after = [], None
    while True:
        page = (await registry.get(limit=3, unit="181", **({"after": after} if after else {}))).json()
        seen += [entry["code"] for entry in page["cooperatives"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [f"HTX-181-{number:02}" for number in range(7)]
    stopped = (await registry.get(status="suspended")).json()["cooperatives"]
    assert [entry["code"] for entry in stopped] == ["HTX-181-03"]
    assert (await registry.get(form="tht")).json() == {"cooperatives": [], "next": None}
    refused(await registry.get(limit=201), 422, "invalid")


async def test_what_was_decided_is_counted(registry: Standing) -> None:
    await registry.post("", registration())
    await registry.post("", registration())
    metrics = registry.deps.metrics
    assert metrics.value(EVENTS_ACCEPTED, kind="cooperative.registered") == 1
    assert metrics.value(EVENTS_REFUSED, reason="already-registered") == 1


async def test_an_event_carries_the_trace_of_its_request(registry: Standing) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await registry.post("", registration(), traceparent=trace)
    assert [event.envelope.traceparent for event in await registry.events()] == [trace]
