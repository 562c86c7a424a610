"""Over HTTP and on pages: what is of a moment says so, cannot be changed, and leads on to the same moment."""

import html
import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from tests.services.reporting.standing import JULY
from tests.services.reporting.test_routes import REPORT, Office, office

__all__ = ["office"]

PERIOD = "/v1/periods/2021-Q2"
JSON = (
    f"{PERIOD}/summary",
    f"{PERIOD}/register",
    f"{PERIOD}/tasks/register",
    f"{PERIOD}/discrepancies",
    f"{PERIOD}/draft?agency=SNV",
    "/v1/years/2021/register",
    "/v1/reports/SNV/2021-Q2",
)
TABLES = (f"{PERIOD}/register.csv", f"{PERIOD}/tasks/register.csv", "/v1/years/2021/register.csv")
PAGES = ("/periods/2021-Q2", "/periods/2021-Q2/report?agency=SNV", "/years/2021")
ESTIMATES = "/periods/2021-Q2/estimates?indicator=II.3.b/classes"
THEN = JULY + timedelta(minutes=30)


async def lived(office: Office) -> None:
    """On 1 July a report is handed in; later it is returned, classes are heard of and the period is signed."""
    figures = {"declared": {"II.3.b/classes": 2}, "estimates": {"II.3.b/classes": 4}}
    declared = {"periods": ["2021-Q2"], "outcome": "activity", **figures}
    assert (await office.post("/v1/reports", "SNV", declared)).status_code == 201
    office.clock.advance(timedelta(hours=1))
    await office.hear(3)
    back = {"version": 1, "remarks": "Thiếu số liệu."}
    assert (await office.post("/v1/reports/SNV/2021-Q2/return", "consolidator", back)).status_code == 201
    digest = (await office.post(f"{PERIOD}/consolidation", "consolidator")).json()["digest"]
    signature = {"digest": digest, "document": "1/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}
    assert (await office.post(f"{PERIOD}/signature", "consolidator", signature)).status_code == 201
    office.clock.advance(timedelta(days=1))


@pytest.mark.parametrize("path", [*JSON, *TABLES])
async def test_each_answer_is_of_the_moment_it_is_asked_for(office: Office, path: str) -> None:
    await lived(office)
    path, _, query = path.partition("?")
    path += f"?{query}&" if query else "?"
    told = {when: (await office.http.get(f"{path}{when}")).text for when in ("", f"as_of={THEN:%Y-%m-%dT%H:%M:%SZ}")}
    now, then = told.values()
    assert now != then
    if not path.startswith(TABLES):
        assert f'"as_of":"{THEN:%Y-%m-%dT%H:%M:%SZ}"' in then or "/v1/reports/" in path
    ahead = (await office.http.get(f"{path}as_of=2999-01-01T00:00:00Z")).text
    assert ahead == now  # what is not over yet is now
    refused = await office.http.get(f"{path}as_of=2021-06-30")
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    for far in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert (await office.http.get(f"{path}as_of={far}")).status_code in (200, 404)


async def test_a_register_of_the_past_knows_neither_what_came_later_nor_that_it_is_late(office: Office) -> None:
    await lived(office)
    moments: dict[str, tuple[str, bool, str | None]] = {
        "2021-06-20T00:00:00Z": ("missing", False, None),
        "2021-06-30T00:00:00Z": ("missing", True, None),
        "2021-07-01T03:30:00Z": ("activity", False, "submitted"),
        "": ("missing", True, "returned"),
    }
    for moment, expected in moments.items():
        answer = await office.http.get(f"{PERIOD}/register", params={"as_of": moment} if moment else None)
        [duty] = [duty for duty in answer.json()["duties"] if duty["agency"] == "SNV"]
        assert (duty["state"], duty["overdue"], duty["report_state"]) == expected


async def test_an_acceptance_is_still_known_of_its_time_after_the_report_was_returned(office: Office) -> None:
    assert (await office.post("/v1/reports", "SNV", REPORT)).status_code == 201
    states = {}
    for path, body in (("acceptance", {"version": 1}), ("return", {"version": 1, "remarks": "Thiếu số liệu."})):
        office.clock.advance(timedelta(hours=1))
        answer = await office.post(f"/v1/reports/SNV/2021-Q2/{path}", "consolidator", body)
        states[office.clock.now()] = answer.json()["state"]
    assert list(states.values()) == ["accepted", "returned"]
    office.clock.advance(timedelta(hours=1))
    for moment, state in {JULY: "submitted", **states}.items():
        told = await office.http.get("/v1/reports/SNV/2021-Q2", params={"as_of": moment.isoformat()})
        assert told.json()["state"] == state
    early = await office.http.get("/v1/reports/SNV/2021-Q2", params={"as_of": "2021-06-01T00:00:00Z"})
    assert (early.status_code, early.json()["type"]) == (404, "/problems/no-report")
    assert "đến 07:00 ngày 01/06/2021" in early.json()["detail"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_of_the_past_says_so_and_leads_on_to_the_same_moment(office: Office, path: str) -> None:
    await lived(office)
    page = (await office.http.get(f"{path}{'&' if '?' in path else '?'}day=2021-06-30")).text
    assert "như đã biết lúc 23:59 ngày 30/06/2021" in page.lower()
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"#][^"]*)"[^>]*>', page)]
    today = {link for link in links if "as_of=2021-06-30T23%3A59%3A59.999999%2B07%3A00" not in link}
    words = dict(re.findall(r'<a href="([^"#][^"]*)"[^>]*>([^<]*)</a>', page))
    for link in today:
        told = words[html.escape(link)]
        leads_to_now = "hiện nay" in told or "figure?" in link  # a figure of the column that says so
        assert leads_to_now, (link, told)
    assert any("as_of" in link for link in links)


async def test_a_draft_of_the_past_is_only_to_read_and_shows_then_beside_now(office: Office) -> None:
    await lived(office)
    path, query = "/periods/2021-Q2/report", f"?as_of={THEN:%Y-%m-%dT%H:%M:%SZ}"
    for key, mine in (("SNV", ""), ("consolidator", "&agency=SNV")):
        headers = {"Authorization": f"Bearer {key}"}
        page = (await office.http.get(f"{path}{query}{mine}", headers=headers)).text
        assert "chỉ để đọc" in page
        assert "Lần 1: Chờ tiếp nhận" in page
        assert 'method="post"' not in page
        row = page[page.index("<td>Lớp đào tạo, bồi dưỡng</td>") :]
        assert re.findall(r'<td class="n"><a [^>]*>([^<]*)</a></td>', row)[:2] == ["0", "3"]
        now = (await office.http.get(f"{path}?{mine[1:]}", headers=headers)).text
        assert "Lần 1: Bị trả lại" in now
    clerk = await office.http.get(path, headers={"Authorization": "Bearer SNV"})
    assert 'method="post"' in clerk.text


async def test_a_page_of_the_past_shows_no_signature_that_came_later(office: Office) -> None:
    await lived(office)
    for when, state in (("", "Đã ký báo cáo"), (f"?as_of={THEN:%Y-%m-%dT%H:%M:%SZ}", "Kỳ đang mở")):
        page = (await office.http.get(f"/periods/2021-Q2{when}")).text
        assert f">{state}<" in page
        assert ("Đã ký tại văn bản" in page) == ("Số đã ký</th>" in page) == (when == "")


async def test_who_expected_what_then_leads_on_to_the_same_moment(office: Office) -> None:
    await lived(office)
    page = (await office.http.get(f"{ESTIMATES}&as_of={THEN:%Y-%m-%dT%H:%M:%SZ}")).text
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]*)"', page)]
    assert [link.partition("?")[0] for link in links] == ["../2021-Q2", "report", "report"]
    assert all("as_of=2021-07-01T03%3A30%3A00%2B00%3A00" in link for link in links[:2])
    assert "as_of=2021-07-01T03%3A00%3A00%2B00%3A00" in links[2]  # the version, as it was handed in
    for link in links:
        answer = await office.http.get(urljoin("/periods/2021-Q2/estimates", link))
        assert answer.status_code == 200


async def test_a_version_of_a_report_opens_as_the_page_that_was_there_when_it_was_handed_in(office: Office) -> None:
    await lived(office)
    again = {"periods": ["2021-Q2"], "outcome": "activity", "summary": "Đã bổ sung số liệu."}
    assert (await office.post("/v1/reports", "SNV", again)).status_code == 201
    page = (await office.http.get("/periods/2021-Q2/report?agency=SNV")).text
    versions = page.partition("Các lần nộp (2)")[2]
    second, first = [
        (await office.http.get(urljoin("/periods/2021-Q2/report", html.unescape(link)))).text
        for link in re.findall(r'<tr><td><a href="([^"]*)"', versions)
    ]
    assert "Các lần nộp (1)" in first
    assert "Đã bổ sung số liệu." not in first
    assert "Đã bổ sung số liệu." in second


async def test_a_figure_of_the_past_stands_beside_what_it_is_now_which_opens(office: Office) -> None:
    await lived(office)
    asked = "/periods/2021-Q2/figure?indicator=II.3.b%2Fclasses"
    assert "Hiện nay:" not in (await office.http.get(asked)).text
    page = (await office.http.get(asked, params={"indicator": "II.3.b/classes", "as_of": THEN.isoformat()})).text
    assert re.search(r"<h1>[^<]*: 0 lớp</h1>", page)
    link = re.search(r'Hiện nay: <a href="([^"]*)">3</a> lớp', page)
    assert link
    now = (await office.http.get(urljoin(asked, html.unescape(link[1])))).text
    assert re.search(r"<h1>[^<]*: 3 lớp</h1>", now)
