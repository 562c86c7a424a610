"""Shares in thousandths: the nearest, and never the whole where something is wanting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.shares import thousandths

WHOLE = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(2, 3, 667), (1, 3, 333), (1, 2000, 1), (93, 103, 903), (101, 105, 962), (1999, 2000, 999), (3, 3, 1000),
     (0, 7, 0), (300, 200, 1500), (-1, 3, -333)],
)  # fmt: skip
def test_a_share_is_the_nearest(part: int, whole: int, shown: int) -> None:
    assert thousandths(part, whole) == shown


@given(st.integers(0, 10**9), WHOLE)
def test_a_share_is_all_or_more_exactly_where_nothing_is_wanting(part: int, whole: int) -> None:
    shown = thousandths(part, whole)
    assert (shown >= 1000) == (part >= whole)
    assert abs(shown * whole - 1000 * part) <= whole / 2 or shown == 999


@given(st.integers(0, 10**9), st.integers(0, 10**9), WHOLE)
def test_more_is_never_shown_as_less(one: int, other: int, whole: int) -> None:
    low, high = sorted((one, other))
    assert thousandths(low, whole) <= thousandths(high, whole)
