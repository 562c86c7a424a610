"""What both documents say, before any layout. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from catalogue.model import Plan
from catalogue.windows import Period, local_day
from services.reporting.summary_views import TaskView
from services.reporting.views import ConsolidationView, RegisterEntryView
from services.reporting.words import period_name

_FEW = 3


@dataclass(frozen=True)
class Heading:
    """Who issues the document and to whom, as of the day it is made."""

    above: str
    issuer: str
    issuer_name: str
    symbol: str
    place: str
    title: str
    subject: str
    addressee: str
    signer: str


def heading(plan: Plan, frozen: ConsolidationView) -> Heading:
    """The heading of the consolidating agency's report to the province's People's Committee."""
    issuer = plan.agency(frozen.by)
    addressee = plan.agency(plan.successor_on(plan.regime.receiver, local_day(frozen.consolidated_at)))
    return Heading(
        above=f"UBND TỈNH {plan.heading.province.upper()}",
        issuer=issuer.name.upper(),
        issuer_name=issuer.name,
        symbol=f"Số:       /BC-{issuer.code}",
        place=plan.heading.province,
        title="BÁO CÁO",
        subject=f"Tình hình thực hiện {plan.title} {period_name(Period.parse(frozen.period))}",
        addressee=addressee.name,
        signer="GIÁM ĐỐC",
    )


def sections(plan: Plan, tasks: Iterable[TaskView]) -> Iterator[tuple[str, list[TaskView]]]:
    """The tasks by section, in the plan's order, each section as ``code. title``."""
    titles = {section.code: section.title for section in plan.sections}
    for code, of_section in groupby(tasks, key=lambda task: task.section):
        yield f"{code}. {titles[code]}", list(of_section)


def leads(plan: Plan, task: TaskView) -> str:
    """Who answers for the task, by name while they are few."""
    names = [plan.agency(code).name for code in task.leads]
    return "; ".join(names) if len(names) <= _FEW else f"{len(names)} cơ quan, đơn vị"


def not_in(frozen: ConsolidationView) -> list[RegisterEntryView]:
    """The duties without a report."""
    return [duty for duty in frozen.register_.duties if duty.state == "missing"]


def late(frozen: ConsolidationView) -> list[RegisterEntryView]:
    """The duties whose report came after the last moment."""
    return [duty for duty in frozen.register_.duties if duty.on_time is False]
