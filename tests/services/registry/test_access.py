"""The administrator's routes for keys."""

from typing import Any

import httpx
import pytest

from catalogue.model import Plan
from chassis.auth import digest_of
from tests.services.registry.standing import Standing, standing

BODY = {"role": "agency", "agency": "SNV", "name": "Hệ thống cán bộ"}


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


async def ask(registry: Standing, method: str, path: str = "", body: Any = None) -> httpx.Response:
    headers = {"Authorization": "Bearer administrator"}
    return await registry.http.request(method, f"/v1/keys{path}", json=body, headers=headers)


async def test_a_key_is_shown_in_the_answer_that_makes_it_and_never_again(registry: Standing) -> None:
    answer = await ask(registry, "POST", body=BODY)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["agency"], made["revoked_at"], made["history"][0]["by"]) == ("SNV", None, "administrator")
    listed = await ask(registry, "GET")
    assert [key["id"] for key in listed.json()["keys"]] == [made["id"]]
    assert made["key"] not in listed.text


async def test_a_key_is_replaced_and_taken_back(registry: Standing) -> None:
    first = (await ask(registry, "POST", body=BODY)).json()
    second = (await ask(registry, "POST", f"/{first['id']}/replacements", {"grace_hours": 1})).json()
    assert second["key"] != first["key"]
    revoked = await ask(registry, "DELETE", f"/{second['id']}")
    assert revoked.json()["revoked_at"] is not None
    assert (await ask(registry, "POST", f"/{second['id']}/replacements")).status_code == 404
    assert (await ask(registry, "DELETE", "/0000000000000000")).status_code == 404


async def test_a_key_taken_back_says_when_it_was_last_used(registry: Standing) -> None:
    made = (await ask(registry, "POST", body=BODY)).json()
    assert await registry.deps.keys.find(digest_of(made["key"]))
    (listed,) = (await ask(registry, "GET")).json()["keys"]
    revoked = (await ask(registry, "DELETE", f"/{made['id']}")).json()
    assert revoked["last_used_at"] == listed["last_used_at"] is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {**BODY, "agency": None},
        {**BODY, "agency": "BTC-KHONG-CO"},
        {**BODY, "role": "leader"},
        {**BODY, "role": "king"},
        {**BODY, "name": ""},
        {**BODY, "expires_at": "mai"},
        {**BODY, "expires_at": "2001-01-01T00:00:00Z"},
        {**BODY, "key": "của tôi"},
    ],
)
async def test_a_key_for_nobody_is_not_made(registry: Standing, wrong: dict[str, Any]) -> None:
    answer = await ask(registry, "POST", body=wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await ask(registry, "GET")).json()["keys"] == []
