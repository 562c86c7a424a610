"""Everything support takes from outside."""

from dataclasses import dataclass

from catalogue.model import Plan
from chassis.clock import Clock
from chassis.deadletters import DeadLetters
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Store
from chassis.totals import ControlTotals
from services.support.ids import BatchIds
from services.support.model import Known, Unsaid
from services.support.settings import Settings


@dataclass(frozen=True)
class Deps:
    """One object, made once in `wiring`, handed to handlers and routes."""

    plan: Plan
    clock: Clock
    store: Store
    relay: Relay
    dead_letters: DeadLetters[Known | Unsaid | None]
    metrics: Metrics
    totals: ControlTotals
    settings: Settings
    batch_ids: BatchIds
