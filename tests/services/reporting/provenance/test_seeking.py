"""Whatever a page shows of figures, under any names and of any period beside it, opens to events that add up to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Indicator, Plan
from catalogue.windows import Period, window
from services.reporting import queries
from services.reporting.batches import ledger_of
from services.reporting.figures import Dimension
from services.reporting.ledger import Committed
from services.reporting.organisation import Names, NamesName, names_of
from services.reporting.past import Makers, within
from services.reporting.summary_views import SummaryView
from services.reporting.worth import of_rows
from tests.services.reporting.test_organisation import NAMES, told
from tests.services.reporting.test_past import PLACE, Reporting

AUTUMN = datetime(2025, 12, 30, 3, tzinfo=UTC)
AGENCIES = ("STC", "SKHDT", "SNV", "LMHTX", "UBND-178", "UBND-05977")
PERIODS = ("2025-Q2", "2025-Q3", "2025-H1", "2025-H2", "2025")
heard = st.lists(told(), min_size=1, max_size=3)


class Shown(NamedTuple):
    """A number of a page: of which indicator and period, and of which agency or unit it is."""

    indicator: Indicator
    period: Period
    value: int
    agency: str | None = None
    unit: str | None = None


def shown(plan: Plan, view: SummaryView, agency: str | None, by: Dimension | None) -> Iterator[Shown]:
    """Every number that a summary has of events."""
    period = Period.parse(view.period)
    for figure in (figure for task in view.tasks for figure in task.indicators):
        indicator = plan.indicator_by_code[figure.code]
        yield Shown(indicator, period, figure.value, agency)
        if figure.previous is not None:
            yield Shown(indicator, period.previous, figure.previous, agency)
        if figure.last_year is not None:
            yield Shown(indicator, period.last_year, figure.last_year, agency)
        for part, value in (figure.breakdown or {}).items():
            yield Shown(indicator, period, value, *((part, None) if by == "agency" else (agency, part)))


async def heard_by(plan: Plan, heard: list[list[bytes]]) -> tuple[Reporting, list[Committed]]:
    reporting = Reporting(plan, AUTUMN)
    for number, values in enumerate(heard):
        # Subjects of one batch are the next one's too, so that what is told again replaces what was told.
        await reporting.hear([value.replace(b'"revision":1', b'"revision":%d' % (number + 1)) for value in values])
    return reporting, [one async for one in ledger_of(reporting.deps.store, PLACE, reporting.deps.counting)]


def adds_up(ledger: list[Committed], one: Shown, names: Names) -> bool:
    asked = window(one.period, "administrative")
    makers = Makers(within(asked, one.indicator, agency=one.agency, unit=one.unit, names=names))
    for committed in ledger:
        makers.take(committed)
    return of_rows(one.indicator, [row for _, rows in makers.events() for row in rows]).value == one.value


@pytest.mark.parametrize("map_", NAMES)
@settings(max_examples=25)
@given(heard=heard, by=st.sampled_from(("agency", "unit")), code=st.sampled_from(PERIODS))
async def test_the_events_of_each_part_and_of_the_periods_beside_it_add_up_under_any_map(
    plan: Plan, map_: NamesName, heard: list[list[bytes]], by: Dimension, code: str
) -> None:
    reporting, ledger = await heard_by(plan, heard)
    view = await queries.summary(reporting.deps, Period.parse(code), "administrative", by=by, map_=map_)
    names = names_of(plan, map_, AUTUMN.date(), window(Period.parse(code), "administrative").last_day)
    spoken = {row.indicator for one in ledger for entry in one.batch.entries for row in entry.rows}
    for one in shown(plan, view, None, by):
        if one.value or one.indicator.code in spoken:
            assert adds_up(ledger, one, names), one


@settings(max_examples=25)
@given(
    heard=heard,
    agency=st.sampled_from(AGENCIES),
    code=st.sampled_from(PERIODS),
)
async def test_the_events_of_an_agencys_report_add_up_to_its_figures(
    plan: Plan, heard: list[list[bytes]], agency: str, code: str
) -> None:
    reporting, ledger = await heard_by(plan, heard)
    last_day = window(Period.parse(code), "administrative").last_day
    view = await queries.summary(reporting.deps, Period.parse(code), "administrative", agency=agency, map_="answering")
    names = names_of(plan, "answering", AUTUMN.date(), last_day)
    spoken = {row.indicator for one in ledger for entry in one.batch.entries for row in entry.rows}
    for one in shown(plan, view, agency, None):
        if one.value or one.indicator.code in spoken:
            assert adds_up(ledger, one, names), one
