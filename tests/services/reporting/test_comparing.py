"""Which periods a page compares with, and the second half-year, which is only compared with."""

import re
from datetime import timedelta

import pytest

from tests.services.reporting.test_routes import REPORT, Office, office

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
