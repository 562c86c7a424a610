"""Which reports are in, as a fold of what reporting says. Pure."""

from collections.abc import Iterable

from contracts.envelope import Event, Malformed
from contracts.kinds.reporting import ReportReturned, ReportSubmitted
from services.notify.model import Reports, Returned, Said, report_id

SUBMITTED, RETURNED = "report.submitted", "report.returned"


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
