"""What reporting shows of figures: a period's summary, task by task. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, Field

from catalogue.model import Agency, Certainty, Indicator, Measure, Plan, Unit
from catalogue.windows import Calendar
from services.reporting.aims import Aim
from services.reporting.figures import Question
from services.reporting.model import Figure, PeriodState
from services.reporting.organisation import NamesName


class WindowView(BaseModel):
    first_day: date
    last_day: date


class AgenciesView(BaseModel):
    """Of the agencies expected to answer for the task, how many are in."""

    expected: int
    in_: int = Field(serialization_alias="in", validation_alias="in")


class TargetView(BaseModel):
    """What a document wants an indicator to come to over some years, and how far it has come by the period's end."""

    value: int = Field(description="What is to be reached at least")
    up_to: int | None = Field(default=None, description="The upper end, where the document gives a range")
    by: str = Field(description="The years it is set for, both included, as `2021-2025`")
    source: str = Field(description="The document that sets it")
    certainty: Certainty = "sourced"
    so_far: int = Field(description="What the indicator came to from the first of these years to the period's end")
    progress_permille: int = Field(description="`so_far` in thousandths of `value`, the nearest")


class FigureView(BaseModel):
    code: str
    title: str
    measure: Measure
    unit: str
    value: int = Field(description="An average without denominator is 0, and says nothing")
    numerator: int | None = Field(default=None, description="Of an average: the total")
    denominator: int | None = Field(default=None, description="Of an average: how many the total is of")
    target: TargetView | None = Field(default=None, description="Of the whole province, where a document sets one")
    signed: int | None = Field(
        default=None, description="As signed, where the period is; it never changes. Null for an average of none"
    )
    now: int | None = Field(default=None, description="As known now, where `value` is as known at a moment")
    pending: int | None = Field(default=None, description="What is known now less what was signed: not signed yet")
    previous: int | None = Field(
        default=None,
        description="Of the period before: the quarter, half-year or year. Null for an average of none, and where that "
        "period ended before the plan was signed, so that nothing could be told of it: unknown, not zero",
    )
    last_year: int | None = Field(
        default=None, description="Of the same period of the year before; null as `previous` is"
    )
    estimate: int | None = Field(
        default=None,
        description="What agencies expect (ước thực hiện); no part of `value`. Of the decree's window, so null by the "
        "other calendar",
    )
    newest: datetime | None = Field(description="Business time of the newest event counted")
    agencies: AgenciesView
    breakdown: dict[str, int] | None = Field(
        default=None, description="By agency or unit, where asked for; of averages without those of none"
    )


class TaskView(BaseModel):
    code: str
    section: str
    position: int
    title: str
    kind: str
    leads: list[str]
    indicators: list[FigureView]


class SummaryView(BaseModel):
    """Every task of the plan, in the plan's order, with its indicators' figures."""

    plan: str
    period: str
    period_state: PeriodState = "open"
    calendar: Calendar
    window: WindowView
    as_of: datetime | None = Field(default=None, description="The moment as of which values are known, if not now")
    map: NamesName = Field(default="day", description="Whose names agencies and units go by")
    names: dict[str, str] = Field(default={}, description="Of the agencies or units in breakdowns")
    tasks: list[TaskView]


@dataclass(frozen=True)
class Beside:
    """What stands beside figures: what was signed, what is known now where they are of the past, earlier periods, how
    far targets are reached, what agencies expect."""

    previous: Mapping[str, int]
    last_year: Mapping[str, int]
    signed: Mapping[str, int]
    now: Mapping[str, int]
    aims: Mapping[str, Aim]
    estimates: Mapping[str, int]


def summary_view(
    plan: Plan,
    period: str,
    calendar: Calendar,
    asked: Question,
    figures: Mapping[str, Figure],
    beside: Beside,
    *,
    state: PeriodState,
    moment: datetime | None = None,
    map_: NamesName = "day",
) -> SummaryView:
    """The summary of a period."""

    def view(indicator: Indicator) -> FigureView:
        code, figure = indicator.code, figures[indicator.code]
        signed, now = beside.signed.get(code), beside.now.get(code)
        newest = now if moment else None if figure.denominator == 0 else figure.value
        return FigureView(
            code=code,
            title=indicator.title,
            measure=indicator.measure,
            unit=indicator.unit,
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            target=_target(beside.aims.get(code)),
            signed=signed,
            now=now,
            pending=None if signed is None or newest is None else newest - signed,
            previous=beside.previous.get(code),
            last_year=beside.last_year.get(code),
            estimate=beside.estimates.get(code),
            newest=figure.newest,
            agencies=AgenciesView.model_validate({"expected": figure.expected, "in": figure.in_}),
            breakdown=dict(figure.breakdown) if asked.by else None,
        )

    return SummaryView(
        plan=plan.code,
        period=period,
        period_state=state,
        calendar=calendar,
        window=WindowView(first_day=asked.window.first_day, last_day=asked.window.last_day),
        as_of=moment,
        map=map_,
        names=_names(plan, asked, figures.values()),
        tasks=[
            TaskView(
                code=task.code,
                section=task.section,
                position=task.position,
                title=task.title,
                kind=task.kind,
                leads=list(plan.owners(task.code, asked.window.last_day)),
                indicators=[view(indicator) for indicator in task.indicators],
            )
            for task in plan.tasks
        ],
    )


def _target(aim: Aim | None) -> TargetView | None:
    if aim is None:
        return None
    target = aim.target
    return TargetView(
        value=target.at_least,
        up_to=target.up_to,
        by=target.years,
        source=target.source,
        certainty=target.certainty,
        so_far=aim.so_far,
        progress_permille=target.progress(aim.so_far),
    )


def _names(plan: Plan, asked: Question, figures: Iterable[Figure]) -> dict[str, str]:
    """Of the agencies or units in breakdowns; of no unit in particular is the province."""
    named: Mapping[str, Agency | Unit] = plan.roster.agency if asked.by == "agency" else plan.roster.unit
    codes = sorted({code for figure in figures for code in figure.breakdown})
    return {code: named[code].name if code in named else code or "Toàn tỉnh" for code in codes}
