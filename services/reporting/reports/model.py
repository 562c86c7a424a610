"""The nouns of agencies' reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from contracts.kinds.reporting import Outcome

ReportState = Literal["submitted", "returned", "accepted"]


@dataclass(frozen=True)
class Attachment:
    """A file that an agency sent along: known by the SHA-256 of its bytes, ``size`` in bytes."""

    digest: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Mark:
    """What an agency says of one task in short: nothing happened, or it is excused, by the document of that number."""

    outcome: Literal["nil", "excused"]
    document: str | None = None


@dataclass(frozen=True)
class Contents:
    """What an agency says in a report beside its outcome.

    ``words`` and ``marks`` by task; ``declared`` and ``estimates`` (ước thực hiện) by indicator; ``proposals`` are what
    it asks for.
    """

    summary: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, int] = field(default_factory=dict)
    estimates: Mapping[str, int] = field(default_factory=dict)
    proposals: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """What the consolidating agency made of a version of a report."""

    state: Literal["returned", "accepted"]
    by: str
    at: datetime
    remarks: str | None


@dataclass(frozen=True)
class Report:
    """One version of an agency's report for a period; ``told`` is since when it has said something of each task."""

    agency: str
    period: str
    version: int
    outcome: Outcome
    submitted_at: datetime
    first_submitted_at: datetime
    document: str | None
    contents: Contents = field(default_factory=Contents)
    review: Review | None = None
    told: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def state(self) -> ReportState:
        return self.review.state if self.review else "submitted"

    @property
    def stands(self) -> bool:
        """Whether it meets its duty: a version that was returned is owed again until another is handed in."""
        return self.state != "returned"
