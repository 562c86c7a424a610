"""Clocks: standing still, and scaled through a file."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.clock import ManualClock, ScaledClock, SystemClock, clock_of, write_clock_file

START = datetime(2021, 3, 14, 17, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(START)
    assert clock.now() == START
    clock.advance(timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=1)
    clock.set(START)
    assert clock.now() == START


def test_a_scaled_clock_runs_from_its_anchor_at_its_speed(file: Path) -> None:
    write_clock_file(file, anchor=START, speed=86_400, until=None)
    written, clock = time.monotonic(), ScaledClock(file)
    first = clock.now()
    while clock.now() < START + timedelta(hours=1):
        assert time.monotonic() - written < 5
    assert START <= first < clock.now()


def test_a_scaled_clock_holds_where_it_is_told_to(file: Path) -> None:
    until = START + timedelta(seconds=5)
    write_clock_file(file, anchor=START, speed=1e9, until=until)
    clock = ScaledClock(file)
    while clock.now() < until:
        pass
    assert clock.now() == until


def test_a_scaled_clock_follows_its_file(file: Path) -> None:
    write_clock_file(file, anchor=START, speed=0, until=None)
    clock = ScaledClock(file)
    assert clock.now() == START
    write_clock_file(file, anchor=START + timedelta(days=3), speed=0, until=None)
    assert clock.now() == START + timedelta(days=3)


async def test_sleeping_never_takes_more_than_about_a_second_of_real_time(file: Path) -> None:
    write_clock_file(file, anchor=START, speed=86_400, until=None)
    began = time.monotonic()
    await ScaledClock(file).sleep(timedelta(hours=1))
    await ScaledClock(file).sleep(timedelta(0))
    await ManualClock(START).sleep(timedelta(days=1))
    await SystemClock().sleep(timedelta(milliseconds=1))
    assert time.monotonic() - began < 2


def test_without_a_file_the_clock_is_the_machines(file: Path) -> None:
    assert isinstance(clock_of(None), SystemClock)
    assert clock_of(None).now().tzinfo is UTC
    write_clock_file(file, anchor=START, speed=0, until=None)
    assert clock_of(file).now() == START
