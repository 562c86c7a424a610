"""Support as a process beside registry, on the real store and broker."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contracts.envelope import BATCH_MEDIA_TYPE
from contracts.topics import SUPPORT
from deploy.local.stack import Stack
from tests.kit.wait import until
from tests.services.log import log_of
from tests.services.registry.test_routes import registration
from tests.services.support.saying import loan, said

pytestmark = [pytest.mark.servers, pytest.mark.broker]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(services=("registry", "support")) as stack:
        yield stack


async def send(stack: Stack, *events: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {stack.api_keys['NHNN']}", "Content-Type": BATCH_MEDIA_TYPE}
    async with httpx.AsyncClient(base_url=stack.services["support"], timeout=30) as http:
        answer = await http.post("/v1/events", content=said(list(events)), headers=headers)
    assert answer.status_code == 200, answer.text
    receipts: dict[str, Any] = answer.json()
    return receipts


async def register(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.api_keys['SKHDT']}"}
    async with httpx.AsyncClient(base_url=stack.services["registry"], headers=headers) as http:
        assert (await http.post("/v1/cooperatives", json=registration("HTX-181-01"))).status_code == 201


async def test_a_loan_is_taken_once_its_borrower_is_registered_and_said_once_whatever_is_killed(stack: Stack) -> None:
    (held,) = (await send(stack, loan("first")))["receipts"]
    assert (held["outcome"], held["code"]) == ("held", "unknown-cooperative")

    await register(stack)

    async def said_at_last() -> bool:
        async with log_of(SUPPORT, stack.kafka_bootstrap) as log:
            return bool(await log.read_to_the_end())

    await until(said_at_last, within=60, what="support hears of the registration")
    assert (await send(stack, loan("first")))["duplicate"] == 1

    batch = [loan(f"e-{number}") for number in range(700)]
    assert (await send(stack, *batch))["accepted"] == 700
    stack.kill("support")
    stack.restart("support")
    assert (await send(stack, *batch))["duplicate"] == 700

    wanted = {"first", *(event["id"] for event in batch)}
    async with log_of(SUPPORT, stack.kafka_bootstrap) as log:
        await log.read_until(lambda events: wanted <= {e.envelope.id for e in events}, what="every accepted event")
        said_ids = Counter(event.envelope.id for event in await log.read_to_the_end())
    assert set(said_ids) == wanted
    assert said_ids["first"] == 1
    assert {event.envelope.agency for event in log.events} == {"NHNN"}
