"""The nouns of agencies' reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    """One version of an agency's report for a period.

    ``review`` is the newest one; ``earlier_reviews`` are those before it, as when an accepted version was returned.
    ``told`` is since when it has said something of each task.
    """

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
    earlier_reviews: tuple[Review, ...] = ()

    @property
    def state(self) -> ReportState:
        return self.review.state if self.review else "submitted"

    @property
    def stands(self) -> bool:
        """Whether it meets its duty: a version that was returned is owed again until another is handed in."""
        return self.state != "returned"

    def reviewed(self, review: Review) -> "Report":
        """The version with one more review."""
        return replace(self, review=review, earlier_reviews=self._reviews)

    def at(self, moment: datetime) -> "Report | None":
        """The version as it was known at a moment, with the reviews it had by then; None before it was handed in."""
        if self.submitted_at > moment:
            return None
        known = tuple(review for review in self._reviews if review.at <= moment)
        return replace(self, review=known[-1] if known else None, earlier_reviews=known[:-1])

    @property
    def _reviews(self) -> tuple[Review, ...]:
        return (*self.earlier_reviews, self.review) if self.review else ()
