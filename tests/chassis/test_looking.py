"""Looking at a log of many topics, on a real broker."""

from uuid import uuid4

import pytest

from chassis.broker import Bus, Connection, Place, Span
from chassis.metrics import Metrics
from contracts.topics import Topic
from deploy.local import programs

pytestmark = [pytest.mark.servers, pytest.mark.broker]


async def test_as_many_topics_as_there_are_agencies_are_looked_at_in_one_question(kafka_bootstrap: str) -> None:
    """The client learns of one topic after the other, if it is asked about topics that it was not told of."""
    bus = Bus(Connection(kafka_bootstrap), Metrics("test"), idempotence=not programs.is_embedded())
    word = uuid4().hex[:8]
    many = [Topic(f"test.{word}.{number}", 1, "test") for number in range(250)]
    await bus.create_topics(many)
    await bus.connect()
    try:
        spans = await bus.spans([Place(topic.name, 0) for topic in many])
        assert set(spans.values()) == {Span(0, 0)}
        assert len(spans) == len(many)
    finally:
        await bus.stop()
