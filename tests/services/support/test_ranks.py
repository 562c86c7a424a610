"""Whether an event holds among those of its fact, and what its sender is told where it may not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from services.support.model import Sound
from services.support.ranks import Rank, cautions, rank_of
from tests.services.support.saying import sound, training


def stated(plan: Plan, id: str, revision: int = 1, *, retracted: bool = False) -> Sound:
    return replace(sound(plan, training(id, revision=revision, subject="course-7")), retracted=retracted)


def codes(event: Sound, *others: Sound) -> list[str]:
    return [one.code for one in cautions(event, {rank_of(other) for other in others})]


def test_the_first_statement_and_a_higher_revision_are_nothing_unusual(plan: Plan) -> None:
    first = stated(plan, "a")
    assert codes(first) == []
    assert codes(stated(plan, "b", 2), first) == []
    assert codes(stated(plan, "c", 3, retracted=True), first, stated(plan, "b", 2)) == []


def test_another_event_of_the_same_revision_is_told_which_of_the_two_counts(plan: Plan) -> None:
    (told,) = cautions(stated(plan, "b"), {rank_of(stated(plan, "a"))})
    assert (told.code, told.pointer) == ("same-revision", "/revision")
    assert "`a`" in told.reason
    assert "được tính: `b`" in told.reason
    assert "(`revision`) 2" in told.reason
    (told,) = cautions(stated(plan, "b"), {rank_of(stated(plan, "c"))})
    assert "được tính: `c`" in told.reason


def test_a_retraction_without_a_higher_revision_is_told_so(plan: Plan) -> None:
    assert codes(stated(plan, "a", retracted=True), stated(plan, "b")) == ["same-revision"]


def test_what_a_higher_revision_has_replaced_already_is_told_that_it_changes_nothing(plan: Plan) -> None:
    assert codes(stated(plan, "b"), stated(plan, "a"), stated(plan, "c", 3)) == ["superseded"]


def test_a_correction_of_what_never_came_counts_and_a_retraction_of_it_takes_back_nothing(plan: Plan) -> None:
    (corrected,) = cautions(stated(plan, "a", 2), ())
    (taken_back,) = cautions(stated(plan, "a", 2, retracted=True), ())
    assert corrected.code == taken_back.code == "no-earlier-revision"
    assert "được tính ngay" in corrected.reason
    assert "chưa có gì để rút lại" in taken_back.reason


@given(
    own=st.integers(1, 4),
    others=st.sets(st.builds(Rank, st.integers(1, 4), st.sampled_from("abc"), st.sampled_from("xy")), max_size=5),
)
def test_who_is_told_nothing_has_the_first_statement_or_a_higher_revision(
    plan: Plan, own: int, others: set[Rank]
) -> None:
    told = cautions(stated(plan, "b", own), others)
    alone = all(other.revision < own for other in others) and bool(others or own == 1)
    assert (told == ()) == alone
