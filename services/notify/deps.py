"""Everything notify takes from outside."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model import Plan
from chassis.clock import Clock
from chassis.deadletters import DeadLetters
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Store
from services.notify.fold import Heard
from services.notify.letters import Letterhead
from services.notify.model import Rules
from services.notify.post import Post


@dataclass(frozen=True)
class Deps:
    """One object, made once in `wiring`, handed to handlers, the look and routes."""

    plan: Plan
    rules: Rules
    head: Letterhead
    contacts: Mapping[str, str]
    clock: Clock
    store: Store
    relay: Relay
    post: Post
    dead_letters: DeadLetters[Heard | None]
    metrics: Metrics
