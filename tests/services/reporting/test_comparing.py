"""Which periods a page compares with, and the second half-year, which is only compared with; a time before the plan."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Plan
from catalogue.windows import Calendar
from tests.services.reporting.crawled import cells_of
from tests.services.reporting.test_past import Reporting
from tests.services.reporting.test_routes import REPORT, Office, office
from tests.services.reporting.test_summary import by_code, guidance, told

__all__ = ["office"]


async def test_a_second_half_year_has_figures_but_no_report_of_its_own(office: Office) -> None:
    office.clock.advance(timedelta(days=365))
    await office.hear(3)
    page = (await office.http.get("/periods/2021-H2")).text
    assert "6 tháng cuối năm 2021" in page
    assert (await office.http.get("/v1/periods/2021-H2/register")).json()["duties"] == []
    handed_in = await office.post("/v1/reports", "SNV", {**REPORT, "periods": ["2021-H2"]})
    assert (handed_in.status_code, handed_in.json()["type"]) == (422, "/problems/no-duty")
    refused = await office.post("/v1/periods/2021-H2/consolidation", "consolidator")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-reported")
    assert "báo cáo năm 2021" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("period", "headings"),
    [
        ("2021-Q2", ["Kỳ trước", "Cùng kỳ năm trước"]),
        ("2021-H1", ["Kỳ trước", "Cùng kỳ năm trước"]),
        ("2021", ["Năm trước"]),
    ],
)
async def test_a_page_has_a_column_for_each_period_it_compares_with_and_none_twice(
    office: Office, period: str, headings: list[str]
) -> None:
    for path in (f"/periods/{period}", f"/periods/{period}/report?agency=SNV"):
        page = (await office.http.get(path)).text
        tables = [table for table in page.split("<table")[1:] if "Chỉ tiêu</th>" in table]
        assert tables
        for table in tables:
            head = re.findall(r'<th class="n wide">([^<]*)</th>', table)
            assert head == headings


@pytest.mark.parametrize(
    ("period", "calendar", "previous", "last_year"),
    [
        ("2021-Q1", "administrative", True, False),  # the plan was signed on 2 November 2020
        ("2021-Q2", "administrative", True, False),
        ("2021-Q4", "administrative", True, True),
        ("2021-H1", "calendar", True, False),
        ("2020-Q4", "calendar", False, False),
        ("2021", "administrative", True, True),
    ],
)
async def test_a_period_that_ended_before_the_plan_has_no_figure_at_all_be_it_a_flow_or_a_stock(
    plan: Plan, period: str, calendar: Calendar, previous: bool, last_year: bool
) -> None:
    reporting = Reporting(plan)
    await reporting.hear([guidance(1, datetime(2020, 5, 1, 3, tzinfo=UTC))])
    found = by_code(await told(reporting, period, calendar)).values()
    told_of = {(one.previous is not None, one.last_year is not None) for one in found if one.measure != "average"}
    assert {one.measure for one in found} >= {"count", "sum", "distinct", "stock"}
    assert told_of == {(previous, last_year)}


async def test_a_time_before_the_plan_is_null_in_json_and_blank_on_the_page(office: Office) -> None:
    figures = [
        one
        for task in (await office.http.get("/v1/periods/2021-Q2/summary")).json()["tasks"]
        for one in task["indicators"]
    ]
    assert {one["last_year"] for one in figures} == {None}
    assert {one["previous"] for one in figures if one["measure"] != "average"} == {0}
    for path, table in (("/periods/2021-Q2", "figures"), ("/periods/2021-Q2/report?agency=SNV", "declaring")):
        cells = cells_of((await office.http.get(path)).text, table)
        assert {cell.text for cell in cells if cell.heading == "Cùng kỳ năm trước"} == {"–"}, path
