"""Support hearing registry."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.listening import Place, Record
from chassis.metrics import EVENTS_DEAD
from contracts.envelope import new
from contracts.kinds import KINDS
from contracts.kinds.registry import CooperativeAmended, CooperativeFact, CooperativeRegistered
from services.support.model import Known
from services.support.store import COOPERATIVES, versions
from tests.services.support.saying import NOW, said, training
from tests.services.support.standing import Standing, standing
from tests.services.support.test_fold import fact


def told(data: CooperativeFact, kind: str) -> bytes:
    subject = f"{data.cooperative}/{data.version}"
    return new(id=subject, source="/r", subject=subject, time=NOW, agency="SKHDT", data=data, kind=KINDS[kind])


def records(*values: bytes, first: int = 0) -> list[Record]:
    """Each about something else: no record waits behind another."""
    return [
        Record("coop.registry.v1", 0, offset, b"k%d" % offset, value)
        for offset, value in enumerate(values, start=first)
    ]


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan)


REGISTERED = told(fact(CooperativeRegistered), "cooperative.registered")
AMENDED = told(fact(CooperativeAmended, 2, active=False), "cooperative.amended")


async def test_what_registry_tells_is_remembered(support: Standing) -> None:
    await support.listener.hear(records(REGISTERED, AMENDED))
    heard = await versions(support.store, ["HTX-1"])
    assert heard == {
        "HTX-1": [
            Known("HTX-1", 1, date(2022, 1, 1), "active", "htx", "181", "HTX lần 1"),
            Known("HTX-1", 2, date(2022, 1, 1), "suspended", "htx", "181", "HTX lần 2"),
        ]
    }


async def test_a_version_that_registry_took_back_never_was(support: Standing) -> None:
    gone = said(
        training(type="cooperative.amended.retracted", subject="HTX-1/2", revision=2, data={"reason": "Nhập nhầm"})
    )
    for values in ([REGISTERED, AMENDED], [gone], [AMENDED]):
        await support.listener.hear(records(*values))
    heard = await versions(support.store, ["HTX-1"])
    assert [(one.version, one.status) for one in heard["HTX-1"]] == [(1, "active")]
    assert await support.deps.dead_letters.count() == 0


async def test_it_goes_on_where_the_group_committed(support: Standing) -> None:
    place = Place("coop.registry.v1", 0)
    assert await support.listener.assigned({place: None}) == {}  # type: ignore[dict-item]
    await support.listener.revoked([place])


@given(order=st.permutations([1, 2, 3, 4]), cuts=st.lists(st.integers(0, 4), max_size=3))
async def test_order_repetition_and_batches_change_nothing(plan: Plan, order: Sequence[int], cuts: list[int]) -> None:
    support = standing(plan)
    values = [told(fact(CooperativeAmended, version), "cooperative.amended") for version in order]
    for cut in [*cuts, len(values)]:
        if cut:
            await support.listener.hear(records(*values[:cut]))
    heard = await versions(support.store, ["HTX-1"])
    assert [one.version for one in heard["HTX-1"]] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\xff", b"not json", b"{}", said(training()), said(training(type="cooperative.registered.retracted"))],
)
async def test_what_is_no_event_of_a_life_is_put_aside_once_and_the_rest_is_heard(
    support: Standing, garbage: bytes
) -> None:
    for _ in range(2):
        await support.listener.hear(records(garbage, REGISTERED))
    assert await support.deps.dead_letters.count() == 1
    assert await support.store.count(COOPERATIVES) == 1
    assert support.deps.metrics.value(EVENTS_DEAD, topic="coop.registry.v1") == 1
