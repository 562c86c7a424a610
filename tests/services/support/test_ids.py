"""Names of batches."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.support.ids import BatchIds

START = datetime(2021, 1, 1, tzinfo=UTC)


@given(steps=st.lists(st.integers(-5, 5)))
def test_names_sort_by_arrival_even_if_the_clock_goes_back(steps: list[int]) -> None:
    ids, now, names = BatchIds(lambda bits: 0), START, []
    for step in steps:
        now += timedelta(milliseconds=step)
        names.append(ids.next(now))
    assert names == sorted(set(names))


def test_copies_of_the_service_are_kept_apart_by_chance() -> None:
    assert BatchIds().next(START) != BatchIds().next(START)
