"""A draft: an agency's report for a period as it stands written before anybody has touched it. Pure."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, Field

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting.reports.sentences import Writer
from services.reporting.reports.views import DiscrepancyView, FullReportView, MarkView
from services.reporting.summary_views import FigureView, SummaryView, WindowView
from services.reporting.views import ObstacleView, RegisterView


class DraftFigureView(FigureView):
    sentence: str = Field(description="The figure as a sentence, compared with earlier periods")
    eventful: bool = Field(description="Whether it, or one that it is compared with, is not zero")
    declared: int | None = Field(default=None, description="What the newest report declares")


class DraftTaskView(BaseModel):
    code: str
    section: str
    title: str
    words: str | None = Field(description="Of the newest report")
    mark: MarkView | None = Field(default=None, description="Of the newest report: nil, or excused")
    figures: list[DraftFigureView]


class DraftView(BaseModel):
    """The tasks that the agency owns on the window's last day, in the plan's order, with what it has told of them.

    ``report`` is the newest version that was handed in; ``last_moment`` is there where the agency owes a report;
    ``late_days`` are how many local days late its report is, or is so far.
    """

    plan: str
    period: str
    as_of: datetime | None = Field(default=None, description="The moment as of which it is written, if not now")
    period_name: str
    agency: str
    agency_name: str
    window: WindowView
    last_moment: datetime | None
    late_days: int = 0
    report: FullReportView | None
    tasks: list[DraftTaskView]
    discrepancies: list[DiscrepancyView]
    obstacles: list[ObstacleView] = Field(
        description="Those not closed, of the agency and of those in whose place it stands today"
    )


def draft(
    plan: Plan,
    agency: str,
    summary: SummaryView,
    register: RegisterView,
    report: FullReportView | None,
    discrepancies: list[DiscrepancyView],
    obstacles: Iterable[ObstacleView],
) -> DraftView:
    """The draft, of the agency's own summary and register."""
    period = Period.parse(summary.period)
    writer = Writer(plan, period, summary.calendar)
    declared = report.declared if report else {}
    words = report.words if report else {}
    marks = report.marks if report else {}

    def figure(one: FigureView) -> DraftFigureView:
        return DraftFigureView(
            **dict(one),
            sentence=writer.sentence(one),
            eventful=any((one.value, one.previous, one.last_year)),
            declared=declared.get(one.code),
        )

    duty = next((duty for duty in register.duties if duty.role == "report"), None)
    return DraftView(
        plan=plan.code,
        period=summary.period,
        as_of=summary.as_of,
        period_name=period.name,
        agency=agency,
        agency_name=plan.agency(agency).name,
        window=summary.window,
        last_moment=duty.last_moment if duty else None,
        late_days=duty.late_days if duty else 0,
        report=report,
        tasks=[
            DraftTaskView(
                code=task.code,
                section=task.section,
                title=task.title,
                words=words.get(task.code),
                mark=marks.get(task.code),
                figures=[figure(one) for one in task.indicators],
            )
            for task in summary.tasks
            if agency in task.leads
        ],
        discrepancies=discrepancies,
        obstacles=[one for one in obstacles if one.state != "closed"],
    )
