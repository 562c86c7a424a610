"""Reading the reminders."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from catalogue.model import Plan
from chassis.auth import Keyring, Principal, add
from chassis.health import Health
from chassis.http import make_app
from services.notify.routes import routes
from tests.services.notify.office import Office, at, small


@pytest.fixture
async def office(plan: Plan) -> Office:
    office = Office(small(plan), at("06-17 08:00"))
    await office.start()
    return office


@pytest.fixture
async def http(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    keyring = Keyring([(hashlib.sha256(b"leader").hexdigest(), Principal(role="leader"))])
    app = make_app("notify", health=Health(), metrics=office.metrics, keyring=keyring)
    add(app.router, routes(office.deps, office.looking))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://notify", headers={"Authorization": "Bearer leader"}
    ) as client:
        yield client


async def get(http: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await http.get("/v1/notifications", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_before_the_first_look_nothing_is_promised(http: httpx.AsyncClient) -> None:
    told = await get(http)
    assert (told["notifications"], told["looked_until"]) == ([], None)


async def test_a_reminder_shows_to_whom_when_and_in_which_state(http: httpx.AsyncClient, office: Office) -> None:
    await office.look()
    told = await get(http, agency="SNV", period="2021-Q2")
    assert told["notifications"] == [
        {
            "id": "SNV/2021-Q2/7-days",
            "agency": "SNV",
            "period": "2021-Q2",
            "stage": "7-days",
            "state": "sent",
            "planned_at": "2021-06-17T01:00:00Z",
            "sent_at": "2021-06-17T01:00:00Z",
            "to": "snv@hop-luc.example",
            "problem": "",
        }
    ]
    assert told["looked_until"] == "2021-06-17T01:00:00Z"


async def test_counts_are_of_everything_asked_for_and_pages_join(http: httpx.AsyncClient, office: Office) -> None:
    await office.look()
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await get(http, limit=4, after=after)
        ids += [each["id"] for each in page["notifications"]]
        after = page["next"]
        assert page["counts"]["7-days"] == {"planned": 0, "sent": 6, "dropped": 0}
    assert len(ids) == 6
    assert ids == sorted(set(ids))


async def test_a_wrong_limit_is_a_problem(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/notifications", params={"limit": 0})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
