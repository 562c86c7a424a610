"""Reporting's own events, as messages for the outbox. Pure."""

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.reporting import PeriodConsolidated, PeriodSigned, ReportSubmitted
from contracts.topics import REPORTING
from services.reporting.model import Report
from services.reporting.views import ConsolidationView, SignatureView

SOURCE = "/services/reporting"


def report_submitted(report: Report) -> Message:
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
    )
    return Message(REPORTING.name, key_of(subject), value)


def period_consolidated(frozen: ConsolidationView) -> Message:
    """A period's figures were frozen; again means a later revision."""
    data = PeriodConsolidated(
        period=frozen.period, by=frozen.by, consolidated_at=frozen.consolidated_at, digest=frozen.digest
    )
    value = new(
        id=f"{frozen.period}/{frozen.version}",
        source=SOURCE,
        subject=frozen.period,
        time=frozen.consolidated_at,
        agency=frozen.by,
        data=data,
        kind=KINDS["period.consolidated"],
        revision=frozen.version,
    )
    return Message(REPORTING.name, key_of(frozen.period), value)


def period_signed(frozen: ConsolidationView, signature: SignatureView) -> Message:
    """The consolidation was signed: its figures stand."""
    data = PeriodSigned(
        period=frozen.period,
        version=frozen.version,
        by=signature.by,
        signed_at=signature.signed_at,
        document=signature.document,
        basis=signature.basis,
        digest=frozen.digest,
    )
    value = new(
        id=f"{frozen.period}/signed",
        source=SOURCE,
        subject=frozen.period,
        time=signature.signed_at,
        agency=signature.by,
        data=data,
        kind=KINDS["period.signed"],
    )
    return Message(REPORTING.name, key_of(frozen.period), value)
