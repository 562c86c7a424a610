"""Which reports are in, as a fold of what reporting says. Pure."""

from collections.abc import Iterable

from contracts.envelope import Event, Malformed
from contracts.kinds.reporting import ReportSubmitted
from services.notify.model import Reports, Said, report_id

KIND = "report.submitted"


def said_of(event: Event) -> Said | None:
    """What the event says about a report; None where it is about something else.

    Raises:
        Malformed: its subject is not the agency and period of its data.
    """
    if event.kind.name != KIND:
        return None
    envelope = event.envelope
    agency, slash, period = envelope.subject.partition("/")
    if not (agency and slash and period):
        raise Malformed("/subject", "chủ thể phải có dạng `CƠ QUAN/KỲ`")
    if isinstance(event.data, ReportSubmitted) and (event.data.agency, event.data.period) != (agency, period):
        raise Malformed("/subject", "chủ thể không khớp cơ quan và kỳ trong nội dung")
    return Said(agency=agency, period=period, revision=envelope.revision, handed_in=not event.retracted)


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
