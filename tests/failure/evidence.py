"""What was seen from the outside: what agencies were told while the run lasted, and what stands at its end. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.failure.traffic import Event

KEPT = frozenset({"accepted", "held", "duplicate"})
"""Outcomes that promise: it counts, once."""

PERHAPS = "perhaps sent"
"""The state of a reminder of which notify says that its letter may have gone, since whoever sent it was killed."""


def identity(agency: str, event: Event) -> str:
    """What makes an event the same when it is sent again: each system has one source."""
    return f"{agency} {event['id']}"


@dataclass(frozen=True)
class Promise:
    """A report that reporting said it has: whose, for which period, which version, under which document number."""

    agency: str
    period: str
    version: int
    document: str


@dataclass
class Evidence:
    """Written down while the run lasts."""

    said: dict[str, tuple[str, Event]] = field(default_factory=dict)
    """Every event that was sent, with its agency, by identity."""
    receipts: defaultdict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    """By identity and by the place it was sent at (an offset of the intake topic, a turn over HTTP): the outcomes."""
    registered: list[str] = field(default_factory=list)
    """Cooperatives that registry said it has entered."""
    reports: list[Promise] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    """Answers that nobody should ever get."""

    def sent(self, agency: str, event: Event) -> None:
        self.said[identity(agency, event)] = (agency, event)

    def told(self, who: str, place: str, outcome: str) -> None:
        """A receipt for an event sent at a place; another one for the same place is kept beside it."""
        self.receipts[who].setdefault(place, set()).add(outcome)

    def outcomes(self) -> Counter[str]:
        """How many receipts of each kind there were."""
        return Counter(one for places in self.receipts.values() for told in places.values() for one in told)

    def kept(self) -> set[str]:
        """Identities of which at least one receipt promised that they count."""
        return {who for who, places in self.receipts.items() if any(told & KEPT for told in places.values())}


@dataclass(frozen=True)
class Standing:
    """What stands at the end, read through the system's own answers and off the log by a client of its own."""

    published: Counter[str]
    """Records of the support topic by identity."""
    registered: Counter[str]
    """Records of the registry topic by cooperative."""
    ledger: Mapping[str, int]
    figures: Mapping[str, Mapping[str, int]]
    """By period and indicator."""
    signed: Mapping[str, int]
    """The signed values that the first quarter's summary shows."""
    signed_before: Mapping[str, int]
    consolidation: Mapping[str, Any]
    consolidation_before: Mapping[str, Any]
    reports: Mapping[tuple[str, str], Mapping[int, str | None]]
    """Document number by agency and period, and by version."""
    reminders: Mapping[str, str]
    """State by name: every reminder that notify tells of."""
    letters: Counter[str]
    """Letters in the inboxes by Message-ID's left part."""
    owing: frozenset[str]
    """Names of the overdue reminders of duties that nobody has met."""
    outboxes: Mapping[str, int] = field(default_factory=dict)
    """Messages that a service has still to say."""
