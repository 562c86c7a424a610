"""Reporting's own events, as messages for the outbox. Pure."""

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.reporting import PeriodConsolidated, PeriodSigned
from contracts.topics import REPORTING
from services.reporting.views import ConsolidationView, SignatureView

SOURCE = "/services/reporting"


def period_consolidated(frozen: ConsolidationView, traceparent: str = "") -> Message:
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
        traceparent=traceparent,
    )
    return Message(REPORTING.name, key_of(frozen.period), value)


def period_signed(frozen: ConsolidationView, signature: SignatureView, traceparent: str = "") -> Message:
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
        traceparent=traceparent,
    )
    return Message(REPORTING.name, key_of(frozen.period), value)
