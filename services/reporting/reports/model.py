"""The nouns of agencies' reports."""

from dataclasses import dataclass
from datetime import datetime

from contracts.kinds.reporting import Outcome


@dataclass(frozen=True)
class Report:
    """An agency's report for a period, in its newest version."""

    agency: str
    period: str
    version: int
    outcome: Outcome
    submitted_at: datetime
    first_submitted_at: datetime
    document: str | None
    summary: str | None
