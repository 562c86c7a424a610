"""Documents are said whole, in the order in which they began to wait: what would be said out of turn waits."""

from hypothesis import given
from hypothesis import strategies as st

from services.support.turns import left_for_later


def test_what_was_never_released_before_goes_in_the_order_in_which_it_came() -> None:
    assert left_for_later([("A", "k"), ("B", "k"), ("B", "l"), ("C", "k")], []) == frozenset()


def test_what_waits_with_earlier_messages_leaves_what_comes_after_another_document_s() -> None:
    assert left_for_later([("A", "k"), ("B", "k"), ("B", "l")], [("B", {"m"})]) == {1, 2}
    assert left_for_later([("B", "k"), ("A", "k")], [("B", {"m"})]) == frozenset()
    assert left_for_later([("B", "k")], [("B", {"m"}), ("C", {"k"})]) == {0}


def test_behind_what_is_left_all_of_its_key_is_left() -> None:
    assert left_for_later([("A", "k"), ("B", "k"), ("C", "k"), ("C", "l")], [("B", {"m"})]) == {1, 2, 3}


documents, keys = st.sampled_from("ABCD"), st.sampled_from("klm")


@given(
    going=st.lists(st.tuples(documents, keys), max_size=12),
    waiting=st.lists(st.tuples(documents, st.sets(keys, min_size=1)), max_size=4, unique_by=lambda one: one[0]),
)
def test_what_goes_is_said_in_the_order_in_which_it_came(
    going: list[tuple[str, str]], waiting: list[tuple[str, set[str]]]
) -> None:
    left = left_for_later(going, waiting)
    outboxes = {document: [(-1, key) for key in sorted(told)] for document, told in waiting}
    for place, (document, key) in enumerate(going):
        if place not in left:
            outboxes.setdefault(document, []).append((place, key))
    said = [event for outbox in outboxes.values() for event in outbox]
    for key in "klm":
        places = [place for place, of in said if of == key]
        assert places == sorted(places)
    assert waiting or len(left) < max(1, len(going)), "where nothing waits, something goes"
