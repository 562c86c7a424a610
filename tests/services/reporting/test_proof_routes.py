"""What can be asked about a figure, and about events that nobody has accepted yet."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalogue.model import Plan
from chassis.listening import Span
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import PLACE, Office

JUNE = datetime(2021, 6, 1, 3, tzinfo=UTC)
CLASS = {"audience": "officials", "topic": "law", "people": 1}


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()


async def test_a_figure_opens_to_what_it_was_frozen_from_though_more_is_heard_at_the_same_moment(
    office: Office,
) -> None:
    path, asked = "/v1/periods/2021-Q2", "indicator=II.3.b/classes"
    for version in (1, 2, 3):
        await office.hear(version)
        assert (await office.post(f"{path}/consolidation", "consolidator")).json()["version"] == version
    for version in (1, 2, 3):
        told = (await office.http.get(f"{path}/provenance?{asked}&version={version}")).json()
        assert (told["value"], told["events"]) == (version, version)
    page = (await office.http.get(f"/periods/2021-Q2/figure?{asked}&version=2")).text
    assert "Số đã chốt khi tổng hợp quý II năm 2021 lần 2." in page
    assert "version=2" in page.partition("provenance.csv?")[2][:120]
    assert (await office.http.get(f"{path}/provenance?{asked}&version=4")).status_code == 404


async def test_all_that_is_frozen_tells_of_the_same_reports(office: Office) -> None:
    office.store.reads.clear()
    await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")
    assert office.store.reads["reports"] == 1


async def test_what_a_consolidation_replaces_is_kept_beside_it_and_makes_it_no_longer(office: Office) -> None:
    sizes = set()
    for _ in range(3):
        await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")
        document = await office.store.get("consolidations", "2021-Q2")
        assert document is not None
        sizes.add(len(str(document.body)))
    assert len(sizes) == 1
    assert await office.store.count("old_consolidations") == 2


@pytest.mark.parametrize(
    "odd", [{"time": "9999-12-31T23:59:59Z"}, {"subject": "\ud800"}, {"data": {**CLASS, "people": 2**70}}]
)
async def test_what_is_no_event_cannot_be_previewed(office: Office, odd: dict[str, Any]) -> None:
    event = json.loads(said("SNV", "training.held", "t-9", datetime(2021, 6, 1, tzinfo=UTC), CLASS))
    headers = {"Authorization": "Bearer SNV", "Content-Type": "application/json"}
    refused = await office.http.post("/v1/previews", content=json.dumps([{**event, **odd}]), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed")


async def test_nothing_of_an_exported_figure_is_taken_for_a_formula(office: Office) -> None:
    await office.folding.assigned({PLACE: Span(0, 1_000_000)})
    at = datetime(2021, 6, 1, 3, tzinfo=UTC)
    await office.say([said("SNV", "training.held", f"{sign}1+1", at, CLASS) for sign in "=+-@\t\r"])
    exported = await office.http.get("/v1/periods/2021-Q2/provenance.csv?indicator=II.3.b/classes")
    titles, *rows = csv.reader(io.StringIO(exported.content.decode("utf-8-sig"), newline=""))
    assert {row[titles.index("Đối tượng")] for row in rows} == {f"'{sign}1+1" for sign in "=+-@\t\r"}
    assert {row[titles.index("Góp vào")] for row in rows} == {"1"}


@pytest.mark.parametrize(
    ("sign", "kind", "code"), [(1, "revenue", "II.4.đ.1/revenue"), (-1, "profit", "II.4.đ.1/profit")]
)
async def test_what_one_agency_says_never_comes_to_more_than_can_be_told(
    office: Office, sign: int, kind: str, code: str
) -> None:
    largest, of = 2**53 - 1, 2_100
    year = {"cooperative": "HTX-1", "year": 2020, "form": "htx", "sector": "agriculture", "revenue": 0, "wages": 0}
    told = {**year, "profit": 0, "workers": 0, kind: sign * largest}
    await office.folding.assigned({PLACE: Span(0, 1_000_000)})
    await office.say(
        [
            said("SNV", "activity.reported", f"HTX-1/{number}", JUNE + timedelta(seconds=number), told)
            for number in range(of)
        ]
    )
    frozen = await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")
    for answer in (await office.http.get("/v1/periods/2021-Q2/summary"), frozen):
        tasks = answer.json().get("summary", answer.json())["tasks"]
        assert {one["value"] for task in tasks for one in task["indicators"] if one["code"] == code} == {
            sign * largest * of
        }
    for form in ("docx", "xlsx"):
        assert (await office.http.get(f"/v1/periods/2021-Q2/consolidation.{form}")).status_code == 200
