"""What reporting shows: the JSON of its answers, which is also what a consolidation freezes. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from catalogue.model import Plan
from services.reporting.ledger import Partition
from services.reporting.model import PeriodState, RegisterEntry, State
from services.reporting.register.rates import apart, days_late, rate
from services.reporting.register.views import RateView, TaskRegisterView, YearRegisterView, rate_view
from services.reporting.reports.model import ReportState
from services.reporting.reports.views import DiscrepancyView, EstimateView, NarrativeView, ProposalView
from services.reporting.summary_views import SummaryView


class RegisterEntryView(BaseModel):
    agency: str
    name: str
    bound: str
    role: str
    to: str
    last_moment: datetime
    state: State
    on_time: bool | None
    overdue: bool
    submitted_at: datetime | None = None
    version: int | None = None
    document: str | None = None
    summary: str | None = None
    first_submitted_at: datetime | None = None
    late_days: int = Field(
        default=0, description="Local days late: of the first version, or so far where none is in or it was returned"
    )
    report_state: ReportState | None = Field(
        default=None, description="Of the newest version; one that was returned is owed again, so the duty is missing"
    )
    remarks: str | None = Field(default=None, description="What the consolidating agency said to the newest version")


class RegisterView(BaseModel):
    """Who owes a report for the period, and how each duty stands."""

    period: str
    period_state: PeriodState = "open"
    as_of: datetime | None = Field(default=None, description="The moment as of which it stood so, if not now")
    duties: list[RegisterEntryView]
    counts: dict[str, int] = Field(description="Of those whom the plan obliges to report")
    counts_requested: dict[str, int] = Field(default={}, description="Of bodies that it asks to; in no other count")
    obliged: RateView | None = Field(default=None, description="Of those whom the plan obliges to report")
    requested: RateView | None = Field(default=None, description="Of bodies that it asks to; in no other rate")


class SignatureView(BaseModel):
    """Who signed a consolidation, when, under which number, on which legal basis."""

    by: str
    signed_at: datetime
    document: str
    basis: str


class PositionView(BaseModel):
    """How far one partition of the ledger was folded: the next offset of the log of that epoch."""

    place: str
    epoch: int
    offset: int


class ObstacleView(BaseModel):
    """A difficulty an agency met (khó khăn, vướng mắc), and how far it has come. ``days_open`` counts local days from
    when it was raised to when it was closed, or to the day it is looked at."""

    obstacle: str
    agency: str
    agency_name: str
    raised_at: datetime
    task: str | None = Field(description="The task it is about, where that is known")
    text: str
    state: Literal["open", "forwarded", "answered", "closed"]
    forwarded_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    answer: str | None = None
    days_open: int
    subject: str = Field(default="", description="What the agency itself calls it")
    period: str | None = Field(default=None, description="The period with whose report it came")
    forwarded_document: str | None = None
    answer_document: str | None = None
    solution: str | None = Field(default=None, description="How it was solved")
    withdrawn: bool = Field(default=False, description="Taken back by the agency after something was done about it")
    answering: list[str] = Field(default=[], description="Who stands in the agency's place, where it has ended")


class RestatementNoteView(BaseModel):
    """A figure of an earlier period that has changed since it was signed: what was signed, what it is now, how many
    events of which agencies changed it, and why, in the speakers' words where they gave any. An average of none is
    null."""

    period: str
    indicator: str
    title: str
    unit: str
    signed: int | None
    now: int | None
    events: int
    agencies: list[str]
    reasons: list[str]


class ConsolidationView(BaseModel):
    """What a period's report says, as it was frozen; ``digest`` is the SHA-256 of all of it but the signature.
    ``ledger`` has the ledger's positions behind the figures. ``version`` counts the consolidations of the period.
    ``obstacles`` are those that were open at the period's end, came with its reports, or were closed in it."""

    period: str
    version: int
    by: str
    consolidated_at: datetime
    remarks: str | None
    digest: str
    signature: SignatureView | None
    ledger: list[PositionView]
    summary: SummaryView
    register_: RegisterView = Field(serialization_alias="register", validation_alias="register")
    obstacles: list[ObstacleView] = []
    task_register: TaskRegisterView | None = None
    year_register: YearRegisterView | None = None
    restatements: list[RestatementNoteView] = []
    narrative: list[NarrativeView] = []
    proposals: list[ProposalView] = []
    discrepancies: list[DiscrepancyView] = []
    estimates: list[EstimateView] = []


def register_view(
    plan: Plan, period: str, state: PeriodState, entries: list[RegisterEntry], now: datetime
) -> RegisterView:
    """The register of a period; counts have each state, and how many were on time, late and overdue."""
    obliged, asked = apart(plan, entries, lambda entry: entry.duty.agency)
    return RegisterView(
        period=period,
        period_state=state,
        duties=[_register_entry(plan, entry, now) for entry in entries],
        counts=_counts(obliged),
        counts_requested=_counts(asked),
        obliged=rate_view(rate(obliged)),
        requested=rate_view(rate(asked)),
    )


def _counts(entries: Iterable[RegisterEntry]) -> dict[str, int]:
    counts = dict.fromkeys(("expected", "activity", "nil", "excused", "missing", "on_time", "late", "overdue"), 0)
    for entry in entries:
        counts["expected"] += 1
        counts[entry.state] += 1
        counts["on_time"] += entry.on_time is True
        counts["late"] += entry.on_time is False
        counts["overdue"] += entry.overdue
    return counts


def _register_entry(plan: Plan, entry: RegisterEntry, now: datetime) -> RegisterEntryView:
    duty, report = entry.duty, entry.report
    agency = plan.agency(duty.agency)
    return RegisterEntryView(
        agency=duty.agency,
        name=agency.name,
        bound=agency.bound,
        role=duty.role,
        to=duty.to,
        last_moment=duty.last_moment,
        state=entry.state,
        on_time=entry.on_time,
        overdue=entry.overdue,
        submitted_at=report.submitted_at if report else None,
        version=report.version if report else None,
        document=report.document if report else None,
        summary=report.contents.summary if report else None,
        report_state=report.state if report else None,
        remarks=report.review.remarks if report and report.review else None,
        first_submitted_at=report.first_submitted_at if report else None,
        late_days=days_late(entry, now),
    )


class PartitionView(BaseModel):
    topic: str
    partition: int
    watermark: int = Field(description="Next offset to fold")
    end: int = Field(description="End of the broker's log")


class LedgerView(BaseModel):
    """The ledger of the partitions this process holds."""

    partitions: list[PartitionView]
    events: int
    duplicates: int
    superseded: int
    dead_letters: int
    lag: int


def ledger_view(partitions: list[tuple[Partition, int]]) -> LedgerView:
    """The ledger's state; each partition with the end of its log."""
    held = [partition for partition, _ in partitions]
    views = [
        PartitionView(
            topic=partition.place.topic,
            partition=partition.place.partition,
            watermark=partition.watermark,
            end=end,
        )
        for partition, end in partitions
    ]
    return LedgerView(
        partitions=views,
        events=sum(partition.events for partition in held),
        duplicates=sum(partition.duplicates for partition in held),
        superseded=sum(partition.superseded for partition in held),
        dead_letters=sum(partition.dead for partition in held),
        lag=sum(max(0, view.end - view.watermark) for view in views),
    )
