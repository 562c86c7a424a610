"""Obstacles over HTTP: told, put before the committee, answered, closed; in the consolidation and on the page."""

from collections.abc import AsyncIterator

import pytest

from catalogue.model import Plan
from tests.services.reporting.obstacles.test_rules import MAY
from tests.services.reporting.said import said
from tests.services.reporting.test_routes import Office

PATH = "/v1/obstacles"
NOBODY = "0" * 16


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()


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


async def test_the_list_is_filtered_and_paged_and_costs_two_reads_however_many_there_are(office: Office) -> None:
    events = [said("UBND-178", "obstacle.raised", f"vm-{n}", MAY, {"title": f"Khó khăn {n}"}) for n in range(40)]
    await office.say(events)
    await office.post(PATH, "SNV", {"text": "Thiếu vốn", "task": "II.3.b"})
    office.store.reads.clear()
    first = (await office.http.get(PATH, params={"limit": 30})).json()
    assert office.store.reads == {"statements": 1, "obstacles": 1}
    rest = (await office.http.get(PATH, params={"limit": 30, "after": first["next"]})).json()
    names = [one["subject"] for one in first["obstacles"] + rest["obstacles"]]
    assert (len(names), len(set(names)), rest["next"]) == (41, 41, None)
    assert first["counts"] == {"open": 41, "forwarded": 0, "answered": 0, "closed": 0}
    assert first["oldest_days"] == 59
    for asked in ({"task": "II.3.b"}, {"agency": "SNV"}):
        assert [one["text"] for one in (await office.http.get(PATH, params=asked)).json()["obstacles"]] == ["Thiếu vốn"]
    assert (await office.http.get(PATH, params={"state": "closed"})).json()["obstacles"] == []


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
