"""Every number of a document leads to what is behind it, and what is behind it comes to that number."""

import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from catalogue.model import Plan
from services.reporting.words import number
from tests.services.reporting.crawled import cells_of, opened
from tests.services.reporting.document.word import Word
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import Office

ADDRESS = "http://reporting"
OPEN = {"Kết quả", "Kỳ trước", "Cùng kỳ năm trước", "Ước thực hiện", "Lũy kế", "Số đã ký", "Số hiện nay", "Số báo cáo",
        "Số từ sự kiện"}  # fmt: skip
LAW = {"people": 30, "audience": "officials", "topic": "law"}


def _class(subject: str, people: int, year: int, month: int, agency: str = "SNV") -> bytes:
    at = datetime(year, month, 20, 3, tzinfo=UTC)
    return said(agency, "training.held", subject, at, {**LAW, "people": people, "unit": "178"})


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    """The second quarter of 2021 is consolidated, the first one signed and restated since; later more is heard."""
    office = Office(plan, ADDRESS)
    await office.hear(5)
    fair = {"cooperatives": ["HTX-001", "HTX-002"], "form": "fair"}
    await office.say([_class("a", 3, 2021, 2), _class("b", 7, 2020, 5), _class("c", 11, 2021, 5)])
    await office.say([said("SCT", "trade_promotion.held", "f", datetime(2021, 5, 9, 3, tzinfo=UTC), fair)])
    frozen = (await office.post("/v1/periods/2021-Q1/consolidation", "consolidator")).json()
    signature = {"digest": frozen["digest"], "document": "1/BC", "basis": "Nghị định 09/2019/NĐ-CP"}
    assert (await office.post("/v1/periods/2021-Q1/signature", "consolidator", signature)).status_code == 201
    office.clock.advance(timedelta(hours=1))
    await office.say([_class("late", 2, 2021, 1)])
    for agency, more in (
        ("SNV", {"declared": {"II.3.b/classes": 9}, "estimates": {"II.3.b/classes": 12, "II.1.a/sessions": 4}}),
        ("SCT", {"estimates": {"II.1.a/sessions": 5}}),
    ):
        body = {"periods": ["2021-Q2"], "outcome": "activity", **more}
        assert (await office.post("/v1/reports", agency, body)).status_code == 201
    await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")
    office.clock.advance(timedelta(hours=1))
    await office.say([_class("d", 90, 2021, 4), _class("e", 90, 2021, 2), _class("f", 90, 2020, 5)])
    again = {"periods": ["2021-Q2"], "outcome": "activity", "estimates": {"II.3.b/classes": 99}}
    assert (await office.post("/v1/reports", "SNV", again)).status_code == 201
    yield office
    await office.http.aclose()


async def comes_to(office: Office, target: str, told: str) -> None:
    """What a link leads to is the number that it stands on."""
    if "/figure?" in target:
        assert await opened(office.http, ADDRESS, target) == told, target
        return
    page = await office.http.get(target)
    assert page.status_code == 200, target
    if "/estimates?" in target:
        heading = re.search(r"<h1>Ước thực hiện: [^<]*: ([-.0-9]+) ", page.text)
        assert heading, target
        assert heading[1] == told, target


def _sheets(content: bytes) -> Iterator[tuple[str, str | None, Any]]:
    """Every number under a heading whose numbers open: the heading, where it leads, the number."""
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1:]:
        heads = [cell.value for cell in sheet[3]]
        for row in sheet.iter_rows(min_row=4):
            for head, cell in zip(heads, row, strict=True):
                if head in OPEN and isinstance(cell.value, int):
                    yield head, cell.hyperlink.target if cell.hyperlink else None, cell.value


async def test_every_number_of_the_workbook_opens_to_what_it_was_frozen_from(office: Office) -> None:
    content = (await office.http.get("/v1/periods/2021-Q2/consolidation.xlsx")).content
    found = list(dict.fromkeys(_sheets(content)))
    assert {head for head, _, _ in found} == OPEN - {"Cùng kỳ năm trước"}  # which was before the plan: blank
    assert all(target for _, target, _ in found)
    told = {head: value for head, target, value in found if target and "II.3.b%2Fpeople" in target}
    assert told == {"Kết quả": 16, "Kỳ trước": 5, "Số đã ký": 3, "Số hiện nay": 5}
    nil = [one for one in found if not one[2]]
    for _, target, value in [one for one in found if one[2]] + nil[::100]:
        await comes_to(office, target or "", number(value))


async def test_every_link_of_the_word_document_opens_to_the_number_it_stands_on(office: Office) -> None:
    word = Word((await office.http.get("/v1/periods/2021-Q2/consolidation.docx")).content)
    links = dict.fromkeys(word.links())
    assert len([told for _, told in links if told != "0"]) > 10
    for target, told in links:
        if told != "0":
            await comes_to(office, target, told)


async def test_the_json_tells_where_its_numbers_come_from(office: Office) -> None:
    paper = (await office.http.get("/v1/periods/2021-Q2/consolidation.json")).json()
    figures = {one["code"]: one for task in paper["consolidation"]["summary"]["tasks"] for one in task["indicators"]}
    assert figures.keys() == paper["sources"].keys()
    for code in ("II.3.b/people", "II.3.b/classes", "II.1.a/sessions"):
        for name, path in paper["sources"][code].items():
            answer = (await office.http.get(path)).json()
            assert answer["estimate" if name == "estimate" else "value"] == figures[code][name], path


async def test_the_json_tells_where_restated_and_disputed_numbers_come_from(office: Office) -> None:
    paper = (await office.http.get("/v1/periods/2021-Q2/consolidation.json")).json()
    restatements, discrepancies = paper["consolidation"]["restatements"], paper["consolidation"]["discrepancies"]
    assert restatements
    assert discrepancies
    for note, sources in zip(restatements, paper["restatement_sources"], strict=True):
        assert sources.keys() == {"signed", "now", "moved"}
        for name in ("signed", "now"):
            assert (await office.http.get(sources[name])).json()["value"] == note[name], name
        moved = (await office.http.get(sources["moved"])).json()["figures"]
        assert note["indicator"] in {one["indicator"] for one in moved}
    for one, sources in zip(discrepancies, paper["discrepancy_sources"], strict=True):
        assert sources.keys() == {"declared", "counted"}
        report = (await office.http.get(sources["declared"])).json()
        assert report["declared"][one["indicator"]] == one["declared"]
        assert (await office.http.get(sources["counted"])).json()["value"] == one["counted"]


async def test_an_estimate_opens_to_the_reports_that_declare_it(office: Office) -> None:
    asked = "/v1/periods/2021-Q2/estimates?indicator=II.1.a/sessions"
    frozen = (await office.http.get(f"{asked}&version=1")).json()
    told = [(one["agency"], one["version"], one["estimate"]) for one in frozen["estimates"]]
    assert (frozen["estimate"], told) == (9, [("SCT", 1, 5), ("SNV", 1, 4)])
    now = (await office.http.get(asked)).json()
    assert [(one["agency"], one["estimate"]) for one in now["estimates"]] == [("SCT", 5)]
    own = await office.http.get(f"{asked}&version=1", headers={"Authorization": "Bearer SNV"})
    assert own.json()["estimate"] == 4
    page = (await office.http.get("/periods/2021-Q2/estimates?indicator=II.1.a/sessions&version=1")).text
    cells = [cell for cell in cells_of(page, "estimates") if cell.links]
    for cell in cells:
        [(href, _)] = cell.links
        assert (await office.http.get(f"/periods/2021-Q2/{href}" if href[0] != "/" else href)).status_code == 200
    assert len(cells) == 4
    for path, type_ in (
        ("estimates?indicator=x", "unknown-indicator"),
        (f"{asked[20:]}&version=7", "not-consolidated"),
    ):
        none = await office.http.get(f"/v1/periods/2021-Q2/{path}")
        assert (none.status_code, none.json()["type"]) == (404, f"/problems/{type_}")
