"""The pages people read: server-rendered Vietnamese, no script."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue.model import Plan
from catalogue.windows import Period, local_day, periods_of
from contracts.kinds import KINDS
from services.reporting.comparing import earlier
from services.reporting.document.content import leads, sections
from services.reporting.figures import Dimension
from services.reporting.obstacles.model import AGES
from services.reporting.obstacles.views import ObstaclesView
from services.reporting.organisation import NamesName
from services.reporting.proof_views import source_view
from services.reporting.proofs import Traced
from services.reporting.register.views import RateView, TaskRegisterView, TaskTallyView, YearRegisterView
from services.reporting.reports.views import DiscrepancyView
from services.reporting.summary_views import FigureView, SummaryView
from services.reporting.views import ConsolidationView, RegisterEntryView, RegisterView
from services.reporting.words import (
    CALENDARS,
    MAPS,
    NAMES,
    OBSTACLE_STATES,
    PARTS,
    PENDING_OBSTACLES,
    PERIOD_STATES,
    REPORT_STATES,
    TASK_STATES,
    capitalised,
    day,
    moment,
    number,
    percent,
    permille,
    punctuality,
    signed_number,
    standing,
)
from services.reporting.worth import Worth

_ROWS = 200
_OWN = "Cả cơ quan"
_ASKED = "Tổ chức được đề nghị báo cáo"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(
        number=number,
        signed_number=signed_number,
        permille=permille,
        worth=_worth,
        day=day,
        moment=moment,
        local_day=lambda value: day(local_day(value)),
        period=lambda code: capitalised(Period.parse(code).name),
        capitalize_first=capitalised,
        percent=percent,
    )
    return environment


def _worth(figure: FigureView | Worth) -> str:
    """A figure's value; nothing for an average of none."""
    return "–" if figure.denominator == 0 else number(figure.value)


PAGES = _environment()


def period_page(
    plan: Plan,
    summary: SummaryView,
    register: RegisterView,
    tasks: TaskRegisterView,
    frozen: ConsolidationView | None = None,
    by: Dimension | None = None,
    *,
    discrepancies: Sequence[DiscrepancyView] = (),
    own: bool = False,
) -> str:
    """Everything about one period on one page: figures by section and task, what is to be settled, the registers; an
    agency's ``own``, or everybody's."""
    period = Period.parse(summary.period)
    return PAGES.get_template("period.html").render(
        plan=plan,
        source=partial(_source, summary),
        expected=partial(_expected, summary),
        answered=answered(summary.period, summary.as_of),
        compared=earlier(period),
        name=period.name,
        view=summary,
        calendar_words=CALENDARS[summary.calendar],
        link=partial(_link, _shown(summary, by), "answering" if own else "day"),
        by=by or "",
        parts=PARTS | {"": _OWN} if own else PARTS,
        maps=MAPS,
        period_states=PERIOD_STATES,
        periods=[other.code for other in periods_of(period.year)],
        sections=sections(plan, summary.tasks),
        leads=partial(leads, plan),
        register=register,
        bodies=_apart(register),
        task_register=tasks,
        told_of=partial(_told_of, tasks),
        frozen=frozen,
        consolidated=frozen is not None and not own,
        signature=frozen.signature if frozen else None,
        signed=any(figure.signed is not None for task in summary.tasks for figure in task.indicators),
        cards=_cards(register),
        report_states=REPORT_STATES,
        task_states=TASK_STATES.values(),
        standing=standing,
        punctuality=punctuality,
        discrepancies=discrepancies,
        own=own,
        query=carried(summary.as_of),
    )


def carried(moment: datetime | None) -> Callable[..., str]:
    """Makes the query of a link: what is named, and the moment that the page looks back to."""
    then = {"as_of": moment.isoformat()} if moment else {}

    def query(**named: str) -> str:
        pairs = {name: value for name, value in named.items() if value} | then
        return f"?{urlencode(pairs)}" if pairs else ""

    return query


def answered(shown: str, moment: datetime | None) -> Callable[..., str]:
    """Makes the links of a period's reports: where a figure opens to the events that an agency answers for, of another
    period beside it if asked; as known at the moment that the page looks back to, or not."""
    then = {"as_of": moment.isoformat()} if moment else {}

    def source(agency: str, indicator: str, period: str = "", *, back: bool = True) -> str:
        beside = {"beside": shown} if period not in ("", shown) else {}
        named = {"indicator": indicator, "calendar": "administrative", "agency": agency, "map": "answering"}
        return f"/periods/{period or shown}/figure?{urlencode(named | beside | (then if back else {}))}"

    return source


def _shown(summary: SummaryView, by: Dimension | None) -> dict[str, str]:
    """The query of the page that shows this."""
    moment = summary.as_of.isoformat() if summary.as_of else ""
    return {"calendar": summary.calendar, "by": by or "", "map": summary.map, "as_of": moment}


def _link(shown: dict[str, str], usual_map: NamesName, /, **otherwise: str) -> str:
    """The query of the same page but for what is otherwise."""
    usual = {"by": "", "map": usual_map, "as_of": ""}
    return urlencode([(name, value) for name, value in (shown | otherwise).items() if value != usual.get(name)])


def _apart(register: RegisterView) -> list[tuple[str, list[RegisterEntryView], RateView | None]]:
    """Those who are obliged to report, then those who are asked to."""
    asked = [duty for duty in register.duties if duty.bound == "requested"]
    obliged = [duty for duty in register.duties if duty.bound != "requested"]
    parts = [("Cơ quan, đơn vị phải báo cáo", obliged, register.obliged), (_ASKED, asked, register.requested)]
    return [part for part in parts if part[1]]


def _told_of(tasks: TaskRegisterView, of: TaskTallyView) -> list[tuple[str, list[str]]]:
    """Which owners of a task were late and by how many days, and who said by which document that nothing happened or
    that they are excused."""
    entries = [
        one for one in tasks.entries if one.task == of.task and (one.bound == "requested") == (of.bound == "requested")
    ]
    late = [f"{one.name} ({number(one.late_days)} ngày)" for one in entries if one.on_time is False]
    said = {
        state: [f"{one.name} ({one.document})" if one.document else one.name for one in entries if one.state == state]
        for state in ("nil", "excused")
    }
    told = [("Muộn", late), ("Không phát sinh", said["nil"]), ("Được miễn", said["excused"])]
    return [(title, who) for title, who in told if who]


def _cards(register: RegisterView) -> list[tuple[str, str]]:
    """What is seen first, of those who are obliged; of those who are asked, where nobody else is shown."""
    title, duties, rate = (_apart(register) or [("", [], None)])[0]
    states = Counter(duty.state for duty in duties)
    return [
        ("tổ chức được đề nghị báo cáo" if title == _ASKED else "đơn vị phải báo cáo", number(len(duties))),
        ("có hoạt động", number(states["activity"])),
        ("không phát sinh", number(states["nil"])),
        ("được miễn", number(states["excused"])),
        ("chưa báo cáo", number(states["missing"])),
        ("nộp muộn", number(sum(duty.on_time is False for duty in duties))),
        ("đầy đủ, trong số đến hạn", percent(rate.completeness_permille if rate else None)),
        ("đúng hạn, trong số đến hạn", percent(rate.timeliness_permille if rate else None)),
    ]


def _source(summary: SummaryView, indicator: str, period: str = "", /, **part: str) -> str:
    """Where a figure of the page opens to its events; of another period, an agency or unit, or as signed, if asked."""
    beside = {"beside": summary.period} if summary.map == "answering" and period not in ("", summary.period) else {}
    query = {"indicator": indicator, "calendar": summary.calendar, **_under(summary), **beside, **part}
    return f"{period or summary.period}/figure?{urlencode(query)}"


def _expected(summary: SummaryView, indicator: str, /, **then: str) -> str:
    """Where an estimate of the page opens to who declared it."""
    return f"{summary.period}/estimates?{urlencode({'indicator': indicator, **_under(summary), **then})}"


def _under(summary: SummaryView) -> dict[str, str]:
    return {} if summary.map == "day" else {"map": summary.map}


def figure_page(
    plan: Plan, period: Period, found: Traced, query: Mapping[str, str], after: int, then: tuple[datetime, Worth] | None
) -> str:
    """The events behind one figure, a page of them from ``after`` on; ``query`` is how the figure was asked for;
    ``then`` is the moment as of which, with what it has come to since."""
    known_at, now = then or (None, None)
    names = {one.code: one.name for one in plan.agencies} | {one.code: one.name for one in plan.roster.units}
    page = found.events[after : after + _ROWS]
    calendar = query.get("calendar", "administrative")
    return PAGES.get_template("figure.html").render(
        found=found,
        task=plan.task(found.indicator.code.partition("/")[0]),
        name=period.name,
        period=period.code,
        calendar=calendar,
        calendar_words=CALENDARS[calendar],
        counted=found.indicator.measure == "distinct",
        sources=[source_view(source, rows, found.indicator) for source, rows in page],
        agencies=lambda code: plan.agency(code).name,
        of=[names.get(query[name], query[name]) or "toàn tỉnh" for name in ("agency", "unit") if name in query],
        under=NAMES[query.get("map", "day")],
        target=plan.target_of(found.indicator.code, period.year) if "so_far" in query else None,
        signed="signed" in query,
        version=query.get("version"),
        beside=Period.parse(query.get("beside", period.code)).name,
        kinds=lambda name: KINDS[name].title,
        link=urlencode(query),
        known_at=known_at,
        now=now,
        today=urlencode({name: value for name, value in query.items() if name not in ("as_of", "signed", "version")}),
        query=carried(known_at),
        before=max(0, after - _ROWS) if after else None,
        next=after + _ROWS if after + _ROWS < len(found.events) else None,
    )


def obstacles_page(
    plan: Plan, view: ObstaclesView, chosen: Mapping[str, str], agencies: Collection[str], *, first: bool
) -> str:
    """A page of the obstacles that were asked for, the oldest first; ``chosen`` is the query that asked for them, and
    ``agencies`` whose can be asked for."""

    def link(**otherwise: str) -> str:
        return urlencode({name: value for name, value in (dict(chosen) | otherwise).items() if value})

    return PAGES.get_template("obstacles.html").render(
        plan=plan,
        view=view,
        chosen=chosen,
        link=link,
        first=first,
        states=OBSTACLE_STATES,
        choices={"pending": PENDING_OBSTACLES, **OBSTACLE_STATES},
        ages=AGES,
        agencies=[(one.code, one.name) for one in plan.agencies if one.code in agencies],
        names=plan.roster.names,
        tasks=lambda code: plan.task(code).title,
    )


def year_page(plan: Plan, view: YearRegisterView) -> str:
    """Who reported fully and on time over a year: a line for each agency, a column for each period."""
    periods = [one.period for one in view.periods]
    rows = [(one, {entry.period: entry for entry in one.periods}) for one in view.agencies]
    parts = [
        ("Cơ quan, đơn vị phải báo cáo", [row for row in rows if row[0].bound != "requested"], view.obliged),
        (_ASKED, [row for row in rows if row[0].bound == "requested"], view.requested),
    ]
    return PAGES.get_template("year.html").render(
        plan=plan,
        view=view,
        parts=[part for part in parts if part[1]],
        periods=periods,
        standing=standing,
        punctuality=punctuality,
        query=carried(view.as_of),
    )
