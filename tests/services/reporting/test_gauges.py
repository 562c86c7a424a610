"""The present quarter's figures and duties as metrics: the same as is told over HTTP, and no more series than that."""

from datetime import UTC, date, datetime

import pytest

from catalogue.model import Plan
from catalogue.windows import Period
from chassis.clock import ManualClock
from chassis.listening import Place, Record, Span
from chassis.metrics import DUTIES, INDICATOR
from chassis.store_memory import MemoryStore
from contracts.topics import SUPPORT
from services.reporting.deps import Deps
from services.reporting.gauges import Gauges, gauging, quarter_of
from services.reporting.handlers import Folding
from services.reporting.queries import summary
from tests.services.reporting.said import JUNE_EVENTS
from tests.services.reporting.standing import deps_on

JUNE = datetime(2021, 6, 10, 3, tzinfo=UTC)


def series(deps: Deps, name: str) -> dict[tuple[str, ...], float]:
    """Every series of a metric: its labels' values and its own."""
    families = {family.name: family for family in deps.metrics.registry.collect()}
    return {tuple(sample.labels.values()): sample.value for sample in families[name].samples}


@pytest.fixture
async def folded(plan: Plan) -> Deps:
    """June's events, folded, on the tenth of June."""
    deps = deps_on(plan, MemoryStore(), ManualClock(JUNE))
    folding, place = Folding(deps), Place(SUPPORT.name, 0)
    await folding.assigned({place: Span(0, len(JUNE_EVENTS))})
    await folding.hear([Record(*place, offset, None, value) for offset, value in enumerate(JUNE_EVENTS)])
    await folding.flush()
    return deps


async def test_every_indicator_is_told_as_the_summary_tells_it(folded: Deps, plan: Plan) -> None:
    await Gauges(folded).tell()
    view = await summary(folded, Period.parse("2021-Q2"), "administrative")
    told = {
        (task.code, figure.code, figure.unit, "2021-Q2"): float(figure.value)
        for task in view.tasks
        for figure in task.indicators
    }
    assert len(told) == len(plan.indicator_by_code)
    assert any(told.values())
    assert series(folded, INDICATOR.name) == told


async def test_every_duty_of_the_obliged_in_this_quarter_and_the_one_before_stands_somewhere(
    folded: Deps, plan: Plan
) -> None:
    await Gauges(folded).tell()
    for code in ("2021-Q1", "2021-Q2"):
        duties = [duty for duty in plan.duties_for(code) if duty.role == "report"]
        owed = sum(plan.agency(duty.agency).bound != "requested" for duty in duties)
        assert owed < len(duties)
        assert folded.metrics.value(DUTIES, period=code, state="missing") == owed > 0
        assert folded.metrics.value(DUTIES, period=code, state="activity") == 0


async def test_a_quarter_that_is_over_is_forgotten(folded: Deps, plan: Plan) -> None:
    gauges, clock = Gauges(folded), folded.clock
    assert isinstance(clock, ManualClock)
    await gauges.tell()
    clock.set(datetime(2021, 6, 14, 17, tzinfo=UTC))  # the 15th in Vietnam
    await gauges.tell()
    assert {labels[3] for labels in series(folded, INDICATOR.name)} == {"2021-Q3"}
    assert {labels[0] for labels in series(folded, DUTIES.name)} == {"2021-Q2", "2021-Q3"}
    assert len(series(folded, INDICATOR.name)) == len(plan.indicator_by_code)


@pytest.mark.parametrize(
    ("day", "code"), [("2021-12-14", "2021-Q4"), ("2021-12-15", "2022-Q1"), ("2021-03-14", "2021-Q1")]
)
def test_the_present_quarter_is_that_of_the_report(day: str, code: str) -> None:
    assert quarter_of(date.fromisoformat(day)).code == code


def test_they_can_be_turned_off(plan: Plan) -> None:
    assert gauging(deps_on(plan, MemoryStore()), 0.0).run is None
