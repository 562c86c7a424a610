"""What reporting shows of agencies' reports; part of it is frozen in a consolidation. Pure."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from contracts.kinds.reporting import Outcome
from services.reporting.reports.model import Report

ReportState = Literal["submitted", "returned", "accepted"]


class NarrativeView(BaseModel):
    """An agency's own words on a task."""

    task: str
    agency: str
    agency_name: str
    text: str


class ProposalView(BaseModel):
    """What an agency asks for (đề xuất, kiến nghị)."""

    agency: str
    agency_name: str
    text: str


class DiscrepancyView(BaseModel):
    """An agency declared one figure, and its events make another: to be settled by either, never overwritten."""

    agency: str
    agency_name: str
    indicator: str
    title: str
    unit: str
    declared: int
    counted: int


class ReportView(BaseModel):
    agency: str
    period: str
    version: int
    outcome: Outcome
    submitted_at: datetime
    on_time: bool
    document: str | None


def report_view(report: Report, punctual: bool) -> ReportView:
    """The receipt of a report."""
    return ReportView(
        agency=report.agency,
        period=report.period,
        version=report.version,
        outcome=report.outcome,
        submitted_at=report.submitted_at,
        on_time=punctual,
        document=report.document,
    )
