"""The page of a report: who sees what, and what a browser may send."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.services.reporting.reports.asking import get, handed_in
from tests.services.reporting.test_routes import Office

PAGE = "/periods/2021-Q2/report"
OURS = {"Sec-Fetch-Site": "same-origin"}
PDF = ("Biên bản.pdf", b"%PDF-1.7 x", "application/pdf")


async def sent(
    office: Office,
    fields: Mapping[str, Any],
    headers: Mapping[str, str] = OURS,
    *,
    path: str = PAGE,
    key: str = "SNV",
    **more: Any,
) -> httpx.Response:
    """As a browser sends a form: the key was told to it once, for the name and password of HTTP Basic."""
    return await office.http.post(path, data=fields, auth=("văn thư", key), headers=headers, **more)


async def test_a_clerk_reads_the_draft_and_fills_it_in(office: Office) -> None:
    await office.hear(3)
    page = await get(office, PAGE)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "Trong kỳ có 3 lớp đào tạo, bồi dưỡng" in page.text
    assert 'name="words:II.3.b"' in page.text

    fields = {
        "outcome": "activity",
        "words:II.3.b": "Đã mở 03 lớp.",
        "declared:II.3.b/classes": "4",
        "estimate:II.3.b/classes": "1.200",
        "proposals": "Bổ sung kinh phí.",
        "obstacle": "Thiếu giảng viên",
    }
    answer = await sent(office, fields, files=[("files", PDF)])
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?sent=true")
    told = (await get(office, "/v1/reports/SNV/2021-Q2")).json()
    assert (told["words"], told["declared"]) == ({"II.3.b": "Đã mở 03 lớp."}, {"II.3.b/classes": 4})
    assert (told["estimates"], told["proposals"]) == ({"II.3.b/classes": 1200}, ["Bổ sung kinh phí."])
    assert [file["name"] for file in told["attachments"]] == ["Biên bản.pdf"]
    [obstacle] = (await get(office, "/v1/obstacles")).json()["obstacles"]
    assert obstacle["text"] == "Thiếu giảng viên"

    again = (await get(office, answer.headers["location"])).text
    for shown in (
        "Đã nhận báo cáo lần 1",
        "Chênh lệch cần đối chiếu (1)",
        "Đã mở 03 lớp.",
        'value="1.200"',
        "Biên bản.pdf",
    ):
        assert shown in again


async def test_a_clerk_marks_a_task_and_the_page_shows_it_to_everybody(office: Office) -> None:
    wrong = await sent(office, {"outcome": "activity", "mark:II.3.b": "excused"})
    assert "Nhiệm vụ II.3.b được miễn phải nêu số, ký hiệu văn bản." in wrong.text
    assert '<option value="excused" selected>' in wrong.text
    fields = {"outcome": "activity", "mark:II.3.b": "excused", "mark_document:II.3.b": "12/SNV-VP", "mark:II.4.d": ""}
    assert (await sent(office, fields)).status_code == 303
    own = (await get(office, PAGE)).text
    assert own.count('<option value="excused" selected>') == 1
    assert 'name="mark_document:II.3.b" maxlength="64" value="12/SNV-VP"' in own
    above = (await get(office, f"{PAGE}?agency=SNV", "consolidator")).text
    assert "Được miễn theo văn bản số 12/SNV-VP." in above


async def test_what_has_to_be_mended_is_said_and_nothing_typed_is_lost(office: Office) -> None:
    answer = await sent(
        office, {"outcome": "excused", "words:II.3.b": "Giữ <lời> này", "declared:II.3.b/classes": "ba"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "Số kê khai «Lớp đào tạo, bồi dưỡng» (II.3.b): «ba» không phải số nguyên" in answer.text
    assert "Giữ &lt;lời&gt; này" in answer.text
    refused = await sent(office, {"outcome": "excused"})
    assert "Báo cáo xin miễn phải nêu số, ký hiệu văn bản." in refused.text
    assert await office.store.count("reports") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://reporting"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://reporting.evil.example"},
    ],
)
async def test_a_form_that_another_site_made_the_browser_send_is_refused(
    office: Office, headers: Mapping[str, str]
) -> None:
    refused = await sent(office, {"outcome": "nil"}, headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/other-origin")
    review = {"agency": "SNV", "version": "1", "decision": "accept"}
    assert (await sent(office, review, headers, path=f"{PAGE}/review", key="consolidator")).status_code == 403
    assert await office.store.count("reports") == 0


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://reporting"}, {"Origin": "https://REPORTING"}])
async def test_one_from_the_page_itself_is_taken(office: Office, headers: Mapping[str, str]) -> None:
    assert (await sent(office, {"outcome": "nil"}, headers)).status_code == 303


async def test_no_other_route_takes_what_a_browser_adds_by_itself(office: Office) -> None:
    for path in ("/v1/reports", "/v1/obstacles"):
        answer = await office.http.post(path, json={}, auth=("văn thư", "SNV"), headers=OURS)
        assert answer.status_code == 401


async def test_the_consolidator_returns_and_accepts_on_the_page(office: Office) -> None:
    await handed_in(office, document="215/BC-SNV")
    page = f"{PAGE}?agency=SNV"
    seen = (await get(office, page, "consolidator")).text
    assert "Trả lại để hoàn thiện" in seen
    assert "có hoạt động; văn bản số 215/BC-SNV" in seen
    assert "Trả lại để hoàn thiện" not in (await get(office, page, "leader")).text
    review = {"agency": "SNV", "version": "1", "decision": "return"}
    path, key = f"{PAGE}/review", "consolidator"
    unsaid = await sent(office, review, path=path, key=key)
    assert (unsaid.status_code, "phải nêu ý kiến" in unsaid.text) == (422, True)
    [action] = re.findall(r'method="post" action="([^"]*)"', unsaid.text)
    again = urljoin(path, action)  # of the page that says what is to be mended
    returned = await sent(office, {**review, "remarks": "Nêu rõ số lớp."}, path=again, key=key)
    assert (returned.status_code, returned.headers["location"]) == (303, page)
    clerk = (await get(office, PAGE)).text
    assert "Nêu rõ số lớp." in clerk
    assert "Gửi lại báo cáo" in clerk
    await sent(office, {"outcome": "activity"})
    stale = await sent(office, {**review, "decision": "accept"}, path=path, key=key)
    assert (stale.status_code, "mới nhất là lần 2" in stale.text) == (422, True)
    accepted = await sent(office, {**review, "version": "2", "decision": "accept"}, path=path, key=key)
    assert accepted.status_code == 303
    assert 'name="outcome"' not in (await get(office, PAGE)).text  # what is accepted is read, not filled in


@pytest.mark.parametrize("fields", [{}, {"agency": "SNV"}, {"agency": "SNV", "version": "x", "decision": "accept"},
                                    {"agency": "SNV", "version": "1", "decision": "burn"}])  # fmt: skip
async def test_a_review_that_says_nothing_changes_nothing(office: Office, fields: Mapping[str, str]) -> None:
    await handed_in(office)
    answer = await sent(office, fields, path=f"{PAGE}/review", key="consolidator")
    assert answer.status_code == 422
    assert (await get(office, "/v1/reports/SNV/2021-Q2")).json()["state"] == "submitted"


async def test_the_periods_page_leads_to_reports_and_shows_what_is_to_be_settled(office: Office) -> None:
    await office.hear(2)
    await handed_in(office, declared={"II.3.b/classes": 5})
    own = (await get(office, "/periods/2021-Q2")).text
    assert 'href="2021-Q2/report"' in own
    above = (await get(office, "/periods/2021-Q2", "leader")).text
    assert 'href="2021-Q2/report?agency=SNV"' in above
    assert "Chênh lệch cần đối chiếu (1)" in above


async def test_an_average_of_none_is_no_figure_on_the_page(office: Office) -> None:
    page = await get(office, f"{PAGE}?agency=LMHTX", "consolidator")
    assert page.status_code == 200
    row = page.text.partition("<td>Doanh thu bình quân một HTX (thực hiện)</td>")[2].partition("</tr>")[0]
    assert row.count(">–<") == 5


@pytest.mark.parametrize("encoding", ["unicode_escape", "undefined", "idna", "no-such"])
async def test_an_encoding_in_which_nothing_can_be_read_ends_in_no_failure(office: Office, encoding: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="words:II.3.b"\r\n\r\n\\ud800\xff\r\n--x--\r\n'
    headers = OURS | {"Content-Type": f"multipart/form-data; boundary=x; charset={encoding}"}
    for path, key in ((PAGE, "SNV"), (f"{PAGE}/review", "consolidator")):
        answer = await office.http.post(path, content=part, auth=("văn thư", key), headers=headers)
        assert answer.status_code in (400, 422)


@pytest.mark.parametrize(("period", "also"), [("2021-Q2", "2021-H1"), ("2021-H1", "2021-Q2"), ("2021-Q1", None)])
async def test_who_has_sent_a_report_is_led_to_the_other_that_ends_on_the_same_day(
    office: Office, period: str, also: str | None
) -> None:
    path = f"/periods/{period}/report"
    before = (await get(office, path)).text
    answer = await sent(office, {"outcome": "nil"}, path=path)
    after = (await get(office, answer.headers["location"])).text
    links = re.findall(r'được nộp riêng: <a href="([^"]*)"', after)
    assert [urljoin(path, link) for link in links] == ([f"/periods/{also}/report"] if also else [])
    assert "được nộp riêng" not in before


async def test_every_link_of_a_page_that_says_what_is_to_be_mended_leads_somewhere(office: Office) -> None:
    await handed_in(office, estimates={"II.3.b/classes": 5})
    path = f"{PAGE}/review"
    page = await sent(office, {"agency": "SNV", "version": "1", "decision": "return"}, path=path, key="consolidator")
    links = {urljoin(path, unescape(link)) for link in re.findall(r'<a href="([^"]*)"', page.text)}
    backs = {urljoin(path, link) for link in re.findall(r'<form method="get" class="back" action="([^"]*)"', page.text)}
    assert backs == {PAGE}
    assert len(links) > 10
    for link in sorted(links):
        assert (await get(office, link, "consolidator")).status_code == 200, link


async def test_one_report_is_handed_in_for_the_quarter_and_the_half_year_at_once(office: Office) -> None:
    page = (await get(office, PAGE)).text
    assert re.findall(r'name="also" value="([^"]*)"', page) == ["2021-H1"]
    fields = {"outcome": "activity", "words:II.3.b": "Đã mở 03 lớp.", "also": "2021-H1"}
    answer = await sent(office, fields, files=[("files", PDF)])
    assert "Cũng đã nhận làm báo cáo 6 tháng đầu năm 2021" in (await get(office, answer.headers["location"])).text
    told = [(await get(office, f"/v1/reports/SNV/{period}")).json() for period in ("2021-Q2", "2021-H1")]
    assert [(one["version"], one["words"]) for one in told] == [(1, {"II.3.b": "Đã mở 03 lớp."})] * 2
    digest = told[0]["attachments"][0]["digest"]
    assert told[1]["attachments"] == told[0]["attachments"]
    assert (await get(office, f"/v1/reports/SNV/2021-H1/files/{digest}")).status_code == 200


async def test_a_file_of_the_quarters_report_is_kept_in_one_that_is_the_half_years_too(office: Office) -> None:
    await sent(office, {"outcome": "activity"}, files=[("files", PDF)])
    [file] = (await get(office, "/v1/reports/SNV/2021-Q2")).json()["attachments"]
    assert (await sent(office, {"outcome": "activity", "keep": file["digest"], "also": "2021-H1"})).status_code == 303
    assert (await get(office, "/v1/reports/SNV/2021-H1")).json()["attachments"] == [file]


async def test_figures_of_one_period_are_not_handed_in_for_two(office: Office) -> None:
    fields = {"outcome": "activity", "declared:II.3.b/classes": "3", "also": "2021-H1"}
    answer = await sent(office, fields)
    assert (answer.status_code, "hãy nộp riêng từng kỳ" in answer.text) == (422, True)
    assert re.search(r'name="also" value="2021-H1" checked', answer.text)
    assert await office.store.count("reports") == 0


async def test_who_chose_a_file_is_told_to_choose_it_again_where_something_is_to_be_mended(office: Office) -> None:
    answer = await sent(office, {"outcome": "excused"}, files=[("files", PDF)])
    assert "Tệp đã chọn chưa được nhận, xin chọn lại: «Biên bản.pdf»." in answer.text
    assert "xin chọn lại" not in (await sent(office, {"outcome": "excused"})).text
