"""Support over HTTP: who may send, what bodies it takes, what it shows."""

import base64
from typing import Any

import httpx
import pytest

from catalogue.model import Plan
from chassis.listening import Record
from chassis.store import StoreUnavailable
from chassis.store_memory import MemoryStore
from contracts.envelope import MEDIA_TYPE
from tests.services.support.saying import training
from tests.services.support.standing import Standing, standing


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan, max_events=10, max_body_bytes=20_000)


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{code}"


async def test_only_agencies_send(support: Standing) -> None:
    refused(await support.post([training()], by=None), 401, "unauthenticated")
    refused(await support.post([training()], by="who"), 401, "unauthenticated")
    refused(await support.post([training()], by="leader"), 403, "forbidden")


async def test_who_may_not_send_is_told_so_before_the_body_is_looked_at(support: Standing) -> None:
    refused(await support.post(b"not json", by=None), 401, "unauthenticated")


@pytest.mark.parametrize("body", [b"", b"not json", b"[{}", b'[{"a": "\xff"}]'])
async def test_a_body_that_is_no_json_is_refused_as_a_whole(support: Standing, body: bytes) -> None:
    refused(await support.post(body), 400, "unreadable")


async def test_a_body_that_is_not_what_it_says_is_refused(support: Standing) -> None:
    refused(await support.post([training()], media_type=MEDIA_TYPE), 400, "unreadable")
    refused(await support.post(training()), 400, "unreadable")
    refused(await support.post([training()], media_type="text/csv"), 415, "media-type")


async def test_too_many_events_at_once_are_refused_and_none_is_taken(support: Standing) -> None:
    refused(await support.post([training(str(number)) for number in range(11)]), 413, "too-many-events")
    assert await support.events() == []


async def test_too_large_a_body_is_refused(support: Standing) -> None:
    answer = await support.post([training(note="x" * 20_000)])
    assert answer.status_code == 413


async def test_a_store_that_cannot_be_reached_is_a_503(plan: Plan) -> None:
    class Away(MemoryStore):
        async def put(self, *args: Any, **options: Any) -> int:
            raise StoreUnavailable("away")

    refused(await standing(plan, Away()).post([training()]), 503, "unavailable")


async def test_dead_letters_are_listed_page_by_page_with_their_bytes(support: Standing) -> None:
    for offset in range(5):
        record = Record("coop.registry.v1", 0, offset, b"k\xff", b"\xff" if offset else b"{}", (("h", b"v"),))
        await support.listener.hear([record])
    letters, after = [], None
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (
            await support.http.get("/v1/dead-letters", params=params, headers={"Authorization": "Bearer operator"})
        ).json()
        letters += page["dead_letters"]
        after = page["next"]
        if after is None:
            break
    assert [letter["offset"] for letter in letters] == [0, 1, 2, 3, 4]
    assert [letter["text"] for letter in letters[:2]] == ["{}", None]
    assert base64.b64decode(letters[1]["value_base64"]) == b"\xff"
    assert letters[0]["headers"] == [["h", "v"]]
    assert letters[0]["key"] == "k\\xff"
    assert "specversion" in letters[0]["reason"]


async def test_the_document_of_the_interface_names_the_media_types(support: Standing) -> None:
    paths = (await support.http.get("/openapi.json")).json()["paths"]
    assert MEDIA_TYPE in paths["/v1/events"]["post"]["requestBody"]["content"]
