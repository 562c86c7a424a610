"""Reporting's own events, as messages for the outbox. Pure."""

from collections.abc import Collection

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.reporting import FigureRestated, PeriodConsolidated, PeriodSigned
from contracts.topics import REPORTING
from services.reporting.proof_views import NoteFigureView, NoteView
from services.reporting.views import ConsolidationView, SignatureView
from services.reporting.words import UNSAID_REASONS

SOURCE = "/services/reporting"
_LONGEST_REASON = 500


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


def figure_restated(
    frozen: ConsolidationView, note: NoteView, figure: NoteFigureView, counted: Collection[str]
) -> Message:
    """Later events changed a signed figure, which is made of what is ``counted``; each further note is a later
    revision. A note says those of its figures that it moves."""
    subject = f"{frozen.period}/{figure.indicator}"
    mine = [change for change in note.changes if any(one.indicator in counted for one in change.effects)]
    reasons = dict.fromkeys(change.reason or UNSAID_REASONS[change.sort] for change in mine)
    data = FigureRestated(
        period=frozen.period,
        indicator=figure.indicator,
        sequence=note.number,
        signed=figure.signed,
        before=figure.before,
        after=figure.after,
        events=len(mine),
        agencies=tuple(sorted({change.agency for change in mine})),
        restated_at=note.told_at,
        reason="; ".join(reasons)[:_LONGEST_REASON] or None,
        figures=sum(one.before != one.after for one in note.figures),
        document=frozen.signature.document if frozen.signature else None,
    )
    value = new(
        id=f"{subject}/{note.number}",
        source=SOURCE,
        subject=subject,
        time=note.told_at,
        agency=frozen.by,
        data=data,
        kind=KINDS["figure.restated"],
        revision=note.number,
    )
    return Message(REPORTING.name, key_of(subject), value)
