"""A form of every kind: what is filled in comes back as the same event."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.workbook.cells import cell_of
from chassis.workbook.layout import Layout
from chassis.workbook.package import Limits
from chassis.workbook.read import read
from chassis.workbook.rows import Row
from chassis.workbook.write import returned, template
from contracts import envelope
from contracts.kinds import KINDS
from services.support.forms import column_at, event_of, layout_of, says_the_same
from tests.services.support.inventing import events
from tests.services.support.saying import said

LIMITS = Limits(rows=100, columns=100, unpacked=10_000_000)
SUPPORTS = sorted(name for name, kind in KINDS.items() if kind.speaker == "support")


def values_of(event: dict[str, Any]) -> dict[str, Any]:
    """What a clerk fills in to say the event."""
    data = {f"data.{name}": value for name, value in event["data"].items()}
    day = datetime.fromisoformat(event["time"]).date()
    head = {name: value for name, value in event.items() if name in ("subject", "revision", "retracted")}
    return {**head, **data, "time": day}


def typed(layout: Layout, event: dict[str, Any]) -> Row:
    values = values_of(event)
    return Row(0, {column.name: cell_of(column.holds, values.get(column.name)) for column in layout.columns}, values)


@pytest.mark.parametrize("name", SUPPORTS)
@given(data=st.data())
@settings(max_examples=2)
def test_what_is_filled_in_comes_back_as_the_same_event(plan: Plan, name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    layout = layout_of(kind, plan.units)
    meant = data.draw(st.lists(events(kind), min_size=4, max_size=4))
    content = returned(layout, [(typed(layout, event), "") for event in meant], rows=10)
    example, *rows = read(content, {name: layout}.get, LIMITS).rows
    assert example.example
    for row, event in zip(rows, meant, strict=True):
        assert row.faults == ()
        back = event_of(kind, row)
        data_of = {"reason": event["retracted"]} if "retracted" in event else event["data"]
        sent = said({**event, "data": data_of, "specversion": "1.0", "id": "1", "source": "/elsewhere"})
        assert says_the_same(back, sent), (back, sent)


@pytest.mark.parametrize("name", SUPPORTS)
def test_a_template_is_empty_but_for_an_example_that_the_contract_takes(plan: Plan, name: str) -> None:
    kind, today = KINDS[name], date(2026, 1, 5)
    layout = layout_of(kind, plan.units_on(today))
    (example,) = read(template(layout, rows=10), {name: layout}.get, LIMITS).rows
    assert (example.example, example.faults) == (True, ())
    event = envelope.read(event_of(kind, example))
    assert plan.unit(event.data.unit or "").stands_on(today)  # type: ignore[union-attr]


def row(**values: Any) -> Row:
    return Row(4, {}, {"subject": "course-7", "time": date(2021, 5, 12), **values})


@pytest.mark.parametrize(
    ("more", "id"),
    [
        ({}, "course-7/post.filled/1"),
        ({"data.posts": 4}, "course-7/post.filled/1"),
        ({"revision": 2}, "course-7/post.filled/2"),
        ({"revision": 3, "retracted": "trùng"}, "course-7/post.filled.retracted/3"),
        ({"id": "x"}, "x"),
    ],
)
def test_the_same_row_is_the_same_event_and_a_corrected_or_retracted_one_another(more: dict[str, Any], id: str) -> None:
    assert envelope.read(event_of(KINDS["post.filled"], row(**{"data.posts": 3} | more))).envelope.id == id


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/data/people", "data.people"),
        ("/data/cooperatives/3", "data.cooperatives"),
        ("/time", "time"),
        ("/type", None),
        ("/data", None),
        ("", None),
    ],
)
def test_a_pointer_leads_to_its_column(plan: Plan, pointer: str, column: str | None) -> None:
    assert column_at(pointer, layout_of(KINDS["training.held"], plan.units)) == column


def test_an_event_says_the_same_whatever_the_speakers_unit_adds_and_nothing_else() -> None:
    kind = KINDS["loan.disbursed"]
    loan = {"data.cooperative": "HTX-1", "data.loan": "7", "data.programme": "support-fund", "data.amount": 5}
    sent = event_of(kind, row(**loan))
    assert says_the_same(sent, sent)
    assert says_the_same(sent, event_of(kind, row(**loan, **{"data.unit": "183"})))
    assert not says_the_same(event_of(kind, row(**loan, **{"data.unit": "181"})), event_of(kind, row(**loan)))
    assert not says_the_same(sent, event_of(kind, row(**loan | {"data.amount": 6})))
    assert not says_the_same(sent, event_of(kind, row(**loan, retracted="nhầm")))
