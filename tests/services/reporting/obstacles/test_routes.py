"""Obstacles over HTTP: told, put before the committee, answered, closed; in the consolidation and on the page."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from catalogue.model import Plan
from tests.services.reporting.obstacles.test_rules import MAY, days
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import Office

PATH = "/v1/obstacles"
NOBODY = "0" * 16


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()


def stated(count: int) -> list[bytes]:
    """So many obstacles of one district, one after the other in a minute of May."""
    return [
        said("UBND-178", "obstacle.raised", f"vm-{n}", MAY + timedelta(seconds=n), {"title": f"Khó khăn {n}"})
        for n in range(count)
    ]


async def office_pages(office: Office, **asked: Any) -> list[str]:
    """What the obstacles are called on all pages from the one that is asked for."""
    names = []
    while True:
        page = (await office.http.get(PATH, params=asked)).json()
        names += [one["subject"] for one in page["obstacles"]]
        if page["next"] is None:
            return names
        asked["after"] = page["next"]


async def test_an_obstacle_goes_from_the_agency_through_the_consolidator_to_the_committee_and_back(
    office: Office,
) -> None:
    one = (await office.post(PATH, "SNV", {"text": "Thiếu giảng viên", "task": "II.3.b"})).json()
    path = f"{PATH}/{one['obstacle']}"
    assert (one["state"], one["agency_name"], one["days_open"]) == ("open", "Sở Nội vụ", 0)
    early = await office.post(f"{path}/answer", "leader", {"document": "80/UBND-KT", "text": "Đồng ý"})
    assert (early.status_code, early.json()["type"]) == (422, "/problems/not-forwarded")
    for _ in range(2):  # once more, as a client does that has lost the answer
        forwarded = (await office.post(f"{path}/forwarding", "consolidator", {"document": "15/SKHĐT-KTN"})).json()
        assert (forwarded["state"], forwarded["forwarded_document"]) == ("forwarded", "15/SKHĐT-KTN")
    answered = (await office.post(f"{path}/answer", "leader", {"document": "80/UBND-KT", "text": "Đồng ý"})).json()
    assert (answered["state"], answered["answer"]) == ("answered", "Đồng ý")
    closed = (await office.post(f"{path}/closing", "SNV")).json()
    assert (closed["state"], closed["closed_at"]) == ("closed", "2021-07-01T03:00:00Z")
    assert (await office.http.get(path)).json() == closed


async def test_an_agency_neither_sees_nor_closes_the_obstacle_of_another(office: Office) -> None:
    one = (await office.post(PATH, "SNV", {"text": "Thiếu vốn"})).json()["obstacle"]
    other = {"Authorization": "Bearer VPCP"}
    assert (await office.http.get(f"{PATH}/{one}", headers=other)).status_code == 404
    assert (await office.post(f"{PATH}/{one}/closing", "VPCP", {"solution": "x"})).status_code == 404
    assert (await office.http.get(PATH, headers=other)).json()["obstacles"] == []
    assert (await office.http.get(PATH, params={"agency": "SNV"}, headers=other)).status_code == 403
    refused = await office.post(PATH, "VPCP", {"text": "Thiếu vốn"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-bound")
    assert (await office.post(f"{PATH}/{NOBODY}/forwarding", "consolidator", {"document": "1"})).status_code == 404


@pytest.mark.parametrize(
    ("step", "who", "body"),
    [
        ("", "SNV", {"text": " \n"}),
        ("/forwarding", "consolidator", {"document": "  "}),
        ("/answer", "leader", {"document": "80/UBND-KT", "text": "\t"}),
        ("/closing", "SNV", {"solution": " "}),
    ],
)
async def test_blanks_are_no_words(office: Office, step: str, who: str, body: dict[str, str]) -> None:
    one = (await office.post(PATH, "SNV", {"text": "Thiếu vốn"})).json()["obstacle"]
    path = f"{PATH}/{one}{step}" if step else PATH
    refused = await office.post(path, who, body)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("count", [40, 400])
async def test_the_list_is_filtered_and_paged_and_costs_the_same_reads_however_many_there_are(
    office: Office, count: int
) -> None:
    await office.say(stated(count))
    await office.post(PATH, "SNV", {"text": "Thiếu vốn", "task": "II.3.b"})
    office.store.reads.clear()
    first = (await office.http.get(PATH, params={"limit": 30})).json()
    assert office.store.reads == {"statements": 1, "obstacles": 6}
    names = await office_pages(office, limit=30)
    assert (len(first["obstacles"]), len(names), len(set(names))) == (30, count + 1, count + 1)
    assert first["counts"] == {"open": count + 1, "forwarded": 0, "answered": 0, "closed": 0}
    assert first["oldest_days"] == 59
    for asked in ({"task": "II.3.b"}, {"agency": "SNV"}):
        assert [one["text"] for one in (await office.http.get(PATH, params=asked)).json()["obstacles"]] == ["Thiếu vốn"]
    assert (await office.http.get(PATH, params={"state": "closed"})).json()["obstacles"] == []


async def test_a_page_goes_on_where_the_one_before_ended_whatever_is_raised_or_closed_meanwhile(office: Office) -> None:
    await office.say(stated(6))
    asked: dict[str, Any] = {"limit": 2, "state": "pending"}
    first = (await office.http.get(PATH, params=asked)).json()
    for one in first["obstacles"]:
        await office.post(f"{PATH}/{one['obstacle']}/closing", "consolidator", {"solution": "Đã bố trí vốn"})
    await office.say([said("UBND-178", "obstacle.raised", "vm-old", MAY - days(9), {"title": "Cũ hơn"})])
    rest = await office_pages(office, after=first["next"], **asked)
    assert [one["subject"] for one in first["obstacles"]] + rest == [f"vm-{n}" for n in range(6)]
    assert (await office_pages(office, **asked))[0] == "vm-old"


async def test_what_is_not_closed_and_what_is_old_can_be_asked_for(office: Office) -> None:
    await office.say(stated(3))
    told = (await office.post(PATH, "SNV", {"text": "Thiếu vốn"})).json()["obstacle"]
    assert await office_pages(office, older_than=58) == ["vm-0", "vm-1", "vm-2"]  # raised 59 local days ago
    assert await office_pages(office, older_than=59) == []
    solved = {"title": "Khó khăn 1", "days": 4}
    await office.say([said("UBND-178", "obstacle.solved", "vm-1", MAY + days(4), solved)])
    await office.post(f"{PATH}/{told}/forwarding", "consolidator", {"document": "15/CV"})
    for state, number in (("pending", 3), ("open", 2), ("forwarded", 1), ("answered", 0), ("closed", 1)):
        found = (await office.http.get(PATH, params={"state": state})).json()
        assert len(found["obstacles"]) == sum(found["counts"].values()) == number
        assert found["oldest_days"] == {"open": 59, "pending": 59}.get(state, 0)


@pytest.mark.parametrize("after", ["", "vm-1", "2021-05-03", "9999-99-99T99:99:99.999-0123456789abcdef"])
async def test_only_what_a_page_gave_leads_to_the_next(office: Office, after: str) -> None:
    assert (await office.http.get(PATH, params={"after": after})).status_code == 422


async def test_a_consolidation_freezes_the_obstacles_of_its_period(office: Office) -> None:
    await office.say([said("UBND-178", "obstacle.raised", "vm-1", MAY, {"title": "Thiếu vốn"})])
    path = "/v1/periods/2021-Q2/consolidation"
    frozen = (await office.post(path, "consolidator")).json()
    assert [(one["text"], one["state"], one["days_open"]) for one in frozen["obstacles"]] == [("Thiếu vốn", "open", 59)]
    one = frozen["obstacles"][0]["obstacle"]
    await office.post(f"{PATH}/{one}/forwarding", "consolidator", {"document": "15/CV"})
    assert (await office.http.get(path)).json()["obstacles"] == frozen["obstacles"]
    assert (await office.post(path, "consolidator")).json()["obstacles"][0]["state"] == "forwarded"
    assert (await office.post("/v1/periods/2021-Q1/consolidation", "consolidator")).json()["obstacles"] == []


async def test_the_page_lists_obstacles_in_vietnamese_and_escapes_what_was_told(office: Office) -> None:
    await office.post(PATH, "SNV", {"text": "Thiếu <b>vốn</b>", "task": "II.3.b"})
    page = (await office.http.get("/obstacles")).text
    assert "Thiếu &lt;b&gt;vốn&lt;/b&gt;" in page
    assert "Chưa chuyển" in page
    assert "Không có khó khăn, vướng mắc nào." in (await office.http.get("/obstacles?state=closed")).text


async def test_the_page_leads_to_the_next_with_what_was_chosen(office: Office) -> None:
    await office.say(stated(203))
    link, pages = "/obstacles?state=pending&older_than=30", []
    while link:
        pages.append((await office.http.get(link)).text)
        found = re.search(r'href="([^"]*)">Trang sau', pages[-1])
        link = f"/obstacles{html.unescape(found[1])}" if found else ""
    assert [page.count("Chưa chuyển</span>\n") for page in pages] == [100, 100, 3]
    assert ["Trang đầu" in page for page in pages] == [False, True, True]
    assert all(re.search(r'older_than=30&amp;state=open"|state=open&amp;older_than=30"', page) for page in pages)
    assert "Không có khó khăn, vướng mắc nào." in (await office.http.get("/obstacles?older_than=90&agency=")).text
