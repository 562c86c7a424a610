"""One event's trace through the services: a collector gets spans of each, tied together by the trace of the request."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import WITHIN, Province
from tests.kit.collector import Collector, collecting
from tests.kit.stack import running
from tests.kit.wait import until

pytestmark = pytest.mark.journey
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "/snv/courses",
    "type": "training.held",
    "subject": "course-7",
    "time": "2021-05-12T09:00:00+07:00",
    "data": {"people": 45, "audience": "officials", "topic": "state-management"},
}


@pytest.fixture
def traced() -> Iterator[tuple[Stack, Collector]]:
    with (
        collecting() as collector,
        running(
            "registry",
            "support",
            "reporting",
            environment={"OTLP_ENDPOINT": collector.url, "LOG_LEVEL": "DEBUG", "OTEL_BSP_SCHEDULE_DELAY": "200"},
        ) as stack,
    ):
        yield stack, collector


async def test_an_events_trace_is_that_of_its_request_in_spans_and_in_logs(traced: tuple[Stack, Collector]) -> None:
    stack, collector = traced
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "Content-Type": "application/cloudevents+json"}
    answer = await Province(stack).post("support", "/v1/events", "SNV", json=EVENT, headers=headers)
    assert answer.status_code == 200

    def of_the_trace() -> set[tuple[str, str]]:
        found = {(one.service, one.name) for one in collector.spans if TRACE in (one.trace, *one.links)}
        return found if ("reporting", "hear reporting") in found else set()

    found = await until(of_the_trace, within=WITHIN)
    assert found == {("support", "POST /v1/events"), ("support", "say"), ("reporting", "hear reporting")}
    for service, stages in (("support", ("accepted from SNV", "said")), ("reporting", ("heard by reporting",))):
        lines = [line for line in stack.log_of(service).read_text().splitlines() if TRACE in line]
        assert all(any(f'"message": "{stage}"' in line for line in lines) for stage in stages), lines
