"""Which reports are in, and which signed figures are restated, as a fold of what reporting says. Pure."""

from collections.abc import Iterable

from contracts.envelope import Event, Malformed
from contracts.kinds.reporting import FigureRestated, ReportReturned, ReportSubmitted
from services.notify.model import Reports, Restated, Returned, Said, report_id

SUBMITTED, RETURNED = "report.submitted", "report.returned"
Heard = Said | Restated


def heard_of(event: Event) -> Heard | None:
    """What the event says that notify minds; None where it says nothing of the kind.

    Raises:
        Malformed: its subject is not what its data is about.
    """
    return restated_of(event) if isinstance(event.data, FigureRestated) else said_of(event)


def restated_of(event: Event) -> Restated:
    """What the event says of a signed figure.

    Raises:
        Malformed: its subject is not the period and indicator of its data.
    """
    data = event.data
    assert isinstance(data, FigureRestated)
    if event.envelope.subject != f"{data.period}/{data.indicator}":
        raise Malformed("/subject", "chủ thể không khớp kỳ và chỉ tiêu trong nội dung")
    return Restated(
        period=data.period,
        indicator=data.indicator,
        sequence=data.sequence,
        figures=data.figures or 0,
        signed=data.signed,
        before=data.before,
        after=data.after,
        events=data.events,
        agencies=data.agencies,
        at=data.restated_at,
        reason=data.reason or "",
        by=event.envelope.agency,
        document=data.document or "",
    )


def said_of(event: Event) -> Said | None:
    """What the event says about a report; None where it is about something else.

    Raises:
        Malformed: its subject is not the agency and period of its data.
    """
    if event.kind.name not in (SUBMITTED, RETURNED):
        return None
    envelope, data = event.envelope, event.data
    agency, slash, period = envelope.subject.partition("/")
    if not (agency and slash and period):
        raise Malformed("/subject", "chủ thể phải có dạng `CƠ QUAN/KỲ`")
    if isinstance(data, ReportSubmitted | ReportReturned) and (data.agency, data.period) != (agency, period):
        raise Malformed("/subject", "chủ thể không khớp cơ quan và kỳ trong nội dung")
    sent_back = event.kind.name == RETURNED
    returned = None
    if isinstance(data, ReportReturned):
        returned = Returned(version=data.version, at=data.returned_at, remarks=data.remarks)
    return Said(
        agency=agency,
        period=period,
        revision=2 * envelope.revision + sent_back,
        handed_in=sent_back == event.retracted,
        returned=returned,
    )


def news(known: Reports, heard: Iterable[Said]) -> dict[str, Said]:
    """What was heard that is newer than what is known: the highest revision of each report holds."""
    newest: dict[str, Said] = {}
    for said in heard:
        before = newest.get(said.id) or known.get(said.id)
        if before is None or said.revision > before.revision:
            newest[said.id] = said
    return newest


def is_in(reports: Reports, agency: str, period: str) -> bool:
    """Whether the agency's report for the period has been handed in, with whatever outcome."""
    said = reports.get(report_id(agency, period))
    return said is not None and said.handed_in
