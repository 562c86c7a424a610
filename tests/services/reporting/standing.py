"""Reporting's dependencies in memory, for tests of the fold and the routes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import cast

from catalogue.model import Plan
from chassis.broker import Bus
from chassis.clock import Clock, ManualClock
from chassis.deadletters import DeadLetters
from chassis.listening import Place, Record, Span
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Message, Store
from contracts.envelope import read
from services.reporting.deps import Deps
from services.reporting.fold import Counting, entry_of
from services.reporting.reports.files import FileLimits
from services.reporting.store import OUTBOXES

JULY = datetime(2021, 7, 1, 3, tzinfo=UTC)


class Log:
    """What stands where the broker would: a log that holds every offset up to its end, and takes what is published."""

    def __init__(self, end: int) -> None:
        self._end = end

    async def span(self, place: Place) -> Span:
        return Span(0, self._end)

    async def replay(self, records: Sequence[Record]) -> None:
        return None

    async def publish(self, messages: Sequence[Message]) -> None:
        return None


@cache
def counting_of(plan: Plan) -> Counting:
    """What the plan counts: the same for as long as the plan is."""
    return Counting(plan)


def deps_on(plan: Plan, store: Store, clock: Clock | None = None, *, log_end: int = 1_000_000) -> Deps:
    """Dependencies on a given store, with time standing still on 1 July 2021 unless a clock is given."""
    metrics, bus = Metrics("reporting"), cast(Bus, Log(log_end))
    clock, counting = clock or ManualClock(JULY), counting_of(plan)
    return Deps(
        plan=plan,
        counting=counting,
        clock=clock,
        store=store,
        bus=bus,
        relay=Relay(store, OUTBOXES, bus.publish, metrics),
        dead_letters=DeadLetters(
            store, metrics, clock, judge=lambda record: entry_of(read(record.value), counting), publish=bus.replay
        ),
        metrics=metrics,
        files=FileLimits(number=2, bytes=1_000),
    )
