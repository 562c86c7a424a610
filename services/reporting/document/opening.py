"""Where a number of a document opens: to the events that make it, or to who declared it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from catalogue.windows import Period
from services.reporting.comparing import earlier
from services.reporting.summary_views import FigureView
from services.reporting.views import ConsolidationView, RestatementNoteView

_DATA = {"figure": "provenance", "estimates": "estimates", "restatements": "restatements"}


@dataclass(frozen=True)
class Behind:
    """What is behind a number: a page of reporting, of a period, with the query that names it."""

    page: Literal["figure", "estimates", "report", "restatements"]
    period: str
    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """Of the page, on reporting."""
        return f"/periods/{self.period}/{self.page}?{urlencode(self.query)}"

    @property
    def data(self) -> str:
        """Of the same for programs; of a report, what it says as it was known then."""
        if self.page == "report":
            rest = {name: value for name, value in self.query.items() if name != "agency"}
            return f"/v1/reports/{self.query['agency']}/{self.period}?{urlencode(rest)}"
        return f"/v1/periods/{self.period}/{_DATA[self.page]}?{urlencode(self.query)}"


Opened = Callable[[Behind], str | None]
"""The address of what is behind a number, or nothing where documents have no links."""


def closed(_: Behind) -> None:
    """No links."""


def opening(base: str) -> Opened:
    """Links below the address at which people reach reporting."""
    return (lambda behind: base.rstrip("/") + behind.address) if base else closed


def events(frozen: ConsolidationView, indicator: str, period: str = "", **part: str) -> Behind:
    """The events of an indicator that were known when it was frozen; of another period than the consolidation's, if
    asked."""
    beside = {"beside": frozen.period} if period not in ("", frozen.period) else {}
    query = {"indicator": indicator, "calendar": "administrative", "version": str(frozen.version), **beside, **part}
    return Behind("figure", period or frozen.period, query)


def of_figure(frozen: ConsolidationView, figure: FigureView) -> dict[str, Behind]:
    """What is behind each number that stands with a figure, by its name in the figure."""
    code = figure.code
    query = {"indicator": code, "version": str(frozen.version)}
    found = {"value": events(frozen, code), "estimate": Behind("estimates", frozen.period, query)}
    found |= {one.field: events(frozen, code, one.period.code) for one in earlier(Period.parse(frozen.period))}
    return found | ({"so_far": events(frozen, code, so_far="true")} if figure.target else {})


def of_note(frozen: ConsolidationView, note: RestatementNoteView) -> dict[str, Behind]:
    """What is behind a figure that was signed and has changed since: both numbers, and what moved one to the other."""
    signed = {"indicator": note.indicator, "calendar": "administrative", "signed": "true"}
    return {
        "signed": Behind("figure", note.period, signed),
        "now": events(frozen, note.indicator, note.period),
        "moved": Behind("restatements", note.period, {"indicator": note.indicator}),
    }


def of_discrepancy(frozen: ConsolidationView, agency: str, indicator: str) -> dict[str, Behind]:
    """What is behind a declared figure, as its report was known then, and behind what events made of it."""
    known = {"agency": agency, "as_of": frozen.consolidated_at.isoformat()}
    return {
        "declared": Behind("report", frozen.period, known),
        "counted": events(frozen, indicator, agency=agency, map="answering"),
    }
