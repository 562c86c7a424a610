"""What is said of agencies' reports, as messages for the outbox. Pure."""

from datetime import datetime

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.reporting import ReportAccepted, ReportReturned, ReportSubmitted
from contracts.shapes import Shape
from contracts.topics import REPORTING
from services.reporting.reports.model import Report, Review

SOURCE = "/services/reporting"


def report_submitted(report: Report, traceparent: str = "") -> Message:
    """A report was handed in; a later version of it is a later revision of the same fact."""
    data = ReportSubmitted(
        agency=report.agency,
        period=report.period,
        version=report.version,
        outcome=report.outcome,
        submitted_at=report.submitted_at,
        document=report.document,
        tasks_nil=_marked(report, "nil"),
        tasks_excused=_marked(report, "excused"),
    )
    return _message(report, "report.submitted", report.submitted_at, report.agency, data, traceparent)


def report_reviewed(report: Report, review: Review, traceparent: str = "") -> Message:
    """A version of a report was returned, or accepted."""
    if review.state == "returned":
        returned = ReportReturned(
            agency=report.agency,
            period=report.period,
            version=report.version,
            by=review.by,
            returned_at=review.at,
            remarks=review.remarks or "",
        )
        return _message(report, "report.returned", review.at, review.by, returned, traceparent)
    accepted = ReportAccepted(
        agency=report.agency,
        period=report.period,
        version=report.version,
        by=review.by,
        accepted_at=review.at,
        remarks=review.remarks,
    )
    return _message(report, "report.accepted", review.at, review.by, accepted, traceparent)


def _marked(report: Report, outcome: str) -> tuple[str, ...]:
    return tuple(code for code, mark in report.contents.marks.items() if mark.outcome == outcome)


def _message(report: Report, kind: str, time: datetime, agency: str, data: Shape, traceparent: str) -> Message:
    subject = f"{report.agency}/{report.period}"
    value = new(
        id=f"{subject}/{report.version}" + ("" if kind == "report.submitted" else f"/{kind.partition('.')[2]}"),
        source=SOURCE,
        subject=subject,
        time=time,
        agency=agency,
        data=data,
        kind=KINDS[kind],
        revision=report.version,
        traceparent=traceparent,
    )
    return Message(REPORTING.name, key_of(subject), value)
