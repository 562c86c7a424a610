"""Everything reporting takes from outside."""

from dataclasses import dataclass, field

from catalogue.model import Plan
from chassis.broker import Bus
from chassis.clock import Clock
from chassis.deadletters import DeadLetters
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Store
from services.reporting.fold import Counting
from services.reporting.model import Entry
from services.reporting.register.papers import Papers
from services.reporting.reports.files import FileLimits


@dataclass(frozen=True)
class Deps:
    """One object, made once in `wiring`, handed to handlers and routes."""

    plan: Plan
    counting: Counting
    clock: Clock
    store: Store
    bus: Bus
    relay: Relay
    dead_letters: DeadLetters[Entry]
    metrics: Metrics
    files: FileLimits
    address: str = ""
    """Where people reach this service, for links from documents; none where it is empty."""
    papers: Papers = field(init=False, default_factory=Papers)
    """Of this store: whoever takes another one starts with nothing remembered."""
