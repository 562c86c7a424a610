"""Obstacles on real servers: by event and over HTTP, to the committee and back, with reporting killed in between."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running
from tests.kit.wait import until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running() as stack:
        yield stack


@pytest.fixture
async def province(stack: Stack) -> AsyncIterator[Province]:
    province = Province(stack)
    yield province
    await province.http.aclose()


def stated(number: int, kind: str = "obstacle.raised", day: int = 5, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{kind}-{number}",
        "source": "urn:178",
        "type": kind,
        "subject": f"vm-{number}",
        "time": f"2021-05-{day:02d}T09:00:00+07:00",
        "data": {"title": f"HTX thiếu vốn đối ứng, trường hợp {number}", **data},
    }


async def test_every_obstacle_is_there_once_and_goes_its_way_whatever_is_killed(province: Province) -> None:
    events = [stated(number) for number in range(60)]
    for first in range(0, len(events), 20):
        await province.say("UBND-178", events[first : first + 20])
        province.stack.kill("reporting")
        province.stack.restart("reporting")
    await province.say("UBND-178", [stated(0, "obstacle.solved", 9, days=4)])
    await province.folded(61)
    listed = await obstacles(province)
    assert sorted(one["subject"] for one in listed["obstacles"]) == sorted(event["subject"] for event in events)
    assert (listed["counts"]["open"], listed["counts"]["closed"]) == (59, 1)

    told = await province.post("reporting", "/v1/obstacles", "SNV", json={"text": "Thiếu giảng viên", "task": "II.3.b"})
    assert told.status_code == 201, told.text
    for one in (told.json()["obstacle"], listed["obstacles"][-1]["obstacle"]):
        path = f"/v1/obstacles/{one}"
        await step(province, f"{path}/forwarding", "consolidator", document="15/SKHĐT-KTN")
        province.stack.kill("reporting")
        province.stack.restart("reporting")
        await until(lambda: province.get("reporting", "/v1/ledger"), what="reporting is back")
        answered = await step(province, f"{path}/answer", "leader", document="80/UBND-KT", text="Đồng ý chủ trương")
        assert (answered["state"], answered["forwarded_document"]) == ("answered", "15/SKHĐT-KTN")
    over = await province.post("reporting", f"{path}/closing", "UBND-178")
    assert (over.status_code, over.json()["type"]) == (422, "/problems/not-answering")  # the district ended in 2025
    assert (await step(province, f"{path}/closing", "UBND-05977"))["state"] == "closed"  # a ward that came out of it
    assert sum((await obstacles(province))["counts"].values()) == 61
    assert (await obstacles(province))["counts"]["closed"] == 2

    path = "/v1/periods/2021-Q2/consolidation"
    frozen = (await province.post("reporting", path, "consolidator")).json()
    by_state = {one["obstacle"]: one["state"] for one in frozen["obstacles"]}
    assert len(by_state) == len(frozen["obstacles"]) == 60  # what was told today came after the quarter was due
    assert sorted(by_state.values()).count("open") == 58
    assert await province.figure("II.2.k.2/open") == 59  # figures count what is stated by events


async def obstacles(province: Province) -> dict[str, Any]:
    return dict(await province.get("reporting", "/v1/obstacles?limit=1000"))


async def step(province: Province, path: str, who: str, **body: Any) -> dict[str, Any]:
    """A step, and once more, as by a client that lost the answer: it is taken once."""
    answers = [await province.post("reporting", path, who, json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[-1].text
    return dict(answers[-1].json())
