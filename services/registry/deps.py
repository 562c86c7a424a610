"""Everything registry takes from outside."""

from dataclasses import dataclass

from catalogue.model import Plan
from chassis.clock import Clock
from chassis.keys import Keys
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Store
from chassis.totals import ControlTotals
from chassis.workbook.package import Limits


@dataclass(frozen=True)
class Deps:
    """One object, made once in `wiring`, handed to handlers and routes."""

    plan: Plan
    clock: Clock
    store: Store
    relay: Relay
    metrics: Metrics
    keys: Keys
    totals: ControlTotals
    workbook_limits: Limits
    max_events: int
