"""What both documents say, before any layout. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from catalogue.model import Plan
from catalogue.windows import Period
from services.reporting.views import ConsolidationView, RegisterEntryView, TaskView
from services.reporting.words import period_name


@dataclass(frozen=True)
class Heading:
    """Who issues the document and to whom, as of the day it is made."""

    above: str
    issuer: str
    symbol: str
    place: str
    title: str
    subject: str
    addressee: str
    signer: str


def heading(plan: Plan, frozen: ConsolidationView) -> Heading:
    """The heading of the consolidating agency's report to the province's People's Committee."""
    issuer = plan.agency(frozen.by)
    addressee = plan.agency(plan.addressee)
    return Heading(
        above=f"UBND TỈNH {plan.province.upper()}",
        issuer=issuer.name.upper(),
        symbol=f"Số:       /BC-{issuer.code}",
        place=plan.province,
        title="BÁO CÁO",
        subject=f"Tình hình thực hiện {plan.title} {period_name(Period.parse(frozen.period))}",
        addressee=addressee.name,
        signer="GIÁM ĐỐC",
    )


def sections(frozen: ConsolidationView) -> Iterator[tuple[str, list[TaskView]]]:
    """The tasks by section, in the plan's order."""
    for section, tasks in groupby(frozen.summary.tasks, key=lambda task: task.section):
        yield section, list(tasks)


def not_in(frozen: ConsolidationView) -> list[RegisterEntryView]:
    """The duties without a report."""
    return [duty for duty in frozen.register_.duties if duty.state == "missing"]


def late(frozen: ConsolidationView) -> list[RegisterEntryView]:
    """The duties whose report came after the last moment."""
    return [duty for duty in frozen.register_.duties if duty.on_time is False]
