"""Every figure on a page opens to the events that make it, whatever the page shows it of and under."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest

from catalogue.model import Plan
from chassis.listening import Span
from tests.services.reporting.crawled import Cell, cells_of, opened
from tests.services.reporting.said import said
from tests.services.reporting.test_organisation import AFTER, NAMES
from tests.services.reporting.test_routes import PLACE, Office

EVENTFUL = {"Theo sự kiện", "Số đã ký", "Đã biết khi đó", "Hiện nay", "Kết quả", "Kỳ trước", "Cùng kỳ năm trước",
            "Năm trước"}  # fmt: skip
GUIDED = {"topic": "law", "people": 4, "cooperatives": ["HTX-1"]}
INSPECTED = {"cooperatives": ["HTX-1"], "findings": 2}


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    """In 2025, after the districts ended and departments merged."""
    office = Office(plan)
    office.clock.advance(datetime(AFTER.year, AFTER.month, AFTER.day, tzinfo=UTC) - office.clock.now())
    await office.folding.assigned({PLACE: Span(0, 1_000_000)})
    await office.say(
        [
            said("SKHDT", "guidance.held", "g-0", _at(5, 10).replace(year=2024), GUIDED),
            said("SKHDT", "guidance.held", "g-1", _at(1, 10), GUIDED),
            said("STC", "guidance.held", "g-2", _at(4, 10), GUIDED | {"cooperatives": ["HTX-1", "HTX-2"]}),
            said("UBND-178", "inspection.held", "i-1", _at(2, 1), INSPECTED | {"unit": "178"}),
            said("UBND-178", "inspection.held", "i-2", _at(2, 3), INSPECTED),
            said("UBND-05977", "inspection.held", "i-3", _at(7, 9), INSPECTED | {"unit": "05977"}),
            said(
                "UBND-05983",
                "inspection.held",
                "i-4",
                _at(7, 9),
                INSPECTED | {"cooperatives": ["HTX-3"], "unit": "05983"},
            ),
            said("SNV", "training.held", "t-1", _at(6, 20), {"people": 9, "audience": "officials", "topic": "law"}),
        ]
    )
    yield office
    await office.http.aclose()


def _at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 3, tzinfo=UTC)


def figures(cells: list[Cell]) -> list[tuple[str, str]]:
    """Every figure of events, as a link and its words; one without a link is a failure."""
    found = []
    for cell in cells:
        if cell.heading in EVENTFUL and cell.text != "–":
            assert [text for _, text in cell.links] == [cell.text], cell
        found += [link for link in cell.links if "figure?" in link[0]]
    return found


@pytest.mark.parametrize("map_", NAMES)
@pytest.mark.parametrize("by", ["agency", "unit"])
async def test_every_figure_and_every_part_of_it_opens_under_every_map(office: Office, by: str, map_: str) -> None:
    page = f"/periods/2025?by={by}&map={map_}"
    found = dict.fromkeys(figures(cells_of((await office.http.get(page)).text, "figures")))
    told = [link for link in found if link[1] != "0"]
    summary = (await office.http.get(f"/v1/periods/2025/summary?by={by}&map={map_}")).json()
    parts = sum(len(one["breakdown"]) for task in summary["tasks"] for one in task["indicators"])
    assert parts == sum(f"&{by}=" in href for href, _ in found) > 5
    for href, value in told:
        assert await opened(office.http, page, href) == value
    for href, value in [link for link in found if link[1] == "0"][::200]:
        assert await opened(office.http, page, href) == value


@pytest.mark.parametrize(
    ("agency", "period", "told"),
    [("STC", "2025-Q2", {"1", "2"}), ("STC", "2025", {"1", "2"}), ("UBND-178", "2025-Q1", {"1", "2"})],
)
async def test_every_figure_of_an_agencys_report_opens_to_what_it_answers_for(
    office: Office, agency: str, period: str, told: set[str]
) -> None:
    page = f"/periods/{period}/report?agency={agency}"
    found = dict.fromkeys(figures(cells_of((await office.http.get(page)).text, "declaring")))
    assert {value for _, value in found} - {"0", "–"} == told
    for href, value in found:
        if value != "0":
            assert await opened(office.http, page, href) == value


async def test_a_version_of_a_report_opens_to_what_was_known_when_it_was_handed_in(office: Office) -> None:
    headers, law = {"Authorization": "Bearer SNV"}, {"people": 9, "audience": "officials", "topic": "law"}
    body = {"periods": ["2025-Q3"], "outcome": "activity", "declared": {"II.3.b/people": 10}}
    office.clock.advance(timedelta(days=50))
    assert (await office.post("/v1/reports", "SNV", body)).status_code == 201
    office.clock.advance(timedelta(hours=1))
    await office.say([said("SNV", "training.held", "t-2", _at(7, 20), law)])
    page = (await office.http.get("/periods/2025-Q3/report", headers=headers)).text
    told = dict.fromkeys(figures(cells_of(page, "declaring")) + figures(cells_of(page, "discrepancies")))
    said_so = "Số kê khai và ước thực hiện do cơ quan nêu trong báo cáo lần 1, không tính từ sự kiện."
    assert said_so in " ".join(page.split())
    [(then, _)] = [link for cell in cells_of(page, "versions") for link in cell.links if "as_of" in link[0]]
    past = urljoin("/periods/2025-Q3/report", then)
    back = (await office.http.get(past, headers=headers)).text
    known = dict.fromkeys(figures(cells_of(back, "declaring")) + figures(cells_of(back, "discrepancies")))
    people = [[value for href, value in links if "people" in href and "2025-Q3/" in href] for links in (told, known)]
    assert people == [["18"], ["9", "18"]]  # what is known now; what was then, and now beside it
    assert all(cell.links for cell in cells_of(back, "discrepancies") if cell.heading == "Theo sự kiện")
    for links in (told, known):
        for href, value in links:
            if value != "0":
                assert await opened(office.http, past, href, headers) == value


async def test_an_agencys_own_page_opens_to_what_it_answers_for_now_in_the_year_before_too(office: Office) -> None:
    headers, page = {"Authorization": "Bearer STC"}, "/periods/2025?by=unit"
    found = dict.fromkeys(figures(cells_of((await office.http.get(page, headers=headers)).text, "figures")))
    [before] = {value for href, value in found if "2024/figure" in href and "guided" in href}
    assert before == "1"  # told by the department that it has taken the place of since
    for href, value in found:
        if value != "0":
            assert await opened(office.http, page, href, headers) == value


async def test_a_part_under_todays_names_is_made_by_those_in_whose_place_it_stands(office: Office) -> None:
    asked = "/v1/periods/2025/provenance?indicator=II.4.a.1/guided&agency=STC"
    assert {one["agency"] for one in (await office.http.get(asked)).json()["sources"]} == {"STC"}
    answer = (await office.http.get(f"{asked}&map=today")).json()
    assert (answer["value"], {one["agency"] for one in answer["sources"]}) == (2, {"STC", "SKHDT"})
    district = "/v1/periods/2025/provenance?indicator=II.2.k.2/inspections&map=districts&unit=178"
    assert (await office.http.get(district)).json()["value"] == 3
    page = (await office.http.get("/periods/2025/figure?indicator=II.4.a.1/guided&agency=STC&map=today")).text
    assert "Tính theo cơ quan, đơn vị hiện đang đứng thay." in page
    assert "map=today" in page.partition("provenance.csv?")[2][:120]


async def test_how_far_a_target_is_reached_opens_to_all_its_years(office: Office, plan: Plan) -> None:
    [target, *_] = [one for one in plan.targets if one.covers(2025)]
    asked = {"indicator": target.indicator, "so_far": "true"}
    page = await office.http.get("/periods/2025-Q3/figure", params=asked)
    assert f"Lũy kế từ đầu giai đoạn {target.years}" in page.text
    none = await office.http.get("/v1/periods/2025-Q3/provenance?indicator=II.3.b/classes&so_far=true")
    assert (none.status_code, none.json()["type"]) == (404, "/problems/no-target")


@pytest.mark.parametrize("code", ["2025-Q5", "", "x"])
async def test_a_figure_stands_beside_a_period_or_there_is_none_such(office: Office, code: str) -> None:
    refused = await office.http.get(f"/v1/periods/2025/provenance?indicator=II.3.b/classes&beside={code}")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/unknown-period")


async def test_all_events_of_a_figure_are_exported_as_they_were_heard(office: Office) -> None:
    late = {"people": 1, "audience": "officials", "topic": "law"}
    office.clock.advance(timedelta(hours=1))
    await office.say([said("SNV", "training.held", "t-0", _at(6, 18), late)])
    await office.say([said("SNV", "training.held", "t-1", _at(6, 20), {**late, "people": 7}, revision=2)])
    exported = await office.http.get("/v1/periods/2025-Q3/provenance.csv?indicator=II.3.b/people")
    assert exported.headers["content-disposition"] == 'attachment; filename="nguon-so-lieu-2025-Q3.csv"'
    titles, *rows = csv.reader(io.StringIO(exported.content.decode("utf-8-sig"), newline=""))
    told = [(row[titles.index("Đối tượng")], row[titles.index("Góp vào")]) for row in rows]
    assert told == [("t-0", "1"), ("t-1", "7")]
    last = dict(zip(titles, rows[1], strict=True))
    assert (last["Mã cơ quan"], last["Sự kiện"], last["Lần báo"]) == ("SNV", "Tổ chức đào tạo, bồi dưỡng", "2")
    assert (last["Thời điểm"], last["Góp vào số chia"], last["Hợp tác xã"]) == ("10:00 ngày 20/06/2025", "", "")
