"""The register as it is shown; part of it is frozen in a consolidation. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from catalogue.model import Plan
from services.reporting.model import State
from services.reporting.register.model import Paper, Rate, TaskEntry
from services.reporting.register.rates import apart, rate
from services.reporting.reports.model import ReportState

_STATES: tuple[State, ...] = ("activity", "nil", "excused", "missing")


class RateView(BaseModel):
    """How many duties; how many of them are due (met, or their last moment has passed); how many of those are met, and
    met on time. The rates are those parts of what is due, per thousand; absent where nothing is due."""

    duties: int
    due: int
    met: int
    on_time: int
    completeness_permille: int | None = Field(ge=0, le=1000)
    timeliness_permille: int | None = Field(ge=0, le=1000)


class PaperView(BaseModel):
    """A document that was issued or approved."""

    issued_at: datetime
    title: str
    number: str | None


class TaskEntryView(BaseModel):
    """A task as the duty of one of its owners. ``delivered`` is the newest paper that the task asks for, of this period
    or an earlier one; ``newest`` the business time of the newest event of the period. ``met_at`` is the business time
    of what met the duty, or when the agency's report first told of it; ``version`` is the newest of that report."""

    task: str
    agency: str
    name: str
    bound: str
    state: State
    overdue: bool
    newest: datetime | None = None
    delivered: PaperView | None = None
    last_moment: datetime | None = None
    met_at: datetime | None = None
    on_time: bool | None = None
    late_days: int = Field(default=0, description="Local days late: of what met it, or so far where nothing has")
    version: int | None = None
    document: str | None = Field(
        default=None, description="By which the agency says that nothing happened, or that the task is excused"
    )


class TaskTallyView(BaseModel):
    """How many owners of a task stand how, of those the plan obliges or, for a task that is asked, of those it asks."""

    task: str
    title: str
    kind: str
    bound: str
    owners: int
    counts: dict[str, int]
    on_time: int = 0
    late: int = 0
    missing: list[str] = Field(description="Names of the owners of whom nothing is known")


class AgencyTallyView(BaseModel):
    agency: str
    name: str
    bound: str
    rate: RateView


class PlanEntryView(BaseModel):
    """Whether an agency has issued its own plan to carry out the province's (section IV.1)."""

    agency: str
    name: str
    bound: str
    issued: PaperView | None = None


class TaskRegisterView(BaseModel):
    """Every task of every owner for a period. ``obliged`` and ``requested`` are the rates of those whom the plan
    obliges, and of those whom it asks."""

    period: str
    as_of: datetime | None = Field(default=None, description="The moment as of which it stood so, if not now")
    entries: list[TaskEntryView]
    tasks: list[TaskTallyView]
    agencies: list[AgencyTallyView]
    plans: list[PlanEntryView]
    obliged: RateView
    requested: RateView


def rate_view(rate: Rate) -> RateView:
    """A rate with its parts per thousand."""
    return RateView(
        duties=rate.duties,
        due=rate.due,
        met=rate.met,
        on_time=rate.on_time,
        completeness_permille=rate.completeness,
        timeliness_permille=rate.timeliness,
    )


def task_register_view(
    plan: Plan, period: str, entries: Sequence[TaskEntry], plans: Iterable[tuple[str, Paper | None]]
) -> TaskRegisterView:
    """The register of tasks; ``plans`` are the agencies that should have one of their own, with the newest."""
    obliged, asked = apart(plan, entries, lambda entry: entry.agency)
    agencies = dict.fromkeys(entry.agency for entry in entries)
    return TaskRegisterView(
        period=period,
        entries=[_entry(plan, entry) for entry in entries],
        tasks=_tallies(plan, entries),
        agencies=[
            AgencyTallyView(
                agency=code,
                name=plan.agency(code).name,
                bound=plan.agency(code).bound,
                rate=rate_view(rate(entry for entry in entries if entry.agency == code)),
            )
            for code in agencies
        ],
        plans=[
            PlanEntryView(
                agency=code,
                name=plan.agency(code).name,
                bound=plan.agency(code).bound,
                issued=paper_view(paper) if paper else None,
            )
            for code, paper in plans
        ],
        obliged=rate_view(rate(obliged)),
        requested=rate_view(rate(asked)),
    )


def paper_view(paper: Paper) -> PaperView:
    """A paper with its day and number."""
    return PaperView(issued_at=paper.at, title=paper.title, number=paper.number)


def _entry(plan: Plan, entry: TaskEntry) -> TaskEntryView:
    agency = plan.agency(entry.agency)
    return TaskEntryView(
        task=entry.task,
        agency=entry.agency,
        name=agency.name,
        bound=agency.bound,
        state=entry.state,
        overdue=entry.overdue,
        newest=entry.newest,
        delivered=paper_view(entry.delivered) if entry.delivered else None,
        last_moment=entry.last_moment,
        met_at=entry.met_at,
        on_time=entry.on_time,
        late_days=entry.late_days,
        version=entry.version,
        document=entry.document,
    )


def _tallies(plan: Plan, entries: Sequence[TaskEntry]) -> list[TaskTallyView]:
    """Task by task; where a task has owners that are obliged and others that are asked, each on a line of their own."""
    groups: dict[tuple[str, bool], list[TaskEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.task, plan.agency(entry.agency).bound == "requested"), []).append(entry)
    return [_tally(plan, task, asked, of) for (task, asked), of in groups.items()]


def _tally(plan: Plan, code: str, asked: bool, entries: Sequence[TaskEntry]) -> TaskTallyView:
    task, counts = plan.task(code), Counter(entry.state for entry in entries)
    return TaskTallyView(
        task=task.code,
        title=task.title,
        kind=task.kind,
        bound="requested" if asked else "ordered",
        owners=len(entries),
        counts={state: counts[state] for state in _STATES},
        on_time=sum(entry.on_time is True for entry in entries),
        late=sum(entry.on_time is False for entry in entries),
        missing=[plan.agency(entry.agency).name for entry in entries if entry.state == "missing"],
    )


class AgencyYearEntryView(BaseModel):
    """How an agency's duty to report for one period of the year stands."""

    period: str
    state: State
    on_time: bool | None
    overdue: bool
    late_days: int
    version: int | None = None
    report_state: ReportState | None = None


class AgencyYearView(BaseModel):
    agency: str
    name: str
    bound: str
    periods: list[AgencyYearEntryView]
    rate: RateView


class PeriodRatesView(BaseModel):
    period: str
    obliged: RateView
    requested: RateView


class YearRegisterView(BaseModel):
    """Completeness and timeliness over a year: of each agency, of each period, and of all, those whom the plan asks
    apart from those whom it obliges."""

    year: int
    as_of: datetime | None = Field(default=None, description="The moment as of which it stood so, if not now")
    agencies: list[AgencyYearView]
    periods: list[PeriodRatesView]
    obliged: RateView
    requested: RateView
