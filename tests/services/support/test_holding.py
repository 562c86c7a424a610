"""Events that wait for registry: kept, listed, released in order and once, withdrawn."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.metrics import HELD_EVENTS, HELD_OLDEST
from chassis.store import Stale
from chassis.store_memory import MemoryStore
from contracts.envelope import key_of, new
from contracts.kinds import KINDS
from contracts.kinds.registry import CooperativeFact, CooperativeRegistered, CooperativeSuspended
from services.support.holding import measure, release
from services.support.store import BATCHES
from tests.services.support.saying import NOW, raised, training
from tests.services.support.standing import Standing, standing
from tests.services.support.test_fold import fact
from tests.services.support.test_listening import records

BEFORE = NOW - timedelta(days=400)


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan)


def about(id: str, *codes: str, key: str = "") -> dict[str, Any]:
    """An obstacle of these cooperatives."""
    return {**raised(id, cooperatives=list(codes)), "subject": f"{key or id}/{id}"}


async def tell(support: Standing, *facts: CooperativeFact, at: Any = BEFORE) -> None:
    values = []
    for one in facts:
        kind = next(kind for kind in KINDS.values() if kind.shape is type(one))
        subject = f"{one.cooperative}/{one.version}"
        values.append(new(id=subject, source="/r", subject=subject, time=at, agency="SKHDT", data=one, kind=kind))
    await support.listener.hear(records(*values))


async def ids(support: Standing) -> list[str]:
    return [event.envelope.id for event in await support.events()]


async def test_an_event_waits_until_registry_tells_of_its_cooperative(support: Standing) -> None:
    answer = await support.send(about("a", "HTX-1"), training("b"))
    assert (answer["held"], answer["accepted"]) == (1, 1)
    assert answer["receipts"][0]["code"] == "unknown-cooperative"
    assert await ids(support) == ["b"]
    await tell(support, fact(CooperativeRegistered))
    assert await ids(support) == ["b", "a"]
    assert (await support.send(about("a", "HTX-1")))["duplicate"] == 1


async def test_an_event_of_a_tuple_waits_for_the_last_of_its_cooperatives(support: Standing) -> None:
    await support.send(about("a", "HTX-1", "HTX-2"))
    await tell(support, fact(CooperativeRegistered))
    assert await ids(support) == []
    await tell(support, fact(CooperativeRegistered, code="HTX-2"))
    assert await ids(support) == ["a"]


async def test_a_cooperative_suspended_on_the_day_holds_what_is_given_to_it_but_not_what_is_asked_of_it(
    support: Standing,
) -> None:
    await tell(support, fact(CooperativeRegistered), fact(CooperativeSuspended, 2))
    given = training("t", data={"people": 4, "audience": "officials", "topic": "other", "cooperatives": ["HTX-1"]})
    answer = await support.send(given, about("a", "HTX-1"))
    assert [receipt["outcome"] for receipt in answer["receipts"]] == ["held", "accepted"]
    assert answer["receipts"][0]["code"] == "not-active"


async def test_later_events_of_a_held_key_wait_behind_it_also_in_later_batches(support: Standing) -> None:
    await support.send(about("a", "HTX-1", key="k"))
    answer = await support.send(about("b", key="k"), about("c"))
    assert [receipt["outcome"] for receipt in answer["receipts"]] == ["held", "accepted"]
    assert answer["receipts"][0]["code"] == "behind"
    assert (await support.send(about("d", key="k"), by="UBND-181"))["accepted"] == 1, "another agency's key"
    await tell(support, fact(CooperativeRegistered))
    assert (await ids(support))[-2:] == ["a", "b"]


async def test_what_would_be_said_ahead_of_an_earlier_one_of_its_key_waits_for_the_relay(support: Standing) -> None:
    await support.send(about("a", "HTX-1", key="k"))
    await support.send(about("x", "HTX-2"), about("b", "HTX-2", key="k"))
    await tell(support, fact(CooperativeRegistered, code="HTX-2"))  # x goes, and is not said yet
    await tell(support, fact(CooperativeRegistered))
    assert await ids(support) == ["x", "a"]
    await release(support.deps)
    assert await ids(support) == ["x", "a", "b"]


async def test_held_events_are_listed_to_their_speaker_alone(support: Standing) -> None:
    await support.send(about("a", "HTX-1"))
    mine, theirs, all_ = [
        (await support.http.get("/v1/held", headers={"Authorization": f"Bearer {who}"})).json()["held"]
        for who in ("SNV", "NHNN", "operator")
    ]
    assert [(one["id"], one["code"], one["agency"]) for one in mine] == [("a", "unknown-cooperative", "SNV")]
    assert theirs == []
    assert all_ == mine


async def test_a_held_event_can_be_withdrawn_by_its_speaker_and_frees_what_waits_behind_it(support: Standing) -> None:
    await support.send(about("a", "HTX-1", key="k"), about("b", key="k"))
    listed = (await support.http.get("/v1/held", headers={"Authorization": "Bearer SNV"})).json()["held"]
    path = f"/v1/held/{listed[0]['held']}"
    answers = [await support.http.delete(path, headers={"Authorization": f"Bearer {who}"}) for who in ("NHNN", "SNV")]
    assert [answer.status_code for answer in answers] == [404, 204]
    assert await ids(support) == ["b"]
    (batch,) = await support.store.find(BATCHES)
    assert len(batch.body["withdrawn"]) == 1
    again = await support.http.delete(path, headers={"Authorization": "Bearer SNV"})
    assert again.status_code == 404


async def test_what_was_withdrawn_is_refused_when_it_comes_again_for_it_will_not_be_said(support: Standing) -> None:
    await support.send(about("a", "HTX-1"), about("b", "HTX-1"))
    listed = (await support.http.get("/v1/held", headers={"Authorization": "Bearer SNV"})).json()["held"]
    await support.http.delete(f"/v1/held/{listed[0]['held']}", headers={"Authorization": "Bearer SNV"})
    receipts = (await support.send(about("a", "HTX-1"), about("b", "HTX-1"), about("c")))["receipts"]
    assert [(one["outcome"], one.get("code")) for one in receipts] == [
        ("refused", "withdrawn"),
        ("duplicate", None),
        ("accepted", None),
    ]


async def test_what_is_held_is_measured(support: Standing) -> None:
    await support.send(about("a", "HTX-1"), about("b", "HTX-2"))
    support.deps.clock.set(NOW + timedelta(seconds=90))  # type: ignore[attr-defined]
    await measure(support.deps)
    metrics = support.deps.metrics
    assert (metrics.value(HELD_EVENTS), metrics.value(HELD_OLDEST)) == (2, 90)
    await tell(support, fact(CooperativeRegistered), fact(CooperativeRegistered, code="HTX-2"))
    await measure(support.deps)
    assert (metrics.value(HELD_EVENTS), metrics.value(HELD_OLDEST)) == (0, 0)


class Crashing(MemoryStore):
    """A store whose connection is lost after a release was written, before its writer learns of it."""

    def __init__(self) -> None:
        super().__init__()
        self.crash = False

    async def put(self, collection: str, id: str, body: dict[str, Any], *, expected: int, **rest: Any) -> int:
        version = await super().put(collection, id, body, expected=expected, **rest)
        if self.crash and expected:
            self.crash = False
            raise ConnectionError
        return version


async def test_a_crash_after_a_release_says_nothing_twice(plan: Plan) -> None:
    store = Crashing()
    support = standing(plan, store)
    await support.send(about("a", "HTX-1"))
    store.crash = True
    with pytest.raises(ConnectionError):
        await tell(support, fact(CooperativeRegistered))
    await tell(support, fact(CooperativeRegistered))
    assert await ids(support) == ["a"]


async def test_two_who_release_at_once_say_each_event_once(support: Standing) -> None:
    await support.send(*(about(f"e-{number}", "HTX-1", key="k") for number in range(5)))
    await support.store.keep_newest("cooperatives", [("HTX-1/1", 1, version_of("HTX-1"))])
    await asyncio.gather(*(release(support.deps) for _ in range(3)), return_exceptions=True)
    assert await ids(support) == [f"e-{number}" for number in range(5)]


def version_of(code: str) -> dict[str, Any]:
    return {
        "code": code, "version": 1, "since": "2021-01-01", "status": "active", "form": "htx", "unit": None, "name": code
    }  # fmt: skip


class Contended(MemoryStore):
    """A store in which somebody else always changes a held batch first."""

    async def put(self, collection: str, id: str, body: dict[str, Any], *, expected: int, **rest: Any) -> int:
        if expected:
            raise Stale(id)
        return await super().put(collection, id, body, expected=expected, **rest)


async def test_who_withdraws_what_others_keep_changing_is_told_to_come_again(plan: Plan) -> None:
    support = standing(plan, Contended())
    await support.send(about("a", "HTX-1"))
    listed = (await support.http.get("/v1/held", headers={"Authorization": "Bearer SNV"})).json()["held"]
    answer = await support.http.delete(f"/v1/held/{listed[0]['held']}", headers={"Authorization": "Bearer SNV"})
    assert answer.status_code == 409


steps = st.one_of(
    st.tuples(st.just("say"), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=5)),
    st.tuples(st.just("tell"), st.integers(1, 3)),
)


@given(steps=st.lists(steps, max_size=12))
async def test_whatever_comes_first_every_event_is_said_once_and_in_order_of_its_key(
    plan: Plan, steps: list[tuple[str, Any]]
) -> None:
    support = standing(plan, events_per_write=2)
    sent: dict[str, list[str]] = {}
    for step, what in steps:
        if step == "tell":
            await tell(support, fact(CooperativeRegistered, code=f"HTX-{what}"))
            continue
        events = [about(f"e-{n}", *([f"HTX-{code}"] if code else []), key=f"k-{n % 3}") for n, code in what]
        receipts = (await support.send(*events))["receipts"]
        for event, receipt in zip(events, receipts, strict=True):
            if receipt["outcome"] in ("accepted", "held"):
                sent.setdefault(key_of(event["subject"]), []).append(event["id"])
    await tell(support, *(fact(CooperativeRegistered, code=f"HTX-{code}") for code in (1, 2, 3)))
    for _ in range(len(steps)):  # each document may have to be said before it releases more
        await support.deps.relay.round()
        await release(support.deps)
    said: dict[str, list[str]] = {}
    for one in await support.events():
        said.setdefault(key_of(one.envelope.subject), []).append(one.envelope.id)
    assert said == sent
