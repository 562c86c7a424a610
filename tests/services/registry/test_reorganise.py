"""Cooperatives merged, divided, converted: what becomes of each, and nothing half done."""

from typing import Any

import pytest

from catalogue.model import Plan
from chassis.health import Health
from contracts.kinds.registry import CooperativeAmended, CooperativeConverted, CooperativeDivided, CooperativeMerged
from services.registry import finishing
from services.registry import store as kept
from services.registry.model import Change, Cooperative, Refused
from services.registry.reorganise import Reorganised, divide, leaving, merge
from services.registry.requests import Convert, Divide, Merge
from tests.services.registry.asking import (
    DISTRICT,
    NOW,
    after,
    decided,
    dissolve,
    on,
    refusal,
    register,
    suspend,
)
from tests.services.registry.standing import Standing, standing

AT = on(2021, 9, 1)
OTHER = "HTX-181-02"


def merging(**more: Any) -> Merge:
    return Merge.model_validate({"at": AT.isoformat(), "absorbed": [OTHER], "members": 20, "capital": 9} | more)


def founded(code: str, **more: Any) -> dict[str, Any]:
    return register(code=code, name=f"HTX {code}", **{"at": AT, **more}).model_dump(mode="json")


def dividing(**more: Any) -> Divide:
    told = {"at": AT.isoformat(), "founded": [founded("HTX-181-11"), founded("HTX-181-12")]}
    return Divide.model_validate(told | more)


def merged(plan: Plan, request: Merge, *others: Cooperative, speaker: str = DISTRICT) -> Reorganised | Refused:
    return merge(after(plan, register()), others, request, speaker, plan, NOW)


def divided(plan: Plan, request: Divide, speaker: str = DISTRICT) -> Reorganised | Refused:
    return divide(after(plan, register()), request, speaker, plan, NOW)


def test_the_one_grows_and_the_others_are_to_leave(plan: Plan) -> None:
    other = after(plan, register(code=OTHER))
    outcome = merged(plan, merging(), other)
    assert not isinstance(outcome, Refused)
    change, [step] = outcome
    assert isinstance(change.data, CooperativeAmended)
    assert (change.data.members, change.data.members_change, change.data.capital_change) == (20, 11, 9 - 500_000_000)
    assert (step.code, step.into) == (OTHER, "HTX-181-01")
    gone = leaving(other, step).data
    assert isinstance(gone, CooperativeMerged)
    assert (gone.was_active, gone.into, gone.members, gone.version) == (True, "HTX-181-01", 9, 2)


def test_one_that_had_stopped_leaves_as_stopped(plan: Plan) -> None:
    stopped = after(plan, register(code=OTHER), suspend(on(2021, 10, 1)))
    outcome = merged(plan, merging(at=on(2021, 11, 1).isoformat()), stopped)
    assert not isinstance(outcome, Refused)
    data = leaving(stopped, outcome[1][0]).data
    assert isinstance(data, CooperativeMerged)
    assert not data.was_active


def test_what_changed_meanwhile_leaves_no_earlier_than_it_changed(plan: Plan) -> None:
    outcome = merged(plan, merging(), after(plan, register(code=OTHER)))
    assert not isinstance(outcome, Refused)
    meanwhile = after(plan, register(code=OTHER), suspend(on(2021, 10, 1)))
    assert leaving(meanwhile, outcome[1][0]).at == on(2021, 10, 1)


@pytest.mark.parametrize(
    ("request_", "other", "speaker", "code"),
    [
        (merging(absorbed=["HTX-181-01"]), register(), DISTRICT, "merged-with-itself"),
        (merging(), register(code=OTHER, form="tht"), DISTRICT, "other-form"),
        (merging(), register(code=OTHER), "UBND-182", "other-unit"),
        (merging(members=3), register(code=OTHER), DISTRICT, "too-few-members"),
        (merging(version=7), register(code=OTHER), DISTRICT, "stale"),
        (merging(at=on(2021, 1, 1).isoformat()), register(code=OTHER), DISTRICT, "before-latest-change"),
    ],
)
def test_a_merger_against_the_rules_is_refused(
    plan: Plan, request_: Merge, other: Any, speaker: str, code: str
) -> None:
    outcome = merged(plan, request_, after(plan, other), speaker=speaker)
    assert isinstance(outcome, Refused)
    assert outcome.code == code


def test_what_has_left_the_register_merges_with_nobody(plan: Plan) -> None:
    gone = after(plan, register(code=OTHER), dissolve(on(2021, 8, 1)))
    outcome = merged(plan, merging(), gone)
    assert isinstance(outcome, Refused)
    assert outcome.code == "dissolved"


def test_what_is_divided_leaves_and_its_parts_are_to_be_entered(plan: Plan) -> None:
    outcome = divided(plan, dividing())
    assert not isinstance(outcome, Refused)
    change, steps = outcome
    assert isinstance(change.data, CooperativeDivided)
    assert change.data.successors == ("HTX-181-11", "HTX-181-12")
    assert [step.code for step in steps] == ["HTX-181-11", "HTX-181-12"]


def test_what_is_split_off_leaves_the_rest_smaller(plan: Plan) -> None:
    outcome = divided(plan, dividing(founded=[founded("HTX-181-11")], members=8, capital=7))
    assert not isinstance(outcome, Refused)
    assert isinstance(outcome[0].data, CooperativeAmended)
    assert (outcome[0].data.members_change, outcome[0].data.active) == (-1, True)


@pytest.mark.parametrize(
    ("request_", "speaker", "code"),
    [
        (dividing(members=8), DISTRICT, "half-told"),
        (dividing(workers=3), DISTRICT, "half-told"),
        (dividing(members=3, capital=1), DISTRICT, "too-few-members"),
        (dividing(founded=[founded("HTX-181-11")] * 2), DISTRICT, "same-code"),
        (dividing(founded=[founded("HTX-181-01")]), DISTRICT, "same-code"),
        (dividing(founded=[founded("THT-181-11", form="tht")]), DISTRICT, "other-form"),
        (dividing(founded=[founded("HTX-181-11", at=on(2021, 9, 2))]), DISTRICT, "other-time"),
        (dividing(founded=[founded("HTX-181-11", members=3)]), DISTRICT, "too-few-members"),
        (dividing(founded=[founded("HTX-181-11", unit="182")]), DISTRICT, "other-unit"),
        (dividing(), "SNV", "not-a-registrar"),
    ],
)
def test_a_division_against_the_rules_is_refused(plan: Plan, request_: Divide, speaker: str, code: str) -> None:
    outcome = divided(plan, request_, speaker)
    assert isinstance(outcome, Refused)
    assert outcome.code == code


def converting(**more: Any) -> Convert:
    return Convert.model_validate({"at": AT.isoformat(), "form": "htx"} | more)


def test_a_group_goes_on_as_a_cooperative(plan: Plan) -> None:
    change = decided(plan, after(plan, register(form="tht")), converting(name="HTX Tân Văn"))
    assert isinstance(change, Change)
    assert isinstance(change.data, CooperativeConverted)
    assert (change.data.form, change.data.previous_form, change.data.name) == ("htx", "tht", "HTX Tân Văn")
    after_ = after(plan, register(form="tht"), converting())
    assert (after_.form, after_.status, after_.law) == ("htx", "active", "2012")


def test_only_a_group_large_enough_is_converted(plan: Plan) -> None:
    assert refusal(decided(plan, after(plan, register()), converting())) == "not-a-group"
    small = after(plan, register(form="tht", members=3))
    assert refusal(decided(plan, small, converting())) == "too-few-members"


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


async def entered(registry: Standing, *codes: str) -> None:
    for code in codes:
        answer = await registry.post("", register(code=code, name=f"HTX {code}").model_dump(mode="json"))
        assert answer.status_code == 201, answer.text


async def statuses(registry: Standing) -> dict[str, str]:
    return {one["code"]: one["status"] for one in (await registry.get()).json()["cooperatives"]}


async def test_a_merger_is_carried_out_and_said_of_both(registry: Standing) -> None:
    await entered(registry, "HTX-181-01", OTHER)
    answer = await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))
    assert (answer.status_code, answer.json()["members"]) == (200, 20)
    assert await statuses(registry) == {"HTX-181-01": "active", OTHER: "merged"}
    said = {(event.envelope.subject, event.kind.name) for event in await registry.events()}
    assert said >= {("HTX-181-01/2", "cooperative.amended"), (f"{OTHER}/2", "cooperative.merged")}
    again = await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))
    assert again.json()["type"] == "/problems/dissolved"


async def test_a_division_is_carried_out_and_said_of_all(registry: Standing) -> None:
    await entered(registry, "HTX-181-01")
    answer = await registry.post("/HTX-181-01/divisions", dividing().model_dump(mode="json"))
    assert (answer.status_code, answer.json()["status"]) == (200, "divided")
    assert await statuses(registry) == {"HTX-181-01": "divided", "HTX-181-11": "active", "HTX-181-12": "active"}
    assert (await registry.get("/HTX-181-01")).json()["pending"] == []


async def test_nobody_is_merged_with_or_made_into_what_is_not_so(registry: Standing) -> None:
    await entered(registry, "HTX-181-01", "HTX-181-11")
    absent = await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))
    assert absent.status_code == 404
    there = await registry.post("/HTX-181-01/divisions", dividing().model_dump(mode="json"))
    assert (there.status_code, there.json()["type"]) == (409, "/problems/already-registered")
    assert await statuses(registry) == {"HTX-181-01": "active", "HTX-181-11": "active"}


async def test_what_a_crash_left_undone_is_done_once(registry: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    await entered(registry, "HTX-181-01")
    crashed = AssertionError("killed")

    async def crash(*_: object) -> None:
        raise crashed

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_carry_out", crash)
        answer = await registry.post("/HTX-181-01/divisions", dividing().model_dump(mode="json"))
        assert answer.status_code == 500
    assert (await registry.get("/HTX-181-01")).json()["pending"] == ["HTX-181-11", "HTX-181-12"]
    assert await kept.unfinished(registry.deps.store) == ["HTX-181-01"]
    for _ in range(2):
        for code in await kept.unfinished(registry.deps.store):
            await finishing.finish(registry.deps, code)
    assert await kept.unfinished(registry.deps.store) == []
    assert len(await registry.events()) == 4


async def test_the_same_request_after_a_crash_finds_the_thing_done(
    registry: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await entered(registry, "HTX-181-01", OTHER)
    crashed = AssertionError("killed")

    async def crash(*_: object) -> None:
        raise crashed

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_carry_out", crash)
        assert (await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))).status_code == 500
    again = await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))
    assert again.json()["type"] == "/problems/dissolved"
    assert len(await registry.events()) == 4


async def test_nobody_leaves_into_two(registry: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    await entered(registry, "HTX-181-01", "HTX-181-03", OTHER)
    crashed = AssertionError("killed")

    async def crash(*_: object) -> None:
        raise crashed

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_carry_out", crash)
        assert (await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))).status_code == 500
    second = await registry.post("/HTX-181-03/mergers", merging().model_dump(mode="json"))
    assert second.json()["type"] == "/problems/dissolved"
    assert len((await kept.dossier_of(registry.deps.store, "HTX-181-03")).entries) == 1
    assert (await statuses(registry))[OTHER] == "merged"


async def test_a_code_whose_registration_was_taken_back_can_be_given_to_one_that_is_made_by_dividing(
    registry: Standing,
) -> None:
    await entered(registry, "HTX-181-01", "HTX-181-11")
    taken_back = await registry.post("/HTX-181-11/annulments", {"version": 1, "reason": "Nhập nhầm"})
    assert taken_back.status_code == 200
    answer = await registry.post("/HTX-181-01/divisions", dividing().model_dump(mode="json"))
    assert answer.status_code == 200, answer.text
    assert (await statuses(registry))["HTX-181-11"] == "active"


async def test_a_step_done_but_not_yet_forgotten_is_not_done_again(
    registry: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await entered(registry, "HTX-181-01", OTHER)
    crashed = AssertionError("killed")

    async def crash(*_: object) -> None:
        raise crashed

    with monkeypatch.context() as patched:
        patched.setattr(kept, "carried_out", crash)
        assert (await registry.post("/HTX-181-01/mergers", merging().model_dump(mode="json"))).status_code == 500
    await finishing.finish(registry.deps, "HTX-181-01")
    assert [event.kind.name for event in await registry.events()].count("cooperative.merged") == 1
    assert finishing.finishing(registry.deps, Health()).name == "finishing"
