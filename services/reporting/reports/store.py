"""How agencies' reports are kept: one versioned document each, with its events in its outbox."""

from dataclasses import asdict, fields
from typing import Any

from chassis import logs
from chassis.store import Store
from services.reporting.reports.messages import report_submitted
from services.reporting.reports.model import Report


async def reports_of(store: Store, period: str) -> dict[str, Report]:
    """The newest report of each agency for a period, in one read."""
    documents = await store.find("reports", {"period": period})
    return {report.agency: report for report in (_report(document.body) for document in documents)}


async def report_of(store: Store, agency: str, period: str) -> Report | None:
    document = await store.get("reports", f"{agency}/{period}")
    return _report(document.body) if document else None


async def put_report(store: Store, report: Report) -> None:
    """Keep the report, with its event in the outbox, in one write; earlier versions stay in ``earlier``.

    Raises:
        Stale: another version was handed in meanwhile.
    """
    id = f"{report.agency}/{report.period}"
    stored = await store.get("reports", id)
    earlier = [*stored.body["earlier"], {**stored.body, "earlier": None}] if stored else []
    body = {**asdict(report), "earlier": earlier}
    said = report_submitted(report, logs.traceparent.get())
    await store.put("reports", id, body, expected=report.version - 1, messages=[said])


def _report(body: dict[str, Any]) -> Report:
    return Report(**{field.name: body[field.name] for field in fields(Report)})
