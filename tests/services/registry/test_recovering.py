"""The register put back from a backup learns from the log what it has said since, and goes on counting from there."""

from typing import Any

import pytest

from catalogue.model import Plan
from chassis.store_memory import MemoryStore
from services.registry import store as kept
from services.registry.recovering import forget_done, take_back
from tests.services.registry.asking import NOW
from tests.services.registry.standing import Standing, standing
from tests.services.registry.test_routes import LATER, registration

CODE = "HTX-181-01"
MISTAKE = "Nhập nhầm hợp tác xã"
RESULTS = {"year": 2021, "revenue": 2_000, "profit": 50, "wages": 300, "workers": 6, "at": "2021-06-01T08:00:00+07:00"}


async def lived(plan: Plan) -> tuple[Standing, list[bytes]]:
    """A register with a cooperative that went through three changes, and its log."""
    stood = standing(plan)
    for path, body in (
        ("", registration(CODE)),
        (f"/{CODE}/amendments", LATER | {"members": 30}),
        (f"/{CODE}/suspensions", {"at": "2021-06-01T08:00:00+07:00", "reason": "own-request"}),
    ):
        answer = await stood.post(path, body)
        assert answer.status_code in (200, 201), answer.text
    await stood.events()
    return stood, [message.value for message in stood.said]


async def test_what_the_log_tells_and_the_register_lacks_is_taken_back(plan: Plan) -> None:
    stood, log = await lived(plan)
    fresh = MemoryStore()
    assert [await take_back(fresh, value, NOW) for value in log] == [True] * 3
    before, after = await kept.dossier_of(stood.store, CODE), await kept.dossier_of(fresh, CODE)
    assert after.state is not None
    assert before.state is not None
    assert (after.state.version, after.state.status, after.state.members) == (3, "suspended", 30)
    assert [entry.change.data for entry in after.entries] == [entry.change.data for entry in before.entries]
    assert [await take_back(fresh, value, NOW) for value in log] == [False] * 3, "again changes nothing"
    said = [message.value for unsent in await fresh.unsent(kept.COLLECTION, 10) for message in unsent.messages]
    assert said == log, "and what is said again is what was said, byte for byte"


async def test_what_was_annulled_and_taken_back_comes_back_as_such(plan: Plan) -> None:
    stood, _ = await lived(plan)
    for path, body in (
        ("/activities", RESULTS),
        ("/years/retractions", {"what": "activity", "year": 2021, "reason": MISTAKE}),
        ("/activities", RESULTS | {"profit": 60}),
        ("/annulments", {"version": 3, "reason": MISTAKE}),
    ):
        answer = await stood.post(f"/{CODE}{path}", body)
        assert answer.status_code in (200, 201), answer.text
    await stood.events()
    log, fresh = [message.value for message in stood.said], MemoryStore()
    assert [await take_back(fresh, value, NOW) for value in log] == [True] * len(log)
    before, after = await kept.dossier_of(stood.store, CODE), await kept.dossier_of(fresh, CODE)
    assert after.state is not None
    assert before.state is not None
    assert (after.state.version, after.state.status) == (before.state.version, "active")
    assert after.years == before.years
    assert any(year.retracted for year in after.years)
    assert [await take_back(fresh, value, NOW) for value in log] == [False] * len(log)
    said = [message.value for unsent in await fresh.unsent(kept.COLLECTION, 10) for message in unsent.messages]
    assert said == log


async def test_who_left_into_another_is_not_taken_back_alone_afterwards_either(plan: Plan) -> None:
    stood, _ = await lived(plan)
    assert (await stood.post("", registration("HTX-181-02"))).status_code == 201
    merger = {"at": "2021-06-02T08:00:00+07:00", "absorbed": ["HTX-181-02"], "members": 40, "capital": 2_000_000_000}
    answer = await stood.post(f"/{CODE}/mergers", merger)
    assert answer.status_code == 200, answer.text
    await stood.events()
    fresh = MemoryStore()
    for message in stood.said:
        await take_back(fresh, message.value, NOW)
    last = (await kept.dossier_of(fresh, "HTX-181-02")).entries[-1].change
    assert last.shared
    assert last == (await kept.dossier_of(stood.store, "HTX-181-02")).entries[-1].change


async def test_a_change_whose_predecessor_nobody_knows_is_not_taken(plan: Plan) -> None:
    _, log = await lived(plan)
    fresh = MemoryStore()
    with pytest.raises(ValueError, match="the register ends at 0"):
        await take_back(fresh, log[1], NOW)
    assert await fresh.count(kept.COLLECTION) == 0


async def test_what_is_no_event_of_the_register_is_passed_by() -> None:
    other: dict[str, Any] = {}
    assert not await take_back(MemoryStore(), b"not an event", NOW)
    assert not await take_back(MemoryStore(), repr(other).encode(), NOW)


async def test_without_steps_nothing_is_forgotten(plan: Plan) -> None:
    stood, _ = await lived(plan)
    assert await forget_done(stood.store) == 0
