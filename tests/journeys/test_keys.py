"""A key from the administrator's hand to every service, and back."""

from typing import Any

import httpx
import pytest

from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = pytest.mark.journey


async def test_a_key_made_while_the_services_run_is_good_until_it_is_taken_back() -> None:
    with running(
        "registry", "support", environment={"KEY_CACHE_SECONDS": "0.5", "FAILURES_PER_MINUTE": "1000"}
    ) as stack:
        province = Province(stack)
        body: dict[str, Any] = {"role": "agency", "agency": "SNV", "name": "Hệ thống cán bộ"}
        made = (await province.post("registry", "/v1/keys", "administrator", json=body)).json()

        async def sent(number: int) -> int:
            events = f"{stack.services['support']}/v1/events"
            headers = {"Authorization": f"Bearer {made['key']}"}
            return (await province.http.post(events, json=[training(number)], headers=headers)).status_code

        assert await sent(1) == 200
        administrator = {"Authorization": f"Bearer {stack.api_keys['administrator']}"}
        key = f"{stack.services['registry']}/v1/keys/{made['id']}"
        assert (await province.http.delete(key, headers=administrator)).status_code == 200

        async def refused() -> bool:
            return await sent(2) == 401

        await until(refused, within=10, what="the key is unknown everywhere")
        told = await province.get("registry", "/v1/keys", "administrator")
        assert told["keys"][0]["last_used_at"] is not None
        for service in ("registry", "support"):
            assert made["key"] not in stack.log_of(service).read_text()
        await province.http.aclose()


async def test_who_asks_too_often_is_answered_429_and_others_are_not() -> None:
    with running("registry", environment={"REQUESTS_PER_MINUTE": "20", "FAILURES_PER_MINUTE": "10"}) as stack:
        province = Province(stack)
        url = f"{stack.services['registry']}/v1/cooperatives"

        async def answers(key: str, count: int) -> list[httpx.Response]:
            headers = {"Authorization": f"Bearer {key}"}
            return [await province.http.get(url, headers=headers) for _ in range(count)]

        busy = await answers(stack.api_keys["leader"], 45)
        assert {answer.status_code for answer in busy} == {200, 429}
        assert busy[-1].headers["retry-after"] == "60" or busy[-1].status_code == 200
        assert (await answers(stack.api_keys["consolidator"], 1))[0].status_code == 200
        strangers = await answers("a guess", 25)
        assert {answer.status_code for answer in strangers} == {401, 429}
        assert (await province.http.get(f"{stack.services['registry']}/livez")).status_code == 200
        await province.http.aclose()
