"""Who may do what about an obstacle on either side of a change of agencies, cell by cell.

One obstacle of Sở Kế hoạch và Đầu tư, which went into Sở Tài chính on 1 March 2025, and one of the district of Bình
Gia, which ended on 30 June 2025: eight communes came out of it. The table is written by hand and knows nothing of the
rules.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from catalogue.model import Plan
from chassis.auth import Keyring, Principal
from tests.access.standing import app_of
from tests.services.reporting.test_routes import Office

PEOPLE = ("SKHDT", "STC", "SNV", "UBND-181", "UBND-06073", "UBND-06115", "UBND-06001")

# Whose obstacle, on which day: who sees it, and who of them may close it. Everybody else finds nothing there.
TABLE: dict[tuple[str, str], tuple[str, str]] = {
    ("SKHDT", "2025-02-28"): ("SKHDT", "SKHDT"),
    ("SKHDT", "2025-03-01"): ("SKHDT STC", "STC"),
    ("SKHDT", "2025-07-01"): ("SKHDT STC", "STC"),
    ("UBND-181", "2025-06-30"): ("UBND-181", "UBND-181"),
    ("UBND-181", "2025-07-01"): ("UBND-181 UBND-06073 UBND-06115", "UBND-06073 UBND-06115"),
}


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    people = {code: Principal(role="agency", agency=code) for code in PEOPLE}
    people |= {role: Principal(role=role) for role in ("consolidator", "leader")}
    app_of(office.http).state.keyring = Keyring(
        (hashlib.sha256(name.encode()).hexdigest(), who) for name, who in people.items()
    )
    yield office
    await office.http.aclose()


def go_to(office: Office, day: str) -> None:
    """The morning of the day, in Vietnam."""
    office.clock.advance(datetime.fromisoformat(f"{day}T01:00:00Z").astimezone(UTC) - office.clock.now())


async def raised_by(office: Office, agency: str, text: str = "Thiếu vốn đối ứng") -> str:
    """An obstacle that the agency raised while it stood."""
    go_to(office, "2024-12-02")
    return str((await office.post("/v1/obstacles", agency, {"text": text})).json()["obstacle"])


async def get(office: Office, path: str, who: str, **asked: str) -> Any:
    return await office.http.get(path, params=asked, headers={"Authorization": f"Bearer {who}"})


@pytest.mark.parametrize(("whose", "day"), TABLE)
async def test_who_sees_an_obstacle_on_a_day(office: Office, whose: str, day: str) -> None:
    one = await raised_by(office, whose)
    go_to(office, day)
    seeing, _ = (names.split() for names in TABLE[whose, day])
    for who in PEOPLE:
        found = await get(office, f"/v1/obstacles/{one}", who)
        assert found.status_code == (200 if who in seeing else 404), who
        listed = (await get(office, "/v1/obstacles", who)).json()["obstacles"]
        assert [each["obstacle"] for each in listed] == ([one] if who in seeing else []), who
        asked = await get(office, "/v1/obstacles", who, agency=whose)
        assert asked.status_code == (200 if who in seeing else 403), who
        assert (whose in (await get(office, "/obstacles", who)).text) == (who in seeing and who != whose), who


@pytest.mark.parametrize(("whose", "day"), TABLE)
async def test_who_closes_an_obstacle_on_a_day(office: Office, whose: str, day: str) -> None:
    raised = {who: await raised_by(office, whose, f"Để {who} khép lại") for who in PEOPLE}
    assert len(set(raised.values())) == len(PEOPLE)
    go_to(office, day)
    seeing, closing = (names.split() for names in TABLE[whose, day])
    for who, one in raised.items():
        closed = await office.post(f"/v1/obstacles/{one}/closing", who, {"solution": "Đã bố trí vốn"})
        assert closed.status_code == (200 if who in closing else 422 if who in seeing else 404), who
        if who in seeing and who not in closing:
            assert closed.json()["type"] == "/problems/not-answering", who


async def test_what_the_predecessor_raised_stays_under_its_name_and_is_closed_by_the_successor(office: Office) -> None:
    one = await raised_by(office, "SKHDT")
    go_to(office, "2025-03-01")
    path = f"/v1/obstacles/{one}"
    told = (await get(office, path, "STC")).json()
    assert (told["agency_name"], told["answering"]) == ("Sở Kế hoạch và Đầu tư", ["STC"])
    assert "Nay thuộc về Sở Tài chính" in (await get(office, "/obstacles", "STC")).text
    draft = (await get(office, "/v1/periods/2025-Q1/draft", "STC")).json()
    assert [each["obstacle"] for each in draft["obstacles"]] == [one]
    assert "89 ngày, Sở Kế hoạch và Đầu tư nêu" in (await get(office, "/periods/2025-Q1/report", "STC")).text
    await office.post(f"{path}/forwarding", "consolidator", {"document": "15/STC-KTN"})
    await office.post(f"{path}/answer", "leader", {"document": "80/UBND-KT", "text": "Đồng ý"})
    closed = (await office.post(f"{path}/closing", "STC")).json()
    assert (closed["state"], closed["agency"], closed["raised_at"][:10]) == ("closed", "SKHDT", "2024-12-02")
    [said] = (await office.store.said("obstacles", [one])).values()
    assert [(b'"STC"' in each.value, b'"SKHDT"' in each.value) for each in said] == [
        (False, True),  # reported
        (True, True),  # forwarded by the consolidator of the day
        (False, True),  # answered
        (True, True),  # closed
    ]
    again = await office.post("/v1/obstacles", "SKHDT", {"text": "Thiếu cán bộ"})
    assert (again.status_code, again.json()["type"]) == (422, "/problems/not-bound")
