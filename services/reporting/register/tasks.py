"""How each task stands, owner by owner: by events, by the owner's report, by papers it has delivered. Pure.

A blank is never a zero: an owner of whose task nothing is known is *missing*, whatever its other tasks are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from catalogue.model import Plan, Task
from catalogue.roster import Agency, NobodyStands
from catalogue.windows import Period, last_moment_of, local_day, stretches, window
from contracts import shapes
from contracts.envelope import Event
from contracts.kinds import KINDS
from services.reporting.fold import Counting
from services.reporting.model import State
from services.reporting.organisation import answering
from services.reporting.register.model import Paper, PaperTold, TaskEntry
from services.reporting.reports.model import Report
from services.reporting.reports.tasks_told import document_of, said_of
from services.reporting.worth import Pairs


@dataclass(frozen=True)
class Heard:
    """What events tell: the newest in the window of each task and agency, and the papers known by its last day."""

    newest: Mapping[tuple[str, str], datetime]
    papers: tuple[Paper, ...]


def entries(plan: Plan, period: Period, heard: Heard, reports: Mapping[str, Report], now: datetime) -> list[TaskEntry]:
    """Every task of every owner on the window's last day, in the plan's order; none where the period has no duties.

    A task is due with the period's reports, unless the plan names a last day for its paper and the owner stood on it:
    a commune of July 2025 owes no plan of 2020. An event of the window is
    in time by its business day, however late it is told; what only a report tells is as late as the version that first
    told it, measured by the period's own time, since a report tells of its period.
    """
    if not any(duty.role == "report" for duty in plan.duties_for(period.code)):
        return []
    day, due = window(period, "administrative").last_day, plan.regime.last_moment(period, "report")
    papers: dict[tuple[str, str], list[Paper]] = {}
    for paper in heard.papers:
        for code in paper.tasks:
            papers.setdefault((code, paper.agency), []).append(paper)
    return [
        _entry(
            task,
            plan.agency(agency),
            heard.newest.get((task.code, agency)),
            papers.get((task.code, agency), ()),
            reports.get(agency),
            due,
            now,
        )
        for task in plan.tasks
        for agency in plan.owners(task.code, day)
    ]


def _entry(
    task: Task,
    owner: Agency,
    newest: datetime | None,
    papers: Sequence[Paper],
    report: Report | None,
    due: datetime,
    now: datetime,
) -> TaskEntry:
    delivered = max(papers, key=lambda paper: paper.at, default=None) if task.kind == "deliverable" else None
    out = min(paper.at for paper in papers) if delivered and asks_for_papers_alone(task) else None
    told = marked(task, report)
    done = out or newest
    if task.by is not None and owner.stands_on(task.by) and (done or not told):
        due = last_moment_of(task.by)
    state: State = "activity" if done else told or "missing"
    met_at = done or (first_told(task, report) if report and told else None)
    late = max(0, (local_day(met_at or now) - local_day(due)).days)
    return TaskEntry(
        task=task.code,
        agency=owner.code,
        state=state,
        last_moment=due,
        overdue=state == "missing" and late > 0,
        newest=newest,
        delivered=delivered,
        met_at=met_at,
        late_days=late,
        version=report.version if report and told else None,
        document=document_of(task, report) if report and state in ("nil", "excused") else None,
    )


def marked(task: Task, report: Report | None) -> State | None:
    """What the owner's report says of the task; nothing, if it was returned."""
    return said_of(task, report.outcome, report.contents) if report and report.stands else None


def first_told(task: Task, report: Report) -> datetime:
    """When the report first told of the task; of one from before this was kept, when it was first handed in."""
    return report.told.get(task.code, report.first_submitted_at)


def asks_for_papers_alone(task: Task) -> bool:
    """Whether a task is done for good once its paper is out, since nothing else is counted for it."""
    kinds = {term.kind for indicator in task.indicators for term in indicator.terms}
    return task.kind == "deliverable" and all(issubclass(KINDS[kind].shape, shapes.Paper) for kind in kinds)


def heard(plan: Plan, period: Period, cells: Pairs, papers: Iterable[Paper]) -> Heard:
    """What cells and papers tell of a period, under the names of those who stand on its last day."""
    asked = window(period, "administrative")
    return Heard(_newest(plan, asked.last_day, stretch_names(period), cells), tuple(papers))


def stretch_names(period: Period) -> frozenset[str]:
    """The stretches of the period's window, as cells name them."""
    return frozenset(day.isoformat() for day in stretches(window(period, "administrative")))


def _newest(plan: Plan, day: date, inside: frozenset[str], cells: Pairs) -> dict[tuple[str, str], datetime]:
    tasks = {indicator.code: task.code for task in plan.tasks for indicator in task.indicators}
    by_names = answering(plan, day)
    found: dict[tuple[str, str], int] = {}
    for key, cell in cells:
        if key.indicator not in tasks or key.stretch not in inside or not (cell.amount or cell.members):
            continue
        task, agency = tasks[key.indicator], by_names.of(key).agency
        if agency in plan.owners(task, day):
            found[task, agency] = max(cell.newest, found.get((task, agency), 0))
    return {name: datetime.fromtimestamp(newest / 1000, UTC) for name, newest in found.items()}


def told_of(event: Event, heard_at: int, counting: Counting) -> PaperTold:
    """What the register needs of an event about a paper that was heard at a moment, milliseconds since 1970 UTC."""
    of, paper = event.envelope, None
    if not event.retracted:
        assert isinstance(event.data, shapes.Paper)
        tasks = frozenset(row.indicator.partition("/")[0] for row in counting.rows(event))
        paper = Paper(of.agency, tasks, of.time, event.data.title, event.data.number)
    return PaperTold(event.fact, (of.revision, of.id), event.kind.name, local_day(of.time), heard_at, paper)


def known(
    plan: Plan, period: Period, told: Iterable[PaperTold], moment: datetime | None = None
) -> list[tuple[str, Paper]]:
    """The papers that hold, with their kinds, of business days up to the window's last, under the names of those who
    stand on it; by all that was told, or what was heard by a moment."""
    day = window(period, "administrative").last_day
    by = None if moment is None else int(moment.timestamp() * 1000)
    facts: dict[str, PaperTold] = {}
    for one in told:
        before = facts.get(one.fact)
        if (by is None or one.heard_at <= by) and (before is None or before.rank < one.rank):
            facts[one.fact] = one
    standing = [(one.kind, one.paper) for one in facts.values() if one.paper and one.day <= day]
    heirs = {teller: heir(plan, teller, day) for teller in {paper.agency for _, paper in standing}}
    return [
        (kind, paper if heirs[paper.agency] == paper.agency else replace(paper, agency=heirs[paper.agency]))
        for kind, paper in standing
    ]


def heir(plan: Plan, agency: str, day: date) -> str:
    """Who stands in an agency's place on the day; itself where nobody does."""
    try:
        return plan.successor_on(agency, day)
    except (NobodyStands, KeyError):
        return agency
