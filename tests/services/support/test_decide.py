"""Which of a batch's events are taken."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.support.decide import decide
from services.support.model import Accepted, Duplicate, Outcome, Refused, Sound

KNOWN = {"HTX-1", "HTX-2"}


def event(number: int, *cooperatives: str) -> Sound:
    places = tuple((code, f"/data/cooperatives/{index}") for index, code in enumerate(cooperatives))
    return Sound(f"e-{number}", f"claim-{number}", "obstacle.raised", f"obstacle-{number}", places, b"{}")


WRONG = Refused("e-0", "malformed", "/type", "sai", "sửa")


def test_a_new_event_about_known_cooperatives_is_taken() -> None:
    one, two = event(1), event(2, "HTX-1", "HTX-2")
    assert decide([one, two], seen={}, known=KNOWN, batch="b") == [Accepted(one), Accepted(two)]


def test_an_event_seen_before_is_a_duplicate_of_the_one_kept() -> None:
    assert decide([event(1)], seen={"claim-1": "a"}, known=KNOWN, batch="b") == [Duplicate("e-1", "a")]


def test_the_same_event_twice_in_a_batch_is_taken_once() -> None:
    assert decide([event(1), event(1)], seen={}, known=KNOWN, batch="b") == [Accepted(event(1)), Duplicate("e-1", "b")]


def test_an_unknown_cooperative_is_refused_by_its_place() -> None:
    (outcome,) = decide([event(1, "HTX-1", "HTX-9")], seen={}, known=KNOWN, batch="b")
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.pointer) == ("unknown-cooperative", "/data/cooperatives/1")
    assert "HTX-9" in outcome.reason
    assert "gửi lại sau khi HTX đã được đăng ký" in outcome.remedy


def test_what_was_refused_is_not_remembered_as_seen() -> None:
    outcomes = decide([event(1, "HTX-9"), event(1)], seen={}, known=KNOWN, batch="b")
    assert [type(outcome) for outcome in outcomes] == [Refused, Accepted]


def test_what_was_refused_for_itself_stays_refused() -> None:
    assert decide([WRONG], seen={}, known=KNOWN, batch="b") == [WRONG]


def test_of_nothing_comes_nothing() -> None:
    assert decide([], seen={}, known=KNOWN, batch="b") == []


events = st.one_of(
    st.just(WRONG),
    st.integers(1, 8).map(event),
    st.integers(1, 8).map(lambda number: event(number, "HTX-1")),
    st.integers(1, 8).map(lambda number: event(100 + number, "HTX-9")),
)


def claims(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.event.claim for outcome in outcomes if isinstance(outcome, Accepted)]


@given(batch=st.lists(events), data=st.data())
def test_the_order_of_a_batch_changes_nothing_but_which_copy_is_taken(
    batch: list[Sound | Refused], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(batch))
    outcomes, others = (decide(each, seen={}, known=KNOWN, batch="b") for each in (batch, shuffled))
    assert len(outcomes) == len(others) == len(batch)
    assert sorted(claims(outcomes)) == sorted(claims(others)) == sorted(set(claims(outcomes)))
    for kind in (Accepted, Duplicate, Refused):
        assert sum(isinstance(o, kind) for o in outcomes) == sum(isinstance(o, kind) for o in others)


@given(batch=st.lists(events), cut=st.integers(0, 20))
def test_a_batch_split_anywhere_is_taken_as_the_whole_one(batch: list[Sound | Refused], cut: int) -> None:
    whole = decide(batch, seen={}, known=KNOWN, batch="b")
    first = decide(batch[:cut], seen={}, known=KNOWN, batch="b")
    second = decide(batch[cut:], seen=dict.fromkeys(claims(first), "b"), known=KNOWN, batch="b")
    assert first + second == whole


@given(batch=st.lists(events))
def test_a_batch_sent_again_holds_nothing_new(batch: list[Sound | Refused]) -> None:
    first = decide(batch, seen={}, known=KNOWN, batch="b")
    again = decide(batch, seen=dict.fromkeys(claims(first), "b"), known=KNOWN, batch="c")
    assert claims(again) == []
    assert all(o.of == "b" for o in again if isinstance(o, Duplicate))
