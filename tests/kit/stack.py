"""The embedded stack as a fixture, and the clock file that its services can live by.

A module of journeys takes it by ``from tests.kit.stack import stack``, or defines its own from `running`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import write_clock_file
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack


@contextmanager
def running(*services: str, **options: Any) -> Iterator[Stack]:
    """A stack of some services, or of all; options are those of `Stack`."""
    with Stack(services=services or SERVICES, **options) as stack:
        yield stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """All services on the machine's clock, for the tests of one module."""
    with running() as stack:
        yield stack


class StoppedClock:
    """A clock file whose clock stands still until it is set."""

    def __init__(self, file: Path, instant: datetime) -> None:
        self.file = file
        self.set(instant)

    def set(self, instant: datetime) -> None:
        write_clock_file(self.file, anchor=instant, speed=0, until=None)
