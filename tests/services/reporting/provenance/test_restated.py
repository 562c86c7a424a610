"""The page of what changed a signed period since."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from tests.services.reporting.crawled import cells_of, opened
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import Office, office
from tests.services.reporting.test_summary import sign

__all__ = ["office"]

PAGE = "/periods/2021-Q2/restatements"
PEOPLE = "?indicator=II.3.b%2Fpeople"
CLASS = {"audience": "officials", "topic": "law", "people": 30}
JUNE = datetime(2021, 6, 2, 3, tzinfo=UTC)


async def restated(office: Office, late: int = 1) -> None:
    """Three classes are signed; then some more are told of, and one of the first is taken back."""
    await office.say([said("SNV", "training.held", "t-0", JUNE, CLASS)])
    await office.hear(2)
    await sign(office)
    await office.say([said("SNV", "training.held", f"late-{number}", JUNE, CLASS) for number in range(late)])
    taken_back = said("SNV", "training.held.retracted", "t-0", JUNE, {"reason": "nhập nhầm"}, revision=2)
    await office.say([taken_back])


async def test_a_pending_number_opens_to_the_events_that_changed_the_signed_one(office: Office) -> None:
    await restated(office, late=2)
    page = (await office.http.get("/periods/2021-Q2")).text
    pending = [cell for cell in cells_of(page, "figures") if cell.heading == "Chờ điều chỉnh" and cell.links]
    assert pending
    for cell in pending:
        [(href, told)] = cell.links
        answer = await office.http.get(urljoin("/periods/2021-Q2", html.unescape(href)))
        assert answer.status_code == 200
        [moved] = [one.text for one in cells_of(answer.text, "restated") if one.heading == "Chờ điều chỉnh"]
        assert moved == told


async def test_a_page_of_restatements_tells_whose_events_changed_what_and_why(office: Office) -> None:
    await restated(office)
    page = (await office.http.get(f"{PAGE}?indicator=II.3.b/people")).text
    assert "Đã ký tại văn bản 12/BC-SKHĐT" in page
    rows = [cell.text for cell in cells_of(page, "changes")]
    late, back = rows[:8], rows[8:]
    assert late[0] == back[0] == "Sở Nội vụ"
    assert (late[2], late[5:]) == ("late-0", ["Báo sau khi ký", "0", "30"])
    assert (back[2], back[5:]) == ("t-0 (sửa lần 1)", ["Rút số liệu đã báo: nhập nhầm", "30", "0"])
    every = (await office.http.get(PAGE)).text
    assert {cell.text for cell in cells_of(every, "restated") if cell.heading == "Chỉ tiêu"} > {
        cell.text for cell in cells_of(page, "restated") if cell.heading == "Chỉ tiêu"
    }
    for cell in cells_of(every, "restated"):
        for href, told in cell.links:
            if "figure?" in href:
                assert await opened(office.http, PAGE, html.unescape(href)) == told


async def test_a_long_page_of_restatements_goes_on_where_it_ends(office: Office) -> None:
    await restated(office, late=250)
    address, seen = f"{PAGE}{PEOPLE}", []
    while address:
        page = (await office.http.get(address)).text
        seen += [cell.text for cell in cells_of(page, "changes") if cell.heading == "Đối tượng"]
        following = re.search(r'href="([^"]*)">Trang sau<', page)
        address = urljoin(PAGE, html.unescape(following[1])) if following else ""
    assert len(seen) == len(set(seen)) == 251


async def test_where_nothing_changed_or_nothing_is_signed_the_page_says_so(office: Office) -> None:
    unsigned = await office.http.get(PAGE)
    assert (unsigned.status_code, unsigned.json()["type"]) == (404, "/problems/not-signed")
    await restated(office)
    none = await office.http.get(f"{PAGE}?indicator=II.1.a/sessions")
    assert "Không có thay đổi nào từ khi ký." in none.text
    unknown = await office.http.get(f"{PAGE}?indicator=x")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/unknown-indicator")
