"""How numbers are written for people."""

import pytest

from services.reporting.words import percent, permille


@pytest.mark.parametrize(
    ("thousandths", "written"),
    [(0, "0,0%"), (5, "0,5%"), (667, "66,7%"), (1_000, "100,0%"), (1_234_567, "123.456,7%"), (-5, "-0,5%")],
)
def test_thousandths_are_written_as_per_cent_whatever_their_sign(thousandths: int, written: str) -> None:
    assert permille(thousandths) == written


def test_a_rate_of_nothing_due_is_a_dash() -> None:
    assert (percent(None), percent(0)) == ("–", "0,0%")
