"""Proving: what readers are shown against the bytes of the events, so that a wrong cell does not pass."""

from datetime import date

from hypothesis import given, settings

from catalogue.model import Plan
from catalogue.windows import Period
from chassis.store_memory import MemoryStore
from services.reporting.packing import pack_cells, unpack_cells
from services.reporting.provenance.proving import Proof, prove_signed, prove_told
from services.reporting.views import ConsolidationView
from tests.services.reporting.standing import deps_on
from tests.services.reporting.test_past import YEAR, Reporting, batches, classes

PEOPLE, Q2 = "II.3.b/people", Period.parse("2021-Q2")


@settings(max_examples=25)
@given(heard=batches)
async def test_a_figure_is_proved_from_nothing_but_its_events(plan: Plan, heard: list[list[bytes]]) -> None:
    reporting = Reporting(plan)
    for values in heard:
        await reporting.hear(values)
    for code, value in (await reporting.values()).items():
        if value:
            proof = await prove_told(reporting.deps, YEAR, "administrative", plan.indicator_by_code[code])
            assert proof.told == proof.anew == value


async def heard(plan: Plan) -> Reporting:
    reporting = Reporting(plan)
    await reporting.hear([classes("a", date(2021, 6, 1), 10), classes("b", date(2021, 5, 1), 20)])
    return reporting


async def rewritten(reporting: Reporting, more: int) -> None:
    """Somebody with the database at hand adds people to every cell, and leaves all else as it was."""
    store = reporting.deps.store
    for document in await store.find("cells"):
        cells = dict(unpack_cells(document.body["cells"]))
        for key, cell in cells.items():
            if key.indicator == PEOPLE:
                cell.amount += more
        body = {**document.body, "cells": pack_cells(cells)}
        await store.put("cells", document.id, body, expected=document.version)


async def proof(reporting: Reporting, plan: Plan) -> Proof:
    return await prove_told(reporting.deps, Q2, "administrative", plan.indicator_by_code[PEOPLE])


async def test_a_cell_that_was_changed_in_the_database_is_found(plan: Plan) -> None:
    reporting = await heard(plan)
    assert await proof(reporting, plan) == Proof(30, 30, 2)
    await rewritten(reporting, 1_000)
    told = (await reporting.values(Q2))[PEOPLE]
    assert await proof(reporting, plan) == Proof(told, 30, 2)
    assert told > 1_000


async def test_cells_that_were_lost_are_missed(plan: Plan) -> None:
    reporting = await heard(plan)
    left = MemoryStore()
    await left.put_back("ledger", await reporting.deps.store.whole("ledger"))
    found = await prove_told(deps_on(plan, left), Q2, "administrative", plan.indicator_by_code[PEOPLE])
    assert found == Proof(0, 30, 2)


async def test_what_is_folded_and_not_yet_shown_is_no_difference(plan: Plan) -> None:
    reporting = await heard(plan)
    await reporting.hear([classes("c", date(2021, 6, 2), 5)], flush=False)
    assert await proof(reporting, plan) == Proof(30, 30, 2)
    await reporting.hear([])
    assert await proof(reporting, plan) == Proof(35, 35, 3)


async def test_a_signed_figure_is_proved_by_what_was_known_when_it_was_frozen(plan: Plan) -> None:
    reporting, people = await heard(plan), plan.indicator_by_code[PEOPLE]
    assert await prove_signed(reporting.deps, Q2, people) is None
    await reporting.signed(Q2)
    await reporting.hear([classes("late", date(2021, 6, 2), 5)])
    assert await prove_signed(reporting.deps, Q2, people) == Proof(30, 30, 2)
    assert await proof(reporting, plan) == Proof(35, 35, 3)


async def test_a_signed_figure_that_was_changed_in_the_database_is_found(plan: Plan) -> None:
    reporting = await heard(plan)
    await reporting.signed(Q2)
    document = await reporting.deps.store.get("consolidations", Q2.code)
    assert document is not None
    frozen = ConsolidationView.model_validate_json(document.body["frozen"])
    for figure in (figure for task in frozen.summary.tasks for figure in task.indicators if figure.code == PEOPLE):
        figure.value = 31
    body = {**document.body, "frozen": frozen.model_dump_json(by_alias=True)}
    await reporting.deps.store.put("consolidations", Q2.code, body, expected=document.version)
    assert await prove_signed(reporting.deps, Q2, plan.indicator_by_code[PEOPLE]) == Proof(31, 30, 2)
