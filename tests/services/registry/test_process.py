"""Registry as a process, on the real store and broker."""

from collections import Counter
from collections.abc import Iterator, Sequence

import httpx
import pytest

from contracts.envelope import Event
from contracts.topics import REGISTRY
from deploy.local.stack import Stack
from tests.services.log import log_of
from tests.services.registry.test_routes import LATER, registration

pytestmark = [pytest.mark.servers, pytest.mark.broker]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(services=("registry",)) as stack:
        yield stack


def client(stack: Stack) -> httpx.AsyncClient:
    bearer = {"Authorization": f"Bearer {stack.api_keys['UBND-181']}"}
    return httpx.AsyncClient(base_url=stack.services["registry"], headers=bearer)


async def test_what_is_registered_is_said_even_if_broker_and_service_are_killed_meanwhile(stack: Stack) -> None:
    async with client(stack) as http, log_of(REGISTRY, stack.kafka_bootstrap) as log:
        assert (await http.post("/v1/cooperatives", json=registration("HTX-181-01"))).status_code == 201
        (first,) = await log.read_until(bool, what="the registration's event")
        assert (first.envelope.id, first.envelope.agency) == ("HTX-181-01/1", "UBND-181")

    # The broker is gone, so what is put now can only wait in the store; then the service is gone too.
    stack.kill("broker")
    async with client(stack) as http:
        assert (
            await http.post("/v1/cooperatives/HTX-181-01/amendments", json=LATER | {"members": 12})
        ).status_code == 200
        assert (await http.post("/v1/cooperatives", json=registration("HTX-181-02"))).status_code == 201
    stack.kill("registry")
    stack.restart("broker")
    stack.restart("registry")

    async with client(stack) as http, log_of(REGISTRY, stack.kafka_bootstrap) as log:
        waiting = {"HTX-181-01/2", "HTX-181-02/1"}
        await log.read_until(lambda events: waiting <= names(events), what="the events that waited in the store")
        kept = (await http.get("/v1/cooperatives/HTX-181-01")).json()
        assert (kept["version"], kept["members"]) == (2, 12)
        said = Counter(event.envelope.id for event in await log.read_to_the_end())
        del said["HTX-181-01/1"]  # a broker that keeps its log on a disk has it still
        assert said == dict.fromkeys(waiting, 1)


def names(events: Sequence[Event]) -> set[str]:
    return {event.envelope.id for event in events}
