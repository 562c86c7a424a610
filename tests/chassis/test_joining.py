"""How the groups of a process are joined."""

import asyncio

import pytest

from contracts.topics import Topic
from tests.chassis.standing import Memory
from tests.chassis.test_broker import make_bus, topic
from tests.kit.wait import until

__all__ = ["topic"]  # a fixture

pytestmark = [pytest.mark.servers, pytest.mark.broker]


async def test_the_groups_of_a_process_are_joined_at_once(kafka_bootstrap: str, topic: Topic) -> None:
    bus, listeners = make_bus(kafka_bootstrap), (Memory(), Memory(), Memory())
    for number, listener in enumerate(listeners):
        bus.listen([topic], f"at-once-{number}", listener)
    await bus.connect()
    starting = asyncio.create_task(bus.start())
    for _ in range(100):  # turns of the loop, in which no broker has answered anybody's wish to join
        await asyncio.sleep(0)
    assert all(hearing.consumer() for hearing in bus._hearings)
    await starting
    await until(lambda: all(len(listener.held) == 3 for listener in listeners))
    await bus.stop()
