"""Support put back from a backup takes in again what its topic tells: once, and not what it has."""

from collections import Counter

from catalogue.model import Plan
from services.support.recovering import take_back
from services.support.store import BATCHES
from tests.services.support.saying import training
from tests.services.support.standing import standing


async def test_what_the_topic_tells_and_the_store_lacks_is_taken_in_again(plan: Plan) -> None:
    stood = standing(plan)
    await stood.send(*(training(f"e-{number}") for number in range(30)))
    await stood.events()
    log = [message.value for message in stood.said]
    fresh = standing(plan)
    await fresh.send(*(training(f"e-{number}") for number in range(10)))
    await fresh.events()
    assert await take_back(fresh.deps, log) == Counter(accepted=20, duplicate=10)
    assert await take_back(fresh.deps, log) == Counter(duplicate=30)
    assert (await fresh.send(training("e-29")))["duplicate"] == 1
    said = {event.envelope.id for event in await fresh.events()}
    assert said == {f"e-{number}" for number in range(30)}
    assert set(log[10:]) <= {message.value for message in fresh.said}, "byte for byte"
    assert await fresh.store.unsent(BATCHES, 10) == []


async def test_what_is_no_event_of_an_agency_is_passed_by(plan: Plan) -> None:
    stood = standing(plan)
    assert await take_back(stood.deps, [b"garbage", b"{}", b"\xff"]) == Counter()
