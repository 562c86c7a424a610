"""Health: the answer of a check that is well, is not, raises, or hangs."""

import asyncio

from chassis.health import Health, Pulse, Verdict, answers


async def test_one_failed_check_is_enough() -> None:
    health = Health()
    health.live_if("a", lambda: Verdict(True))
    assert (await health.live()).well
    health.live_if("b", lambda: Verdict(False, "stuck"))
    report = await health.live()
    assert not report.well
    assert report.body()["checks"]["b"] == {"well": False, "says": "stuck"}


async def test_alive_and_ready_are_two_questions() -> None:
    health = Health()
    health.ready_if("store", lambda: Verdict(False))
    assert (await health.live()).well
    assert not (await health.ready()).well


async def test_a_check_that_raises_has_failed_and_tells_no_internals() -> None:
    async def ping() -> None:
        raise ConnectionError("mongodb://u:p@host")

    health = Health()
    health.ready_if("store", answers(ping))
    assert (await health.ready()).checks["store"] == Verdict(False, "ConnectionError")


async def test_a_check_that_hangs_has_failed() -> None:
    async def ping() -> None:
        await asyncio.Event().wait()

    health = Health(within=0.01)
    health.ready_if("store", answers(ping))
    assert not (await health.ready()).well


async def test_a_ping_that_answers_is_well() -> None:
    async def ping() -> int:
        return 1

    health = Health()
    health.ready_if("store", answers(ping))
    assert (await health.ready()).well


def test_a_loop_is_alive_while_it_goes_round() -> None:
    now = 0.0
    pulse = Pulse(lambda: now)
    check = pulse.within(10)
    now = 10.0
    assert check() == Verdict(True, "last round 10.0 s ago")
    now = 10.1
    assert check() == Verdict(False, "last round 10.1 s ago")
    pulse.beat()
    assert check() == Verdict(True, "last round 0.0 s ago")
