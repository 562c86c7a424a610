"""How agencies' reports are kept.

``reports``       the newest version of each, with its events in its outbox.
``old_reports``   what a newer version has replaced: written before it is, so that nothing is ever lost. A crash between
                  the two leaves a copy of what is still the newest, which readers pass by.
``attachments``   files by agency and SHA-256, written before the report that carries them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chassis import logs
from chassis.store import Store
from services.reporting.reports.messages import report_reviewed, report_submitted
from services.reporting.reports.model import Attachment, Contents, Report, Review

COLLECTIONS = {"reports": ("period",), "old_reports": ("report", "period"), "attachments": ()}
OUTBOXES = ("reports",)


@dataclass(frozen=True)
class Kept:
    """A report, and how often its document was written."""

    report: Report
    writes: int


async def reports_of(store: Store, period: str, moment: datetime | None = None) -> dict[str, Report]:
    """The newest report of each agency for a period, now in one read, or as it was known at a moment in two."""
    return (await reports_in(store, [period], moment))[period]


async def reports_in(
    store: Store, periods: Sequence[str], moment: datetime | None = None
) -> dict[str, dict[str, Report]]:
    """The same for each of some periods, in as many reads."""
    where = {"period": {"$in": list(periods)}}
    newest = await store.find("reports", where)
    old = [] if moment is None else await store.find("old_reports", where)  # read later: nothing slips between the two
    found: dict[str, dict[str, Report]] = {period: {} for period in periods}
    for report in sorted((_report(document.body) for document in (*old, *newest)), key=lambda one: one.version):
        known = report if moment is None else report.at(moment)
        if known is not None:
            found[known.period][known.agency] = known
    return found


async def report_of(store: Store, agency: str, period: str) -> Kept | None:
    """The newest version of a report."""
    document = await store.get("reports", f"{agency}/{period}")
    return Kept(_report(document.body), document.version) if document else None


async def versions_of(store: Store, newest: Report) -> list[Report]:
    """Every version of a report, the newest first. One read."""
    documents = await store.find("old_reports", {"report": f"{newest.agency}/{newest.period}"})
    old = [report for document in documents if (report := _report(document.body)).version < newest.version]
    return [newest, *sorted(old, key=lambda report: -report.version)]


async def put_report(store: Store, report: Report, replaced: Kept | None) -> None:
    """Keep a new version, with its event in the outbox; what it replaces stays.

    Raises:
        Stale: another version was handed in, or this one reviewed, meanwhile.
    """
    id = f"{report.agency}/{report.period}"
    if replaced:
        old = {**_body(replaced.report), "report": id}
        await store.keep_newest("old_reports", [(f"{id}/{replaced.report.version:04d}", replaced.writes, old)])
    expected = replaced.writes if replaced else 0
    said = report_submitted(report, logs.traceparent.get())
    await store.put("reports", id, _body(report), expected=expected, messages=[said])


async def put_review(store: Store, report: Report, review: Review, writes: int) -> None:
    """Keep that a version was returned or accepted, with its event in the outbox, in one write.

    Raises:
        Stale: another version was handed in, or this one reviewed, meanwhile.
    """
    id = f"{report.agency}/{report.period}"
    said = report_reviewed(report, review, logs.traceparent.get())
    await store.put("reports", id, _body(report), expected=writes, messages=[said])


async def put_file(store: Store, agency: str, attachment: Attachment, content: bytes) -> None:
    """Keep the bytes of a file; the same again changes nothing."""
    await store.keep_newest("attachments", [(f"{agency}/{attachment.digest}", 1, {"content": content})])


async def file_of(store: Store, agency: str, digest: str) -> bytes | None:
    """The bytes of a file that the agency sent."""
    document = await store.get("attachments", f"{agency}/{digest}")
    return bytes(document.body["content"]) if document else None


def _body(report: Report) -> dict[str, Any]:
    body = dict(vars(report))
    body["contents"] = msgspec.json.encode(report.contents).decode()  # task codes have dots, which field names may not
    body["told"] = msgspec.json.encode(report.told).decode()
    body["review"] = msgspec.json.encode(report.review).decode() if report.review else None
    body["earlier_reviews"] = msgspec.json.encode(report.earlier_reviews).decode()
    return body


def _report(body: dict[str, Any]) -> Report:
    more: dict[str, Any] = {
        "contents": msgspec.json.decode(body["contents"], type=Contents),
        "review": msgspec.json.decode(body["review"], type=Review) if body["review"] else None,
        "told": msgspec.json.decode(body.get("told", "{}"), type=dict[str, datetime]),
        "earlier_reviews": msgspec.json.decode(body.get("earlier_reviews", "[]"), type=tuple[Review, ...]),
    }
    names = ("agency", "period", "version", "outcome", "submitted_at", "first_submitted_at", "document")
    return Report(**{name: body[name] for name in names}, **more)
