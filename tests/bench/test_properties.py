"""The listing of property tests reads what Hypothesis tells, and can say that one failed."""

from bench.properties import counts

TOLD = """\
tests/a.py::test_one:

  - during reuse phase (0.01 seconds):
    - 2 passing, 0 failing, and 0 invalid test cases
  - during generate phase (0.10 seconds):
    - 98 passing, 0 failing, and 4 invalid test cases

tests/b.py::test_other[calendar]:

  - during generate phase (0.10 seconds):
    - 6 passing, 1 failing, and 0 invalid test cases
"""


def test_examples_of_all_phases_are_added_by_the_tests_name() -> None:
    assert counts(TOLD.splitlines()) == {"tests/a.py::test_one": (100, 0), "tests/b.py::test_other[calendar]": (6, 1)}


def test_nothing_told_is_nothing_counted() -> None:
    assert counts(["1 passed in 0.1s"]) == {}
