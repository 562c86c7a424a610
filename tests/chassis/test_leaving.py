"""Leaving what may not let go."""

import asyncio
import logging
import time

import pytest

from chassis.leaving import leave, left


async def well() -> None:
    await asyncio.sleep(0)


async def broken() -> None:
    raise ConnectionError


async def cancelled() -> None:
    raise asyncio.CancelledError


async def deaf() -> None:
    """Keeps a cancellation to itself, and goes on for a while."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(60)


async def test_what_ends_well_has_left() -> None:
    assert await left(well())


async def test_what_raises_lets_its_own_cancellation_out_or_keeps_ours_has_not_and_holds_nobody_up() -> None:
    began = time.monotonic()
    assert [await left(one, 0.01) for one in (broken(), cancelled(), deaf())] == [False, False, False]
    assert time.monotonic() - began < 5


async def test_one_that_cannot_leave_does_not_keep_others(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await leave(well(), broken(), well())
    assert "1 of 3 left without saying goodbye" in caplog.text
