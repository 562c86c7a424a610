"""A listener misses no record: on a consumer that behaves as aiokafka's does, and as badly."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

import pytest
from aiokafka.errors import CommitFailedError
from hypothesis import given
from hypothesis import strategies as st

from chassis.fetched import Batch, start_of
from chassis.listening import BrokerUnavailable, Fatal, Place, Span
from chassis.metrics import COMMIT_FAILURES, EVENTS_HEARD, HEAR_FAILURES
from tests.chassis.standing import House, Log, Memory, house, settled
from tests.kit.wait import until

A, B = Place("t", 0), Place("t", 1)


@pytest.mark.parametrize(
    ("told", "committed", "start"), [(None, None, 3), (None, 5, 5), (7, 5, 7), (9, None, 9), (None, 10, 3), (1, 5, 3)]
)
def test_a_place_starts_where_the_store_says_or_the_group_or_the_log(
    told: int | None, committed: int | None, start: int
) -> None:
    assert start_of(A, Span(3, 9), told, committed) == start


def test_a_store_that_is_ahead_of_the_log_is_another_logs() -> None:
    with pytest.raises(Fatal, match=r"t/0.*10.*ends at 9.*wrong cluster"):
        start_of(A, Span(3, 9), 10, None)


async def test_nothing_is_fetched_before_the_listener_has_taken_its_places() -> None:
    log = Log(p0=5)
    made = house(log)
    await made.assign(A)
    assert log.paused == {A}
    assert not made.settled()
    await until(made.settled)
    assert (log.paused, log.position) == (set(), {A: 0})


async def test_only_what_was_heard_is_committed_and_counted() -> None:
    made = await settled(Log(p0=5, p1=3), Memory(told={B: 1}))
    await made.turn()
    assert (made.listener.offsets(A), made.listener.offsets(B)) == ([0, 1, 2, 3, 4], [1, 2])
    assert made.log.kept == {A: 5, B: 3}
    assert made.metrics.value(EVENTS_HEARD, topic="t") == 7


async def test_a_failure_brings_the_whole_batch_again_for_every_place() -> None:
    made = await settled(Log(p0=5, p1=3))
    made.listener.errors = [ValueError("once")]
    await made.turn()
    assert (made.log.position, made.log.kept, made.listener.heard) == ({A: 0, B: 0}, {}, [])
    await made.turn()
    assert (made.listener.offsets(A), made.listener.offsets(B)) == ([0, 1, 2, 3, 4], [0, 1, 2])
    assert made.metrics.value(HEAR_FAILURES, group="g") == 1


async def test_after_so_many_failures_in_a_row_the_process_is_told() -> None:
    made = await settled(Log(p0=5))
    made.listener.errors = [ValueError(str(n)) for n in (1, 2)]
    await made.turn()
    await made.turn()
    await made.turn()
    assert made.failures == []
    made.log.ends[A] = 6
    made.listener.errors = [ValueError(str(n)) for n in (1, 2, 3)]
    for _ in range(3):
        await made.turn()
    assert [str(error) for error in made.failures] == ["3"]
    assert made.log.position == {A: 5}


async def test_a_refusal_to_go_on_is_told_at_once_and_nothing_more_is_heard() -> None:
    made = await settled(Log(p0=5))
    made.listener.errors = [Fatal("wrong log")]
    await made.turn()
    assert [type(error) for error in made.failures] == [Fatal]
    await made.turn()
    assert made.listener.heard == []


async def test_a_listener_that_is_broken_off_is_a_failure_and_loses_nothing() -> None:
    made = await settled(Log(p0=5))
    made.listener.errors = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await made.turn()
    assert made.log.position == {A: 0}
    assert len(made.failures) == 1


async def test_a_failed_commit_is_no_failure() -> None:
    made = await settled(Log(p0=5))
    made.log.commit_error = CommitFailedError("rebalanced")
    await made.turn()
    assert made.listener.offsets(A) == [0, 1, 2, 3, 4]
    assert made.failures == []
    assert made.metrics.value(COMMIT_FAILURES, group="g") == 1


async def test_what_the_client_skipped_is_fetched_again() -> None:
    made = await settled(Log(p0=9, p1=3))
    await made.turn(most=3)
    skipped = made.log.fetch(most=2)
    assert [record.offset for record in skipped] == [3, 4]
    await made.turn()
    assert made.log.position[A] == 3
    await made.turn()
    assert (made.listener.offsets(A), made.listener.offsets(B)) == (list(range(9)), [0, 1, 2])


async def test_a_gap_that_is_in_the_log_is_believed() -> None:
    made = await settled(Log(p0=9))
    made.log.holes = {0, 1, 5}
    await made.turn(most=4)
    await made.turn()
    assert made.listener.offsets(A) == [2, 3, 4, 6, 7, 8]
    assert made.metrics.value(HEAR_FAILURES, group="g") == 0


async def test_what_was_fetched_before_a_rebalance_is_not_heard_after_it() -> None:
    made = await settled(Log(p0=5))
    batch = Batch(made.hearing.term, made.log.fetch())
    await made.revoke()
    assert made.listener.held == {}
    await made.assign(A)
    await until(made.settled)
    await made.hearing.hear(batch)
    assert made.listener.heard == []
    await made.turn()
    assert made.listener.offsets(A) == [0, 1, 2, 3, 4]


async def test_a_failed_assignment_is_tried_again() -> None:
    made = house(Log(p0=5), Memory())
    made.listener.refusals = [BrokerUnavailable("not yet"), ValueError("not yet")]
    await made.assign(A)
    await until(made.settled)
    assert made.failures == []


@pytest.mark.parametrize(("refusals", "expected"), [([Fatal("cut")], Fatal), ([ValueError("x")] * 3, ValueError)])
async def test_an_assignment_that_fails_for_good_is_told_and_nothing_is_fetched(
    refusals: list[Exception], expected: type[Exception]
) -> None:
    made = house(Log(p0=5))
    made.listener.refusals = refusals
    await made.assign(A)
    await until(lambda: made.failures)
    assert isinstance(made.failures[0], expected)
    assert made.log.paused == {A}


async def test_an_assignment_that_is_overtaken_by_the_next_is_given_up() -> None:
    made = house(Log(p0=5, p1=5))
    made.listener.refusals = [ValueError("once")]
    await made.assign(A)
    await until(lambda: not made.listener.refusals)
    await made.revoke()
    await made.assign(B)
    await until(made.settled)
    assert made.listener.held.keys() == {B}


async def test_letting_go_waits_until_the_batch_in_hand_is_heard() -> None:
    made = await settled(Log(p0=5))
    hearing = asyncio.ensure_future(made.turn())
    await asyncio.sleep(0)
    await made.hearing.stop()
    await hearing
    assert made.log.kept == {A: 5}
    assert made.listener.held == {}
    await made.turn()
    assert made.listener.offsets(A) == [0, 1, 2, 3, 4]


async def test_a_listener_that_cannot_let_go_ends_the_process() -> None:
    made = await settled(Log(p0=5))

    async def stuck(places: Collection[Place]) -> None:
        raise ValueError("stuck")

    made.listener.revoked = stuck  # type: ignore[method-assign]
    await made.revoke()
    assert [str(error) for error in made.failures] == ["stuck"]


async def test_a_hearing_is_stuck_when_records_wait_and_nothing_moves() -> None:
    made = await settled(Log(p0=5))
    await made.hearing.watch()
    assert made.hearing.moving(limit=1000).well
    await asyncio.sleep(0)
    await made.hearing.watch()
    assert made.hearing.moving(limit=0).says == "g: stuck at t/0"
    await made.turn()
    await made.hearing.watch()
    assert made.hearing.moving(limit=0).well


async def test_a_hearing_that_never_gets_its_places_is_stuck() -> None:
    made = house(Log(p0=5))
    assert made.hearing.moving(limit=1000).well
    assert not made.hearing.moving(limit=0).well


async def test_fetching_that_died_ends_the_process() -> None:
    made = await settled(Log(p0=5))

    async def die() -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    task = asyncio.ensure_future(die())
    await asyncio.wait({task})
    made.hearing.tasks = lambda: [task]
    await made.hearing.watch()
    assert "UnicodeDecodeError" in str(made.failures[0])


STEPS: Mapping[str, Callable[[House], object]] = {
    "fetch": lambda made: made.turn(most=3),
    "fail": lambda made: made.listener.errors.append(ValueError("sometimes")),
    "lose": lambda made: made.log.fetch(most=2),
    "uncommitted": lambda made: setattr(made.log, "commit_error", CommitFailedError("x")),
    "committed": lambda made: setattr(made.log, "commit_error", None),
    "rebalance": lambda made: rebalanced(made),
}


async def rebalanced(made: House) -> None:
    await made.revoke()
    await made.assign(*made.log.ends)
    await until(made.settled)


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
def test_whatever_fails_every_record_is_heard_in_order(steps: Sequence[str]) -> None:
    async def play() -> House:
        made = await settled(Log(p0=11, p1=7), failures=1000)
        for step in steps:
            if asyncio.iscoroutine(doing := STEPS[step](made)):
                await doing
        made.listener.errors.clear()
        made.log.commit_error = None
        while made.log.kept != made.log.ends:
            await made.turn()
            if made.log.position == made.log.ends and made.log.kept != made.log.ends:
                await rebalanced(made)
        return made

    made = asyncio.run(play())
    assert made.failures == []
    for place, end in made.log.ends.items():
        heard = made.listener.offsets(place)
        assert set(heard) == set(range(end))
        # Offsets only ever follow on, or go back to something uncommitted: never forward over a record.
        assert all(later <= earlier + 1 for earlier, later in pairwise(heard))
