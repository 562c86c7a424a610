"""From an agency's event to the figure, the register and the document, on real servers."""

import io
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import openpyxl
import pytest
from docx import Document

from chassis.store_mongo import MongoStore
from deploy.local.children import ROOT
from deploy.local.stack import Stack
from services.reporting.packing import pack_cells, unpack_cells
from tests.journeys.spine import Province, running, training
from tests.kit.wait import until

pytestmark = [pytest.mark.journey, pytest.mark.broker]

CLASSES = "II.3.b/classes"
PEOPLE = "II.3.b/people"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running() as stack:
        yield stack


@pytest.fixture
async def province(stack: Stack) -> AsyncIterator[Province]:
    province = Province(stack)
    yield province
    await province.http.aclose()


async def test_an_event_said_twice_is_counted_once_and_a_correction_moves_the_figure(province: Province) -> None:
    batch = [training(1, people=30), training(2, people=20), training(1, people=30)]
    receipts = await province.say("SNV", batch)
    assert (receipts["accepted"], receipts["duplicate"], receipts["refused"]) == (2, 1, 0)
    await province.folded(2)
    assert (await province.figure(CLASSES), await province.figure(PEOPLE)) == (2, 50)

    await province.say("SNV", [training(1, people=25, revision=2)])
    await province.folded(3)
    assert (await province.figure(CLASSES), await province.figure(PEOPLE)) == (2, 45)


async def test_a_registered_cooperative_is_known_to_support_and_counted_by_reporting(province: Province) -> None:
    loan = {
        "specversion": "1.0",
        "id": "nhnn-1",
        "source": "urn:nhnn:credit",
        "type": "loan.disbursed",
        "subject": "loan-1/disbursed-1",
        "time": "2021-04-05T09:00:00+07:00",
        "data": {"cooperative": "HTX-J1", "loan": "1", "programme": "decree-55-2015", "amount": 900_000_000},
    }
    held = (await province.say("NHNN", [loan]))["receipts"][0]
    assert held["outcome"] == "held"
    assert "HTX-J1" in held["reason"]
    await province.register("HTX-J1")

    async def active() -> bool:
        summary = await province.get("reporting", "/v1/periods/2021-Q2/summary")
        figures = {i["code"]: i["value"] for task in summary["tasks"] for i in task["indicators"]}
        return 900_000_000 in figures.values() and any(
            value == 1 for code, value in figures.items() if code.startswith("II.4.a.")
        )

    await until(active, what="loan and cooperative are in the figures")


async def test_both_calendars_come_from_one_fold(province: Province) -> None:
    """An event of 20 March is in Q2 by decree 09/2019 and in Q1 by the calendar."""
    before = (await province.get("reporting", "/v1/ledger"))["events"]
    event = {**training(77, people=7), "time": "2021-03-20T09:00:00+07:00"}
    q1, q2 = await province.figure(PEOPLE, "2021-Q1", "calendar"), await province.figure(PEOPLE)
    await province.say("SNV", [event])
    await province.folded(before + 1)
    assert await province.figure(PEOPLE, "2021-Q1", "calendar") == q1 + 7
    assert await province.figure(PEOPLE) == q2 + 7


async def test_a_report_stands_in_the_register_and_a_consolidation_freezes_it(province: Province) -> None:
    register = await province.get("reporting", "/v1/periods/2021-Q2/register")
    assert {duty["state"] for duty in register["duties"]} == {"missing"}
    handed = await province.post(
        "reporting", "/v1/reports", "SNV", json={"periods": ["2021-Q2", "2021-H1"], "outcome": "activity"}
    )
    assert handed.status_code == 201
    assert [report["on_time"] for report in handed.json()["reports"]] == [False, False]
    register = await province.get("reporting", "/v1/periods/2021-Q2/register")
    snv = next(duty for duty in register["duties"] if duty["agency"] == "SNV")
    assert (snv["state"], snv["on_time"]) == ("activity", False)
    assert register["counts"]["missing"] == register["counts"]["expected"] - 1

    path = "/v1/periods/2021-Q2/consolidation"
    assert (await province.post("reporting", path, "SNV")).status_code == 403
    assert (await province.post("reporting", path, "consolidator")).status_code == 201
    again = await province.post("reporting", path, "consolidator")
    assert (again.status_code, again.json()["version"]) == (201, 2)


async def test_a_signed_quarter_stands_whatever_comes_late_and_every_change_is_told(province: Province) -> None:
    path, basis = "/v1/periods/2021-Q1", "Nghị định số 09/2019/NĐ-CP"
    before = (await province.get("reporting", "/v1/ledger"))["events"]
    signed = await province.figure(PEOPLE, "2021-Q1")
    frozen = (await province.post("reporting", f"{path}/consolidation", "consolidator")).json()
    signature = {"digest": frozen["digest"], "document": "9/BC-SKHĐT", "basis": basis}
    answer = await province.post("reporting", f"{path}/signature", "consolidator", json=signature)
    assert answer.status_code == 201, answer.text
    refused = await province.post("reporting", f"{path}/consolidation", "consolidator")
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")

    late = [{**training(8_000 + number, people=7), "time": "2021-02-03T09:00:00+07:00"} for number in range(30)]
    await province.say("SNV", late)
    await province.folded(before + len(late))
    province.stack.restart("reporting")
    await province.folded(before + len(late))
    summary = await province.get("reporting", f"{path}/summary")
    figure = next(one for task in summary["tasks"] for one in task["indicators"] if one["code"] == PEOPLE)
    assert (figure["signed"], figure["value"]) == (signed, signed + 7 * len(late))
    restated = await province.get("reporting", f"{path}/restatements")
    assert {change["subject"] for change in restated["changes"]} == {event["subject"] for event in late}
    then = await province.get("reporting", f"{path}/summary?as_of={quote(frozen['consolidated_at'])}")
    assert next(i["value"] for t in then["tasks"] for i in t["indicators"] if i["code"] == PEOPLE) == signed

    proved = prove(province.stack, "2021-Q1")
    assert proved.returncode == 0, proved.stderr
    assert f"2021-Q1 {PEOPLE} signed: {signed} " in proved.stdout


def prove(stack: Stack, period: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.reporting", "prove", period, PEOPLE],
        env={**os.environ, "MONGODB_URI": stack.mongodb_uri, "MONGODB_DATABASE": "hop_luc_reporting"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_documents_open_and_hold_the_frozen_figures(province: Province) -> None:
    path = "/v1/periods/2021-H1/consolidation"
    frozen = (await province.post("reporting", path, "consolidator")).json()
    word = Document(io.BytesIO((await province.read("reporting", path + ".docx")).content))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    cells = {cell.text for table in word.tables for cell in table._cells}
    book = openpyxl.load_workbook(io.BytesIO((await province.read("reporting", path + ".xlsx")).content))
    sections = [book[name] for name in book.sheetnames if name.startswith("Mục II.")]
    rows = {row[1]: row[4] for sheet in sections for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert "6 tháng đầu năm 2021" in text
    for task in frozen["summary"]["tasks"]:
        assert task["title"] in text
        for indicator in task["indicators"]:
            assert indicator["title"] in cells
            assert rows[indicator["code"]] == (None if indicator["denominator"] == 0 else indicator["value"])
    paper = await province.get("reporting", f"{path}.json?from=province")
    assert paper["consolidation"] == frozen
    assert next(one["code"] for one in paper["heading"]["addressees"]) == "VPCP"
    early = f"{path}.docx?issued_on=2021-06-01"
    headers = {"Authorization": f"Bearer {province.stack.api_keys['leader']}"}
    refused = await province.http.get(province.stack.services["reporting"] + early, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/issued-too-early")


async def test_reporting_killed_again_and_again_in_mid_stream_counts_every_event_once(province: Province) -> None:
    before, chance = await province.get("reporting", "/v1/ledger"), random.Random(177)
    start = await province.figure(PEOPLE, "2021-Q3")
    events = [
        {**training(1_000 + number, people=number % 40), "time": "2021-07-20T09:00:00+07:00"} for number in range(3_000)
    ]
    batches = [events[first : first + 250] for first in range(0, len(events), 250)]
    for number, batch in enumerate(batches):
        assert (await province.say("SNV", batch))["accepted"] == len(batch)
        if number % 4 == 1:
            province.stack.kill("reporting")
            await province.say("SNV", chance.sample(events[: number * 250], 50))  # said again while it is down
            province.stack.restart("reporting")
    ledger = await province.folded(before["events"] + len(events))
    assert ledger["events"] == before["events"] + len(events)
    assert await province.figure(PEOPLE, "2021-Q3") == start + sum(number % 40 for number in range(3_000))


async def test_a_cell_that_was_changed_in_the_database_is_found_by_the_command(province: Province) -> None:
    before = (await province.get("reporting", "/v1/ledger"))["events"]
    await province.say("SNV", [training(9_000, people=11)])
    await province.folded(before + 1)
    shown = await province.figure(PEOPLE)
    assert prove(province.stack, "2021-Q2").returncode == 0
    store = MongoStore.open(province.stack.mongodb_uri, "hop_luc_reporting")
    try:
        found = next(
            (document, cells, key)
            for document in await store.find("cells")
            for cells in (dict(unpack_cells(document.body["cells"])),)
            for key in cells
            if key.indicator == PEOPLE and "2021-03-15" <= key.stretch <= "2021-06-14"
        )
        document, cells, key = found
        cells[key].amount += 1
        body = {**document.body, "cells": pack_cells(cells)}
        await store.put("cells", document.id, body, expected=document.version)
    finally:
        await store.close()
    proved = prove(province.stack, "2021-Q2")
    assert (proved.returncode, f"readers are shown {shown + 1}" in proved.stderr) == (1, True), proved.stderr
