"""What reporting shows of agencies' reports; part of it is frozen in a consolidation. Pure."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from contracts.kinds.reporting import Outcome
from services.reporting.reports.model import Mark, Report, ReportState


class MarkView(BaseModel):
    """A task of which nothing happened, or that is excused; with the number of the document that says so."""

    outcome: Literal["nil", "excused"]
    document: str | None = None


class NarrativeView(BaseModel):
    """What an agency says of a task in words; also whether it marks it as nil or excused."""

    task: str
    agency: str
    agency_name: str
    text: str
    mark: MarkView | None = None


class ProposalView(BaseModel):
    """What an agency asks for (đề xuất, kiến nghị)."""

    agency: str
    agency_name: str
    text: str


class EstimateView(BaseModel):
    """What an agency expects of an indicator (ước thực hiện), and the version of its report that says so."""

    indicator: str
    agency: str
    agency_name: str
    version: int
    submitted_at: datetime
    estimate: int


class EstimatesView(BaseModel):
    """Who expects what of an indicator; together it is the estimate that stands beside its figure."""

    period: str
    indicator: str
    title: str
    unit: str
    estimate: int
    estimates: list[EstimateView]


class DiscrepancyView(BaseModel):
    """An agency declared one figure, and its events make another: to be settled by either, never overwritten."""

    agency: str
    agency_name: str
    indicator: str
    title: str
    unit: str
    declared: int
    counted: int


class DiscrepanciesView(BaseModel):
    """What is to be settled in a period, by agency and in the plan's order."""

    period: str
    as_of: datetime | None = Field(default=None, description="The moment as of which it stood so, if not now")
    discrepancies: list[DiscrepancyView]


class ReportView(BaseModel):
    """A version of a report in short: the receipt of it, and a line of its history."""

    agency: str
    period: str
    version: int
    outcome: Outcome
    submitted_at: datetime
    on_time: bool = Field(description="By the first version that was handed in")
    document: str | None
    state: ReportState = "submitted"
    reviewed_at: datetime | None = None
    remarks: str | None = Field(default=None, description="What the consolidating agency said to it")
    after_signing: bool = Field(default=False, description="Handed in after the period was signed")


class AttachmentView(BaseModel):
    digest: str = Field(description="SHA-256 of the file, by which it is fetched")
    name: str
    media_type: str
    size: int = Field(description="Bytes")


class FullReportView(ReportView):
    """One version with all it says, and the history of the report, the newest version first."""

    summary: str | None
    words: dict[str, str] = Field(description="By task")
    marks: dict[str, MarkView] = Field(default={}, description="By task: nil, or excused")
    declared: dict[str, int] = Field(description="By indicator")
    estimates: dict[str, int] = Field(description="By indicator: ước thực hiện")
    proposals: list[str]
    attachments: list[AttachmentView]
    versions: list[ReportView]


def mark_view(mark: Mark) -> MarkView:
    """A mark as it is shown."""
    return MarkView(outcome=mark.outcome, document=mark.document)


def report_view(report: Report, punctual: bool, signed_at: datetime | None = None) -> ReportView:
    """A version in short; ``signed_at`` is when the period was signed."""
    review = report.review
    return ReportView(
        agency=report.agency,
        period=report.period,
        version=report.version,
        outcome=report.outcome,
        submitted_at=report.submitted_at,
        on_time=punctual,
        document=report.document,
        state=report.state,
        reviewed_at=review.at if review else None,
        remarks=review.remarks if review else None,
        after_signing=signed_at is not None and report.submitted_at > signed_at,
    )


def full_view(report: Report, short: ReportView, versions: list[ReportView]) -> FullReportView:
    """A version with all it says; ``short`` is the same in short."""
    contents = report.contents
    return FullReportView(
        **short.model_dump(),
        summary=contents.summary,
        words=dict(contents.words),
        marks={code: mark_view(mark) for code, mark in contents.marks.items()},
        declared=dict(contents.declared),
        estimates=dict(contents.estimates),
        proposals=list(contents.proposals),
        attachments=[AttachmentView(**vars(file)) for file in contents.attachments],
        versions=versions,
    )
