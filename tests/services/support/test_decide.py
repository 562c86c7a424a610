"""Which of a batch's events are taken."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.support.decide import Batches, Queue, Register, decide, decide_again
from services.support.model import Accepted, Duplicate, Held, Known, Outcome, Refused, Sound, Status

DAY = date(2021, 3, 1)


def version(code: str, number: int = 1, status: Status = "active", since: date = DAY) -> Known:
    return Known(code, number, since, status, "htx", "181", code)


REGISTER = Register({code: [version(code)] for code in ("HTX-1", "HTX-2")}, {"inspection.held"})


def judged(events: Sequence[Sound | Refused], **other: Any) -> list[Outcome]:
    queue = Queue(other.pop("register", REGISTER), set(other.pop("behind", ())))
    return decide(events, **{"seen": {}, "queue": queue, "batches": Batches("b", "h"), **other})


def event(number: int, *cooperatives: str, kind: str = "obstacle.raised", day: date = DAY, key: str = "") -> Sound:
    places = tuple((code, f"/data/cooperatives/{index}") for index, code in enumerate(cooperatives))
    return Sound(f"e-{number}", f"claim-{number}", kind, f"{key or number}/{number}", day, places, b"{}")


WRONG = Refused("e-0", "malformed", "/type", "sai", "sửa")


def test_a_new_event_about_known_cooperatives_is_taken() -> None:
    one, two = event(1), event(2, "HTX-1", "HTX-2")
    assert judged([one, two]) == [Accepted(one), Accepted(two)]


def test_an_event_seen_before_is_a_duplicate_of_the_one_kept() -> None:
    assert judged([event(1)], seen={"claim-1": "a"}) == [Duplicate("e-1", "a")]


def test_the_same_event_twice_in_a_batch_is_taken_once() -> None:
    assert judged([event(1), event(1)]) == [Accepted(event(1)), Duplicate("e-1", "b")]


def test_what_mentions_an_unknown_cooperative_is_held_and_says_for_which() -> None:
    (outcome,) = judged([event(1, "HTX-1", "HTX-9")])
    assert isinstance(outcome, Held)
    assert (outcome.code, outcome.pointer) == ("unknown-cooperative", "/data/cooperatives/1")
    assert "HTX-9" in outcome.reason
    assert "Không cần gửi lại" in outcome.remedy


def test_what_is_given_to_a_cooperative_that_is_not_active_on_the_day_is_held() -> None:
    stopped = Register({"HTX-1": [version("HTX-1"), version("HTX-1", 2, "suspended", DAY + timedelta(5))]}, ())
    before, on, after = judged(
        [event(1, "HTX-1", day=DAY - timedelta(1)), event(2, "HTX-1"), event(3, "HTX-1", day=DAY + timedelta(6))],
        register=stopped,
    )
    assert isinstance(on, Accepted)
    assert [one.code for one in (before, after) if isinstance(one, Held)] == ["not-active", "not-active"]


def test_a_dormant_kind_asks_only_that_the_cooperative_is_registered() -> None:
    ended = Register({"HTX-1": [version("HTX-1", 2, "dissolved")]}, {"inspection.held"})
    day = DAY + timedelta(9)
    inspected, unknown = judged(
        [event(1, "HTX-1", kind="inspection.held", day=day), event(2, "HTX-9", kind="inspection.held", day=day)],
        register=ended,
    )
    assert isinstance(inspected, Accepted)
    assert isinstance(unknown, Held)


def test_what_comes_after_a_held_event_of_its_key_waits_behind_it() -> None:
    outcomes = judged([event(1, "HTX-9", key="k"), event(2, key="k"), event(3, key="other")])
    assert [type(outcome) for outcome in outcomes] == [Held, Held, Accepted]
    assert isinstance(outcomes[1], Held)
    assert outcomes[1].code == "behind"
    (earlier,) = judged([event(2, key="k")], behind={"k"})
    assert isinstance(earlier, Held)


def test_a_held_event_that_comes_again_is_a_duplicate() -> None:
    assert judged([event(1, "HTX-9"), event(1, "HTX-9")])[1] == Duplicate("e-1", "h")


def test_held_events_go_in_order_once_what_they_wait_for_is_told() -> None:
    held = [event(1, "HTX-9", key="k"), event(2, key="k"), event(3, "HTX-8")]
    told = Register({**REGISTER.versions, "HTX-9": [version("HTX-9")]}, ())
    assert decide_again(held, queue=Queue(REGISTER)) == judged(held)
    released = decide_again(held, queue=Queue(told))
    assert [type(outcome) for outcome in released] == [Accepted, Accepted, Held]
    assert all(isinstance(one, Held) for one in decide_again(held, queue=Queue(told, {"k"})))


def test_what_was_refused_for_itself_stays_refused() -> None:
    assert judged([WRONG]) == [WRONG]


def test_of_nothing_comes_nothing() -> None:
    assert judged([]) == []


events = st.one_of(
    st.just(WRONG),
    st.integers(1, 8).map(event),
    st.integers(1, 8).map(lambda number: event(number, "HTX-1")),
    st.integers(1, 8).map(lambda number: event(100 + number, "HTX-9")),
)


def claims(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.event.claim for outcome in outcomes if isinstance(outcome, Accepted | Held)]


@given(batch=st.lists(events), data=st.data())
def test_the_order_of_a_batch_changes_nothing_but_which_copy_is_taken(
    batch: list[Sound | Refused], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(batch))
    outcomes, others = (judged(each) for each in (batch, shuffled))
    assert len(outcomes) == len(others) == len(batch)
    assert sorted(claims(outcomes)) == sorted(claims(others)) == sorted(set(claims(outcomes)))
    for kind in (Accepted, Held, Duplicate, Refused):
        assert sum(isinstance(o, kind) for o in outcomes) == sum(isinstance(o, kind) for o in others)


@given(batch=st.lists(events), cut=st.integers(0, 20))
def test_a_batch_split_anywhere_is_taken_as_the_whole_one(batch: list[Sound | Refused], cut: int) -> None:
    whole = judged(batch)
    first = judged(batch[:cut])
    homes = Batches("b", "h")
    kept = {one.event.claim: homes.home(one) for one in first if isinstance(one, Accepted | Held)}
    second = judged(batch[cut:], seen=kept)
    assert first + second == whole


@given(batch=st.lists(events))
def test_a_batch_sent_again_holds_nothing_new(batch: list[Sound | Refused]) -> None:
    first = judged(batch)
    again = judged(batch, seen=dict.fromkeys(claims(first), "b"), batches=Batches("c", "d"))
    assert claims(again) == []
    assert all(o.of == "b" for o in again if isinstance(o, Duplicate))
