"""Mistakes: who told a change or a year wrongly takes it back, and it stays in sight."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue.model import Plan
from services.registry.decide import annul, decide
from services.registry.fold import replay
from services.registry.model import Change, Refused, Year
from services.registry.requests import Annul, Request, RetractYear
from services.registry.years import latest, retract
from tests.services.registry.asking import BEGAN, CODE, DISTRICT, NOW, after, amend, dissolve, register, resume, suspend
from tests.services.registry.standing import Standing, standing
from tests.services.registry.test_years import grade, results, told

MISTAKE = "Nhập nhầm hợp tác xã"


def life(plan: Plan, *requests: Request, speaker: str = DISTRICT) -> list[Change]:
    changes: list[Change] = []
    for request in requests:
        change = decide(replay(changes), request, code=CODE, speaker=speaker, plan=plan, now=NOW)
        assert isinstance(change, Change), change
        changes.append(change)
    return changes


def annulled(changes: Sequence[Change], version: int, speaker: str = DISTRICT) -> Change | Refused:
    return annul(changes, Annul(version=version, reason=MISTAKE), code=CODE, speaker=speaker, now=NOW)


def without(changes: Sequence[Change], version: int) -> list[Change]:
    gone = annulled(changes, version)
    assert isinstance(gone, Change), gone
    return [gone if one.data.version == version else one for one in changes]


def test_a_change_taken_back_never_happened_and_its_number_stays_used(plan: Plan) -> None:
    before = life(plan, register(), amend(members=12))
    changes = [*before, *life(plan, register(), amend(members=12), dissolve())[2:]]
    state = replay(without(changes, 3))
    was = replay(before)
    assert state is not None
    assert was is not None
    assert state == replace(was, version=3)
    after = decide(state, amend(members=13), code=CODE, speaker=DISTRICT, plan=plan, now=NOW)
    assert isinstance(after, Change)
    assert after.data.version == 4


def test_a_registration_taken_back_leaves_the_code_free_to_be_registered_again(plan: Plan) -> None:
    changes = without(life(plan, register()), 1)
    state = replay(changes)
    assert state is not None
    assert state.status == "annulled"
    again = decide(state, register(members=20), code=CODE, speaker=DISTRICT, plan=plan, now=NOW)
    assert isinstance(again, Change)
    now = replay([*changes, again])
    assert now is not None
    assert (now.status, now.version, now.members) == ("active", 2, 20)
    refused = decide(state, amend(members=20), code=CODE, speaker=DISTRICT, plan=plan, now=NOW)
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    ("version", "speaker", "code"),
    [
        (2, "UBND-182", "not-the-speaker"),
        (1, DISTRICT, "not-latest"),
        (7, DISTRICT, "unknown"),
    ],
)
def test_only_the_latest_change_is_taken_back_and_only_by_who_told_it(
    plan: Plan, version: int, speaker: str, code: str
) -> None:
    refused = annulled(life(plan, register(), suspend()), version, speaker)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.reason
    assert refused.remedy


def test_a_change_that_others_are_part_of_is_not_taken_back_alone(plan: Plan) -> None:
    first, second = life(plan, register(), amend(members=12))
    refused = annulled([first, replace(second, shared=True)], 2)
    assert isinstance(refused, Refused)
    assert refused.code == "shared"


def test_a_registration_is_not_taken_back_from_under_the_years_that_were_told(plan: Plan) -> None:
    changes, years = life(plan, register()), told(plan, results())
    asked = Annul(version=1, reason=MISTAKE)
    refused = annul(changes, asked, code=CODE, speaker=DISTRICT, now=NOW, years=years)
    assert isinstance(refused, Refused)
    assert refused.code == "years-told"
    gone = [*years, replace(years[-1], revision=2, retracted=MISTAKE)]
    assert isinstance(annul(changes, asked, code=CODE, speaker=DISTRICT, now=NOW, years=gone), Change)
    grown = life(plan, register(), amend(members=12))
    later = annul(grown, Annul(version=2, reason=MISTAKE), code=CODE, speaker=DISTRICT, now=NOW, years=years)
    assert isinstance(later, Change)


def test_of_nothing_there_is_nothing_to_take_back() -> None:
    refused = annulled([], 1)
    assert isinstance(refused, Refused)
    assert refused.code == "unknown"


@given(steps=st.lists(st.sampled_from(("amend", "suspend", "resume", "annul")), max_size=12))
def test_a_life_with_mistakes_taken_back_is_the_life_without_them(plan: Plan, steps: list[str]) -> None:
    changes: list[Change] = life(plan, register())
    clean: list[Change] = list(changes)
    at = BEGAN
    for number, step in enumerate(steps):
        at += timedelta(hours=1)
        standing = [one for one in changes if not one.annulled]
        if step == "annul":
            if len(standing) > 1:
                changes = without(changes, standing[-1].data.version)
                clean.pop()
            continue
        possible: dict[str, Request] = {"amend": amend(at, members=10 + number), "suspend": suspend(at)}
        asked = possible.get(step, resume(at))
        change = decide(replay(changes), asked, code=CODE, speaker=DISTRICT, plan=plan, now=NOW)
        if isinstance(change, Change):
            changes.append(change)
            clean.append(change)
    renumbered = [replace(one, data=replace(one.data, version=version)) for version, one in enumerate(clean, start=1)]
    state, plain = replay(changes), replay(renumbered)
    assert state is not None
    assert plain is not None
    assert replace(state, version=0) == replace(plain, version=0)


def test_what_was_told_of_a_year_is_taken_back_by_who_told_it_and_can_be_told_again(plan: Plan) -> None:
    years = told(plan, results(), grade())
    asked = RetractYear(what="activity", year=2021, reason=MISTAKE)
    state = after(plan, register())

    def taken_back(years: list[Year], asked: RetractYear, speaker: str = DISTRICT) -> Year | Refused:
        return retract(state, years, asked, speaker, plan, NOW)

    gone = taken_back(years, asked)
    assert not isinstance(gone, Refused)
    assert (gone.name, gone.revision, gone.retracted) == ("activity-2021", 2, MISTAKE)
    assert set(latest([*years, gone])) == {"evaluation-2021"}
    assert taken_back([*years, gone], asked) is gone
    for refused, code in (
        (taken_back(years, asked, "UBND-182"), "other-unit"),
        (taken_back(years, asked, "SKHDT"), "not-the-speaker"),
        (taken_back(years, RetractYear(what="activity", year=2020, reason=MISTAKE)), "not-told"),
        (taken_back(years, RetractYear(what="activity", year=2021, estimate=True, reason=MISTAKE)), "not-told"),
    ):
        assert isinstance(refused, Refused)
        assert refused.code == code


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


async def test_a_change_taken_back_over_http_is_said_and_stays_in_the_timeline(registry: Standing) -> None:
    assert (await registry.post("", register().model_dump(mode="json", exclude_none=True))).status_code == 201
    gone = {"at": BEGAN.isoformat(), "reason": "Không còn hoạt động"}
    assert (await registry.post(f"/{CODE}/dissolutions", gone)).json()["status"] == "dissolved"
    mistake = {"version": 2, "reason": MISTAKE}
    other = await registry.post(f"/{CODE}/annulments", mistake, by="UBND-182")
    assert (other.status_code, other.json()["type"]) == (403, "/problems/not-the-speaker")
    for _ in range(2):
        answer = await registry.post(f"/{CODE}/annulments", mistake)
        assert (answer.status_code, answer.json()["status"]) == (200, "active")
    *_, taken_back = await registry.events()
    envelope = taken_back.envelope
    assert (envelope.type, envelope.subject) == ("cooperative.dissolved.retracted", f"{CODE}/2")
    assert (envelope.agency, envelope.revision) == (DISTRICT, 2)
    assert len(registry.said) == 3
    moments = (await registry.get(f"/{CODE}/timeline")).json()["moments"]
    assert [(one["kind"], one["reason"]) for one in moments] == [
        ("cooperative.registered", None),
        ("cooperative.dissolved", MISTAKE),
    ]


async def test_a_year_taken_back_over_http_is_said(registry: Standing) -> None:
    await registry.post("", register().model_dump(mode="json", exclude_none=True))
    await registry.post(f"/{CODE}/evaluations", grade().model_dump(mode="json"))
    asked = {"what": "evaluation", "year": 2021, "reason": MISTAKE}
    for _ in range(2):
        assert (await registry.post(f"/{CODE}/years/retractions", asked)).status_code == 200
    *_, taken_back = await registry.events()
    assert taken_back.envelope.type == "cooperative.evaluated.retracted"
    assert (taken_back.envelope.subject, taken_back.envelope.revision) == (f"{CODE}/evaluation-2021", 2)
    assert len(registry.said) == 3
