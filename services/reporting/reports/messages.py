"""What is said of agencies' reports, as messages for the outbox. Pure."""

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.reporting import ReportSubmitted
from contracts.topics import REPORTING
from services.reporting.reports.model import Report

SOURCE = "/services/reporting"


def report_submitted(report: Report, traceparent: str = "") -> Message:
    """A report was handed in; a later version of it is a later revision of the same fact."""
    subject = f"{report.agency}/{report.period}"
    data = ReportSubmitted(
        agency=report.agency,
        period=report.period,
        version=report.version,
        outcome=report.outcome,
        submitted_at=report.submitted_at,
        document=report.document,
    )
    value = new(
        id=f"{subject}/{report.version}",
        source=SOURCE,
        subject=subject,
        time=report.submitted_at,
        agency=report.agency,
        data=data,
        kind=KINDS["report.submitted"],
        revision=report.version,
        traceparent=traceparent,
    )
    return Message(REPORTING.name, key_of(subject), value)
