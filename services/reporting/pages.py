"""The pages people read: server-rendered Vietnamese, no script."""

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue.model import Plan
from catalogue.windows import Period, local_day, periods_of
from services.reporting.document.content import leads, sections
from services.reporting.views import RegisterView, SummaryView
from services.reporting.words import CALENDARS, STATES, day, moment, number, period_name, punctuality


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(
        number=number,
        day=day,
        moment=moment,
        local_day=lambda value: day(local_day(value)),
        period=lambda code: _capitalised(period_name(Period.parse(code))),
        capitalize_first=_capitalised,
    )
    return environment


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


_PAGES = _environment()


def period_page(plan: Plan, summary: SummaryView, register: RegisterView, *, consolidated: bool) -> str:
    """Everything about one period on one page: figures by section and task, and the register."""
    period = Period.parse(summary.period)
    counts = register.counts
    return _PAGES.get_template("period.html").render(
        plan=plan,
        name=period_name(period),
        view=summary,
        calendar_words=CALENDARS[summary.calendar],
        periods=[other.code for other in periods_of(period.year)],
        sections=sections(plan, summary.tasks),
        leads=partial(leads, plan),
        register=register,
        consolidated=consolidated,
        cards=[
            ("đơn vị phải báo cáo", counts["expected"]),
            ("có hoạt động", counts["activity"]),
            ("không phát sinh", counts["nil"]),
            ("được miễn", counts["excused"]),
            ("chưa báo cáo", counts["missing"]),
            ("nộp muộn", counts["late"]),
        ],
        states=STATES,
        punctuality=punctuality,
    )
