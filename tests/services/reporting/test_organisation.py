"""After mergers and the end of districts: the same data under the names of the day, today's, or the old districts'."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period, window
from services.reporting.figures import Dimension, Question, figures
from services.reporting.fold import Cells, Counting, apply, entry_of
from services.reporting.model import Figure
from services.reporting.organisation import MapName, Names, NamesName, names, names_of
from services.reporting.worth import Pairs
from tests.services.reporting.said import event, said

BEFORE, AFTER = date(2024, 6, 1), date(2025, 8, 1)
MAPS: tuple[MapName, ...] = ("day", "today", "districts")
NAMES: tuple[NamesName, ...] = (*MAPS, "answering")
INSPECTED, GUIDED = "II.2.k.2/inspections", "II.4.a.1/guided"
_TOLD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("SKHDT", "guidance.held", {"topic": "law", "people": 4, "cooperatives": ["HTX-1"]}),
    ("STC", "guidance.held", {"topic": "law", "people": 4, "cooperatives": ["HTX-1", "HTX-2"]}),
    ("UBND-178", "inspection.held", {"cooperatives": ["HTX-1"], "findings": 2, "unit": "178"}),
    ("UBND-178", "inspection.held", {"cooperatives": ["HTX-3"], "findings": 1}),
    ("UBND-05977", "inspection.held", {"cooperatives": ["HTX-1"], "findings": 3, "unit": "05977"}),
    ("UBND-05983", "inspection.held", {"cooperatives": ["HTX-2", "HTX-1"], "findings": 4, "unit": "05983"}),
    ("UBND-06001", "inspection.held", {"cooperatives": ["HTX-2"], "unit": "06001"}),
    ("SNV", "training.held", {"people": 9, "audience": "officials", "topic": "law", "unit": "05977"}),
    ("SLDTBXH", "training.held", {"people": 7, "audience": "workers", "topic": "vocational", "unit": "180"}),
)


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


@st.composite
def told(draw: st.DrawFn) -> list[bytes]:
    """What agencies told in 2025, while each of them stood."""
    found = []
    for number in range(draw(st.integers(0, 15))):
        agency, kind, data = draw(st.sampled_from(_TOLD))
        first = 183 if data.get("unit", "").startswith("0") else 62 if agency == "STC" else 0
        last = 330 if first or agency == "SNV" else 55
        at = datetime(2025, 1, 1, 3, tzinfo=UTC) + timedelta(draw(st.integers(first, last)))
        found.append(said(agency, kind, f"{kind}-{number}", at, data))
    return found


def cells(counting: Counting, values: list[bytes]) -> Pairs:
    state = Cells(counting.stocks)
    for value in values:
        apply(state, entry_of(event(value), counting))
    return [pair for bucket in state.buckets.values() for pair in bucket.items()]


def asked(plan: Plan, pairs: Pairs, by_names: Names, **more: Any) -> dict[str, Figure]:
    question = Question(window(Period.parse("2025"), "administrative"), names=by_names, **more)
    return figures(plan, question, pairs, frozenset(), frozenset())


def united(pairs: Pairs, indicator: str, by: Dimension, by_names: Names) -> dict[str, set[str]]:
    """The cooperatives of each part, by walking over all cells once more."""
    found: dict[str, set[str]] = {}
    for own, cell in pairs:
        if own.indicator == indicator:
            key = by_names.of(own)
            found.setdefault(key.agency if by == "agency" else key.unit, set()).update(cell.members)
    return found


@given(values=told(), by=st.sampled_from(("agency", "unit")), map_=st.sampled_from(NAMES))
def test_under_any_map_the_parts_make_the_whole_and_nothing_is_lost_or_counted_twice(
    plan: Plan, counting: Counting, values: list[bytes], by: Dimension, map_: NamesName
) -> None:
    pairs, under = cells(counting, values), names_of(plan, map_, AFTER, AFTER)
    as_told = asked(plan, pairs, names(plan, "day", AFTER))
    for code, figure in asked(plan, pairs, under, by=by).items():
        assert figure.value == as_told[code].value
        measure = plan.indicator_by_code[code].measure
        if measure in ("count", "sum", "stock"):
            assert sum(figure.breakdown.values()) == figure.value
        elif measure == "distinct":
            sets = united(pairs, code, by, under)
            assert dict(figure.breakdown) == {part: len(members) for part, members in sets.items()}
            assert figure.value == len(set().union(*sets.values()))


@given(values=told(), map_=st.sampled_from(MAPS))
def test_what_is_told_of_one_part_is_what_the_breakdown_says_of_it(
    plan: Plan, counting: Counting, values: list[bytes], map_: MapName
) -> None:
    pairs, under = cells(counting, values), names(plan, map_, AFTER)
    whole = asked(plan, pairs, under, by="agency")
    parts = {part for figure in whole.values() for part in figure.breakdown}
    for part in parts:
        alone = asked(plan, pairs, under, agency=part)
        assert all(alone[code].value == figure.breakdown.get(part, 0) for code, figure in whole.items())


def test_merged_departments_are_read_under_the_one_that_stands_today_and_share_its_cooperatives(
    plan: Plan, counting: Counting
) -> None:
    january, april = datetime(2025, 1, 10, 3, tzinfo=UTC), datetime(2025, 4, 10, 3, tzinfo=UTC)
    pairs = cells(
        counting, [said(*_TOLD[0][:2], "g-1", january, _TOLD[0][2]), said(*_TOLD[1][:2], "g-2", april, _TOLD[1][2])]
    )
    by_map = {map_: asked(plan, pairs, names(plan, map_, AFTER), by="agency")[GUIDED].breakdown for map_ in MAPS}
    assert by_map == {"day": {"SKHDT": 1, "STC": 2}, "today": {"STC": 2}, "districts": {"SKHDT": 1, "STC": 2}}
    assert names(plan, "today", BEFORE) == names(plan, "day", BEFORE)


def test_a_district_that_became_several_communes_stays_whole_and_communes_roll_up_to_it(
    plan: Plan, counting: Counting
) -> None:
    pairs = cells(
        counting,
        [
            said("UBND-178", "inspection.held", "i-1", datetime(2025, 2, 1, 3, tzinfo=UTC), _TOLD[2][2]),
            said("UBND-05977", "inspection.held", "i-2", datetime(2025, 7, 9, 3, tzinfo=UTC), _TOLD[4][2]),
            said("UBND-05983", "inspection.held", "i-3", datetime(2025, 7, 9, 3, tzinfo=UTC), _TOLD[5][2]),
        ],
    )
    by_unit = {map_: asked(plan, pairs, names(plan, map_, AFTER), by="unit")[INSPECTED].breakdown for map_ in MAPS}
    assert by_unit["day"] == by_unit["today"] == {"05977": 1, "05983": 1, "178": 1}
    assert by_unit["districts"] == {"178": 3}
    by_agency = asked(plan, pairs, names(plan, "districts", AFTER), by="agency")[INSPECTED].breakdown
    assert by_agency == {"UBND-05977": 1, "UBND-05983": 1, "UBND-178": 1}
    district = asked(plan, pairs, names(plan, "districts", AFTER), unit="178")[INSPECTED]
    assert district.value == 3


def test_every_name_of_a_map_is_one_that_the_plan_knows(plan: Plan) -> None:
    for map_ in MAPS:
        under = names(plan, map_, AFTER)
        assert under.agencies.keys() | set(under.agencies.values()) <= plan.roster.agency.keys()
        assert under.units.keys() | set(under.units.values()) <= plan.roster.unit.keys()
        assert not under.agencies.items() & {(new, old) for old, new in under.agencies.items() if old != new}
    assert set(names(plan, "districts", AFTER).units.values()) == {unit.code for unit in plan.units_on(BEFORE)}
    assert set(names(plan, "today", AFTER).agencies.values()) <= {agency.code for agency in plan.agencies_on(AFTER)}
