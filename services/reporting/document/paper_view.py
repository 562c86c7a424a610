"""A consolidated report for programs: what stands around the words, and what was frozen. Pure."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, Field

from services.reporting.document.heading import Addressee, Heading, Sender
from services.reporting.document.opening import Behind, of_discrepancy, of_figure, of_note
from services.reporting.summary_views import FigureView
from services.reporting.views import ConsolidationView

_DECREE_DAY = 25


class AddresseeView(BaseModel):
    code: str
    name: str
    certain: bool = Field(description="Whether a source says that this is the agency of the day")


class HeadingView(BaseModel):
    """Who issues the document, to whom, under which symbol, on which day, as decree 30/2020/NĐ-CP wants it."""

    sender: Sender
    agency: str
    issuer: str
    symbol: str
    number: int | None
    place: str
    issued_on: date
    subject: str
    addressees: list[AddresseeView]
    recipients: list[str]
    authority: list[str]
    signer: str | None
    certain: bool = Field(description="Whether symbol, signing block and recipients are sourced, or to be confirmed")
    decree_last_day: date = Field(
        description="The day by which decree 09/2019/NĐ-CP, article 13, wants a province's report unless otherwise "
        "provided; for information, the plan has its own dates"
    )


class PaperView(BaseModel):
    """The same as the Word document and the workbook, from the same figures. ``sources`` has by indicator and by the
    name of a number in its figure the path on reporting of what is behind it: events, or who declared an estimate.
    Restatements and discrepancies have theirs in lists as long, in the same order."""

    heading: HeadingView
    consolidation: ConsolidationView
    sources: dict[str, dict[str, str]]
    restatement_sources: list[dict[str, str]] = Field(
        description="Of `signed` and `now` of each restatement; `moved` is all that has changed its period by now"
    )
    discrepancy_sources: list[dict[str, str]] = Field(description="Of `declared` and `counted` of each discrepancy")


def paper_view(head: Heading, sender: Sender, frozen: ConsolidationView) -> PaperView:
    """The document as JSON."""
    letterhead = head.letterhead
    return PaperView(
        heading=HeadingView(
            sender=sender,
            agency=letterhead.agency,
            issuer=head.issuer,
            symbol=head.symbol,
            number=head.number,
            place=letterhead.place,
            issued_on=head.issued_on,
            subject=" ".join(head.subject),
            addressees=[_addressee(one) for one in head.addressees],
            recipients=list(head.recipients),
            authority=list(letterhead.authority),
            signer=letterhead.signer,
            certain=letterhead.certainty == "sourced",
            decree_last_day=decree_last_day(head),
        ),
        consolidation=frozen,
        sources={figure.code: _sources(frozen, figure) for task in frozen.summary.tasks for figure in task.indicators},
        restatement_sources=[_data(of_note(frozen, note)) for note in frozen.restatements],
        discrepancy_sources=[_data(of_discrepancy(frozen, one.agency, one.indicator)) for one in frozen.discrepancies],
    )


def _sources(frozen: ConsolidationView, figure: FigureView) -> dict[str, str]:
    """Of an estimate only where one was declared, of an earlier period only where it could be told."""
    beside = {"estimate": figure.estimate, "previous": figure.previous, "last_year": figure.last_year}
    return _data({name: one for name, one in of_figure(frozen, figure).items() if beside.get(name, 0) is not None})


def _data(behind: Mapping[str, Behind]) -> dict[str, str]:
    return {name: one.data for name, one in behind.items()}


def decree_last_day(head: Heading) -> date:
    """The 25th of the period's last month."""
    return date(head.period.year, head.period.last_month, _DECREE_DAY)


def _addressee(one: Addressee) -> AddresseeView:
    return AddresseeView(code=one.code, name=one.name, certain=one.certain)
