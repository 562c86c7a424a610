"""Lag, waiting and idleness of a place, on made-up times."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.progress import Progress


def test_a_place_that_is_heard_to_its_end_waits_for_nothing() -> None:
    progress = Progress(5, now=0)
    progress.seen(5, now=100)
    assert (progress.lag, progress.waiting(100), progress.idle) == (0, 0, 0)


def test_the_oldest_unheard_record_waits_since_the_end_first_passed_us() -> None:
    progress = Progress(0, now=0)
    progress.seen(10, now=10)
    progress.seen(20, now=20)
    assert (progress.lag, progress.waiting(30)) == (20, 20)
    progress.heard(10, now=30)
    assert (progress.lag, progress.waiting(30)) == (10, 10)
    progress.heard(20, now=31)
    assert (progress.lag, progress.waiting(40)) == (0, 0)


def test_a_place_that_does_not_move_while_records_wait_is_idle() -> None:
    progress = Progress(0, now=0)
    progress.seen(10, now=1)
    progress.seen(10, now=61)
    assert progress.idle == 61
    progress.heard(1, now=62)
    progress.seen(10, now=70)
    assert progress.idle == 8


def test_a_place_is_not_idle_because_nobody_could_look() -> None:
    progress = Progress(0, now=0)
    progress.seen(10, now=1)
    assert progress.idle == 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=60))
def test_nothing_waits_exactly_when_nothing_lags(steps: list[tuple[bool, int]]) -> None:
    progress, end, position = Progress(0, now=0), 0, 0
    for now, (produced, by) in enumerate(steps):
        if produced:
            end += by
            progress.seen(end, now=now)
        else:
            position = min(end, position + by)
            progress.heard(position, now=now)
        assert progress.lag == end - position
        assert (progress.waiting(now + 1) > 0) == (progress.lag > 0)
