"""Parts of a division that are refused when they are to be carried out: each comes to an end, and says so."""

from datetime import timedelta
from typing import Any

import pytest

from catalogue.model import Plan
from chassis.clock import ManualClock
from chassis.metrics import STEPS_REFUSED
from services.registry import finishing
from services.registry import store as kept
from services.registry.model import Refused
from tests.services.registry.asking import on
from tests.services.registry.standing import Standing, standing
from tests.services.registry.test_reorganise import dividing, entered, founded, statuses


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


async def divided_and_killed(registry: Standing, monkeypatch: pytest.MonkeyPatch, **whole: Any) -> None:
    """A division was accepted, and registry was killed before it did what follows."""
    await entered(registry, "HTX-181-01")
    killed = AssertionError("killed")

    async def crash(*_: object) -> None:
        raise killed

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_carry_out", crash)
        answer = await registry.post("/HTX-181-01/divisions", dividing(**whole).model_dump(mode="json"))
        assert answer.status_code == 500, answer.text


async def begin_again(registry: Standing) -> None:
    """What the part does after a start, twice."""
    for _ in range(2):
        for code in await kept.unfinished(registry.deps.store):
            await finishing.finish(registry.deps, code)


async def test_a_part_whose_code_others_took_after_a_crash_ends_with_its_receipt_and_is_not_tried_again(
    registry: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await divided_and_killed(registry, monkeypatch)
    await entered(registry, "HTX-181-11")  # by others, meanwhile
    await begin_again(registry)
    assert await kept.unfinished(registry.deps.store) == []
    dossier = (await registry.get("/HTX-181-01")).json()
    [undone] = dossier["undone"]
    assert (dossier["pending"], undone["code"], undone["refused"]) == ([], "HTX-181-11", "already-registered")
    assert undone["remedy"].startswith("Đăng ký HTX này với mã khác.")
    assert await statuses(registry) == {"HTX-181-01": "divided", "HTX-181-11": "active", "HTX-181-12": "active"}
    assert registry.deps.metrics.value(STEPS_REFUSED) == 1


async def test_the_receipt_stays_whatever_is_told_of_the_one_that_was_divided(
    registry: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await divided_and_killed(registry, monkeypatch, members=8, capital=1_000_000)
    await entered(registry, "HTX-181-11", "HTX-181-12")
    await begin_again(registry)
    at = on(2021, 10, 1).isoformat()
    told = {"at": at, "year": 2021, "revenue": 9, "profit": 1, "wages": 2, "workers": 1}
    answers = [
        await registry.post("/HTX-181-01/amendments", {"at": at, "members": 9}),
        await registry.post("/HTX-181-01/activities", told),
        await registry.post("/HTX-181-01/annulments", {"version": 3, "reason": "Nhập nhầm"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200], [answer.text for answer in answers]
    dossier = (await registry.get("/HTX-181-01")).json()
    assert [one["code"] for one in dossier["undone"]] == ["HTX-181-11", "HTX-181-12"]
    assert registry.deps.metrics.value(STEPS_REFUSED) == 2


async def test_a_part_of_a_moment_that_another_copys_clock_has_not_reached_stays_to_be_done(
    registry: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = registry.deps.clock
    assert isinstance(clock, ManualClock)
    at = clock.now()
    parts = [founded(code, at=at) for code in ("HTX-181-11", "HTX-181-12")]
    await divided_and_killed(registry, monkeypatch, at=at, founded=parts)
    behind = timedelta(milliseconds=50)
    clock.advance(-behind)
    await begin_again(registry)
    assert (await registry.get("/HTX-181-01")).json()["pending"] == ["HTX-181-11", "HTX-181-12"]
    clock.advance(behind)
    await begin_again(registry)
    dossier = (await registry.get("/HTX-181-01")).json()
    assert (dossier["pending"], dossier["undone"]) == ([], [])


@pytest.mark.parametrize("moment", ["conflict", "in-the-future"])
async def test_a_part_that_came_at_a_wrong_moment_stays_to_be_done(
    registry: Standing, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    await entered(registry, "HTX-181-01")

    async def busy(*_: object) -> Refused:
        return Refused(moment, "bận", "gửi lại")

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_carry_out", busy)
        assert (await registry.post("/HTX-181-01/divisions", dividing().model_dump(mode="json"))).status_code == 200
    assert (await registry.get("/HTX-181-01")).json()["pending"] == ["HTX-181-11", "HTX-181-12"]
    await begin_again(registry)
    dossier = (await registry.get("/HTX-181-01")).json()
    assert (dossier["pending"], dossier["undone"]) == ([], [])
