"""The register over HTTP: what it tells, to whom, and what it costs."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from catalogue.model import Plan
from catalogue.shares import thousandths
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import Office

TASKS = "/v1/periods/2021-Q2/tasks/register"
SNV = "/v1/reports/SNV/2021-Q2"
REPORT = {"periods": ["2021-Q2", "2021-H1"], "outcome": "nil"}
DECEMBER = datetime(2020, 12, 1, 3, tzinfo=UTC)


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()


async def rows_of(office: Office, path: str, key: str = "leader") -> list[dict[str, str]]:
    answer = await office.http.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_register_tells_rates_of_the_obliged_and_of_the_asked_apart(office: Office, plan: Plan) -> None:
    assert (await office.post("/v1/reports", "SNV", REPORT)).status_code == 201
    found = (await office.http.get("/v1/periods/2021-Q2/register")).json()
    asked = [duty for duty in found["duties"] if duty["bound"] == "requested"]
    assert found["requested"]["duties"] == len(asked) == 6
    assert found["obliged"]["duties"] == len(found["duties"]) - 6
    assert (found["obliged"]["met"], found["obliged"]["on_time"], found["requested"]["met"]) == (1, 0, 0)
    assert found["obliged"]["completeness_permille"] == thousandths(1, found["obliged"]["duties"])
    snv = next(duty for duty in found["duties"] if duty["agency"] == "SNV")
    assert (snv["late_days"], snv["version"]) == (7, 1)  # the 24th of June was the last day; it is the 1st of July


async def test_the_register_of_tasks_is_told_owner_by_owner_in_three_reads(office: Office, plan: Plan) -> None:
    await office.hear(300)
    await office.post("/v1/reports", "SNV", REPORT)
    await office.say([said("STP", "plan.issued", "kh", DECEMBER, {"title": "Kế hoạch", "number": "5/KH-STP"})])
    office.store.reads.clear()
    found = (await office.http.get(TASKS)).json()
    assert office.store.reads == {"cells": 1, "statements": 1, "reports": 1}
    states = {(one["task"], one["agency"]): one["state"] for one in found["entries"]}
    assert (states["II.3.b", "SNV"], states["II.4.d", "SNV"], states["II.1.a", "SNV"]) == ("activity", "nil", "nil")
    assert states["II.2.b", "STC"] == "missing"
    tally = {one["task"]: one for one in found["tasks"]}
    assert (tally["II.2.k.1"]["owners"], tally["II.2.k.1"]["counts"]["missing"]) == (11, 11)
    assert (tally["II.5.a.1"]["bound"], tally["II.1.a"]["bound"]) == ("requested", "ordered")
    assert found["obliged"]["duties"] + found["requested"]["duties"] == len(found["entries"])
    issued = {one["agency"]: one["issued"]["number"] for one in found["plans"] if one["issued"]}
    assert issued == {"STP": "5/KH-STP"}


async def test_an_agency_sees_its_own_tasks_and_year_alone(office: Office) -> None:
    for path, name in ((TASKS, "entries"), ("/v1/years/2021/register", "agencies")):
        found = (await office.http.get(path, headers={"Authorization": "Bearer SNV"})).json()
        assert {one["agency"] for one in found[name]} == {"SNV"}
    assert {row["Mã cơ quan"] for row in await rows_of(office, f"{TASKS}.csv", "SNV")} == {"SNV"}


async def test_a_year_is_six_periods_of_every_agency_and_costs_one_read(office: Office, plan: Plan) -> None:
    await office.post("/v1/reports", "SNV", REPORT)
    office.store.reads.clear()
    year = (await office.http.get("/v1/years/2021/register")).json()
    assert office.store.reads == {"reports": 1}
    duties = [duty for duty in plan.duties(2021) if duty.role == "report"]
    assert year["obliged"]["duties"] + year["requested"]["duties"] == len(duties)
    snv = next(one for one in year["agencies"] if one["agency"] == "SNV")
    assert [(one["period"], one["state"]) for one in snv["periods"]] == [
        ("2021-Q1", "missing"),
        ("2021-Q2", "nil"),
        ("2021-Q3", "missing"),
        ("2021-Q4", "missing"),
        ("2021-H1", "nil"),
        ("2021", "missing"),
    ]
    assert snv["rate"] == {
        "duties": 6,
        "due": 3,  # Q1, Q2 and the half-year; the rest is not over
        "met": 2,
        "on_time": 0,
        "completeness_permille": 667,
        "timeliness_permille": 0,
    }
    assert (await office.http.get("/v1/years/1999/register")).status_code == 422


async def test_the_registers_are_tables_too_in_vietnamese(office: Office) -> None:
    await office.post("/v1/reports", "SNV", {**REPORT, "document": "=1+1"})
    snv = {row["Mã cơ quan"]: row for row in await rows_of(office, "/v1/periods/2021-Q2/register.csv")}["SNV"]
    assert (snv["Kết quả"], snv["Số ngày muộn"], snv["Số, ký hiệu văn bản"]) == ("Không phát sinh", "7", "'=1+1")
    tasks = await rows_of(office, f"{TASKS}.csv")
    assert {row["Ràng buộc"] for row in tasks} == {"Được giao", "Đề nghị"}
    year = [row for row in await rows_of(office, "/v1/years/2021/register.csv") if row["Mã cơ quan"] == "SNV"]
    assert [row["Kỳ báo cáo"] for row in year][:2] == ["quý I năm 2021", "quý II năm 2021"]
    assert {row["Tỷ lệ đầy đủ cả năm"] for row in year} == {"66,7%"}


async def test_a_task_that_a_report_is_silent_on_has_no_result_and_is_not_called_unreported(office: Office) -> None:
    await office.post("/v1/reports", "SNV", {**REPORT, "outcome": "activity"})
    snv = {row["Mã cơ quan"]: row for row in await rows_of(office, "/v1/periods/2021-Q2/register.csv")}["SNV"]
    assert snv["Kết quả"] == "Có hoạt động"
    mine = [row for row in await rows_of(office, f"{TASKS}.csv") if row["Mã cơ quan"] == "SNV"]
    assert {row["Kết quả"] for row in mine} == {"Chưa có kết quả"}
    page = (await office.http.get("/periods/2021-Q2")).text
    heads = page[page.index('<table class="tasks">') :].partition("</thead>")[0]
    assert '<th class="n">Được miễn</th><th class="n">Chưa có kết quả</th>' in heads
    assert "Chưa rõ" not in page


async def test_a_returned_report_is_owed_in_register_year_page_table_and_consolidation(office: Office) -> None:
    await office.post("/v1/reports", "SNV", REPORT)
    await office.post(f"{SNV}/return", "consolidator", {"version": 1, "remarks": "Nêu rõ số lớp."})
    found = (await office.http.get("/v1/periods/2021-Q2/register")).json()
    snv = next(duty for duty in found["duties"] if duty["agency"] == "SNV")
    told = {name: snv[name] for name in ("state", "report_state", "on_time", "overdue", "late_days", "version")}
    assert told == {
        "state": "missing",
        "report_state": "returned",
        "on_time": None,
        "overdue": True,
        "late_days": 7,
        "version": 1,
    }
    assert (found["obliged"]["met"], found["counts"]["missing"]) == (0, found["counts"]["expected"])
    summary = (await office.http.get("/v1/periods/2021-Q2/summary")).json()
    courses = next(one for one in summary["tasks"] if one["code"] == "II.3.b")["indicators"][0]
    assert courses["agencies"] == {"expected": 1, "in": 0}
    [row] = [one for one in await rows_of(office, "/v1/periods/2021-Q2/register.csv") if one["Mã cơ quan"] == "SNV"]
    assert (row["Kết quả"], row["Thời hạn"], row["Số ngày muộn"]) == ("Bị trả lại, chưa nộp lại", "Quá hạn", "7")
    for page in ("/periods/2021-Q2", "/years/2021"):
        assert "Bị trả lại, chưa nộp lại" in (await office.http.get(page)).text
    own = await office.http.get("/periods/2021-Q2/report", headers={"Authorization": "Bearer SNV"})
    assert "đã quá hạn 7 ngày" in own.text
    frozen = (await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")).json()
    assert frozen["register"] == {**found, "period_state": "in_consolidation"}
    await office.post("/v1/reports", "SNV", REPORT)
    again = (await office.http.get("/v1/periods/2021-Q2/register")).json()["obliged"]
    assert (again["met"], again["on_time"]) == (1, 0)


async def test_a_consolidation_freezes_how_tasks_stood(office: Office) -> None:
    path = "/v1/periods/2021-Q2/consolidation"
    frozen = (await office.post(path, "consolidator")).json()
    await office.hear(3)
    live = (await office.http.get(TASKS)).json()
    assert frozen["task_register"]["obliged"]["met"] == 0
    assert live["obliged"]["met"] == 1
    assert (await office.http.get(path)).json() == frozen
    assert (await office.post(path, "consolidator")).json()["task_register"] == live


async def test_the_page_shows_the_time_by_which_a_report_is_punctual_and_that_of_its_newest_version(
    office: Office,
) -> None:
    office.clock.set(datetime(2021, 6, 23, 3, tzinfo=UTC))
    await office.post("/v1/reports", "SNV", REPORT)
    office.clock.set(datetime(2021, 6, 28, 3, tzinfo=UTC))
    await office.post("/v1/reports", "SNV", REPORT)
    page = (await office.http.get("/periods/2021-Q2")).text
    row = page[page.index(">Sở Nội vụ</a>") :].partition("</tr>")[0]
    assert row.index("10:00 ngày 23/06/2021") < row.index("lần 2: 10:00 ngày 28/06/2021") < row.index("Đúng hạn")


async def test_the_page_shows_the_asked_apart_and_the_year_has_one_of_its_own(office: Office) -> None:
    await office.post("/v1/reports", "SNV", REPORT)
    page = (await office.http.get("/periods/2021-Q2")).text
    assert page.index("Cơ quan, đơn vị phải báo cáo") < page.index("Tổ chức được đề nghị báo cáo")
    assert "Muộn 7 ngày" in page
    assert "Nhiệm vụ đề nghị thực hiện" in page
    year = (await office.http.get("/years/2021")).text
    assert "Sổ theo dõi báo cáo năm 2021" in year
    assert "66,7%" in year
    assert "không có nghĩa vụ báo cáo" in (await office.http.get("/years/2019")).text


async def test_bodies_that_are_asked_are_counted_apart_from_those_that_are_obliged(office: Office) -> None:
    found = (await office.http.get("/v1/periods/2021-Q2/register")).json()
    asked = [duty for duty in found["duties"] if duty["bound"] == "requested"]
    assert found["counts_requested"]["expected"] == found["requested"]["duties"] == len(asked) > 0
    assert found["counts"]["expected"] == found["obliged"]["duties"] == len(found["duties"]) - len(asked)
    assert found["counts"]["missing"] == found["counts"]["expected"]


async def test_the_page_names_who_was_late_and_who_said_by_which_document_that_nothing_happened(office: Office) -> None:
    marks = {"II.1.a": {"outcome": "excused", "document": "7/SNV-VP"}, "II.4.d": {"outcome": "nil"}}
    handed_in = await office.post("/v1/reports", "SNV", {**REPORT, "outcome": "activity", "marks": marks})
    assert handed_in.status_code == 201
    page = (await office.http.get("/periods/2021-Q2")).text.partition("Sổ theo dõi nhiệm vụ")[2]
    rows = {row.partition("</a>")[0]: row for row in page.split('<td><a href="#')[1:]}
    excused, nil = (next(row for code, row in rows.items() if code.startswith(f'{task}"')) for task in marks)
    assert "Được miễn: 1</summary>Sở Nội vụ (7/SNV-VP)" in excused
    assert "Muộn: 1</summary>Sở Nội vụ (7 ngày)" in excused
    assert "Không phát sinh: 1</summary>Sở Nội vụ<" in nil
    untouched = next(row for code, row in rows.items() if code.startswith('II.2.k.1"'))
    assert "Muộn:" not in untouched
