"""What a hearing tells of itself: lag, delay, and when it last saw the log's end."""

from chassis.clock import machine_seconds
from chassis.metrics import EVENT_DELAY, LAG_EVENTS, LOG_SEEN
from tests.chassis.standing import Log, settled


async def test_lag_is_measured_and_forgotten_with_the_place() -> None:
    made = await settled(Log(p0=5, p1=0))
    await made.hearing.watch()
    labels = {"group": "g", "topic": "t", "partition": "0"}
    assert made.metrics.value(LAG_EVENTS, **labels) == 5
    await made.revoke()
    assert "lag_events{" not in made.metrics.render().decode()


async def test_events_are_timed_from_the_log_to_the_end_of_hearing() -> None:
    log = Log(p0=5)
    log.written = int((machine_seconds() - 90) * 1_000)
    made = await settled(log)
    await made.turn()
    total = made.metrics.registry.get_sample_value("hopluc_event_delay_seconds_sum", {"group": "g", "topic": "t"})
    assert total is not None
    assert 90 <= total < 120
    log.written, log.ends = 0, {place: end + 1 for place, end in log.ends.items()}
    await made.turn()
    assert made.metrics.value(EVENT_DELAY, group="g", topic="t") == 1


async def test_when_the_logs_end_was_last_seen_is_told() -> None:
    made = await settled(Log(p0=5))
    before = machine_seconds()
    await made.hearing.watch()
    assert before <= made.metrics.value(LOG_SEEN, group="g") <= machine_seconds()
