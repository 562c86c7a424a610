"""The pages of agencies' reports, and of what they expect. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from catalogue.model import Plan
from catalogue.windows import Period, periods_of, window
from services.reporting.comparing import earlier
from services.reporting.pages import PAGES, answered, carried
from services.reporting.reports.draft import DraftView
from services.reporting.reports.files import ALLOWED, FileLimits
from services.reporting.reports.filled import Filled
from services.reporting.reports.views import EstimatesView
from services.reporting.words import OBSTACLE_STATES, REPORT_STATES, STATES, marked


@dataclass(frozen=True)
class Shown:
    """How the page is shown: whether its reader may fill it in or decide on it; what was typed and is to be mended;
    for which other periods it was handed in too."""

    limits: FileLimits
    own: bool = False
    editable: bool = False
    reviewing: bool = False
    sent: bool = False
    also: Collection[str] = ()
    filled: Filled | None = None
    problems: list[str] | None = None
    remarks: str = ""


def report_page(plan: Plan, draft: DraftView, shown: Shown) -> str:
    """The draft of a report with what was added to it."""
    titles = {section.code: section.title for section in plan.sections}
    filled, period = shown.filled or Filled(), Period.parse(draft.period)
    typed = {code.partition("/")[0] for group in (filled.declared, filled.estimates) for code in group if group[code]}
    return PAGES.get_template("report.html").render(
        plan=plan,
        draft=draft,
        report=draft.report,
        compared=earlier(period),
        sections=[
            (f"{code}. {titles[code]}", list(tasks))
            for code, tasks in groupby(draft.tasks, key=lambda task: task.section)
        ],
        own=shown.own,
        query=carried(draft.as_of),
        answered=answered(draft.period, draft.as_of),
        seen_at=lambda moment: urlencode({"agency": draft.agency, "as_of": moment.isoformat()}),
        editable=shown.editable,
        reviewing=shown.reviewing,
        sent=shown.sent and draft.report is not None,
        also_due=also_due(plan, draft.agency, period),
        handed_in_too=shown.also,
        filled=filled,
        problems=shown.problems,
        remarks=shown.remarks,
        touched=typed | {one.indicator.partition("/")[0] for one in draft.discrepancies},
        files=shown.limits,
        kinds=list(ALLOWED),
        outcomes={code: STATES[code] for code in ("activity", "nil", "excused")},
        states=STATES,
        marked=marked,
        report_states=REPORT_STATES,
        obstacle_states=OBSTACLE_STATES,
    )


def also_due(plan: Plan, agency: str, period: Period) -> list[Period]:
    """The other periods that end on the same day and for which the agency owes a report too: the half-year's beside the
    second quarter's, the year's beside the fourth's."""
    end = window(period, "administrative").last_day
    others = [other for other in periods_of(period.year) if window(other, "administrative").last_day == end]
    owed = {duty.period for other in others for duty in plan.duties_for(other.code) if duty.agency == agency}
    return [other for other in others if other != period and other.code in owed]


def estimates_page(view: EstimatesView, moment: datetime | None, version: int | None) -> str:
    """Who expects what of an indicator, as known now, or at a moment: that at which a version was frozen, if it is of
    one."""
    return PAGES.get_template("estimates.html").render(
        view=view,
        name=Period.parse(view.period).name,
        version=version,
        as_of=moment,
        query=carried(moment),
    )
