"""Averages that would say nothing and targets that cannot be told are refused, with the place and the reason."""

import pytest

from tests.catalogue.conftest import Wrong

AVERAGE = 'of = "revenue", per = "results" }'
TARGET = 'indicator = "II.4.đ.2/classes"'


@pytest.mark.parametrize(
    ("instead", "reason"),
    [
        ('of = "revenue" }', "an average needs `of` and `per`, two other indicators of its task"),
        ('of = "revenues", per = "results" }', "task II.4.đ.1 has no indicator 'revenues'"),
        (
            'of = "revenue", per = "average-profit" }',
            "an average is per count, sum or distinct cooperatives: 'II.4.đ.1/average-profit' is of measure average",
        ),
        ('of = "results", per = "revenue" }', "only a sum has an average: 'II.4.đ.1/results' is of measure count"),
        (
            'of = "revenue", per = "results-estimate" }',
            "'II.4.đ.1/revenue' and 'II.4.đ.1/results-estimate' must take the same events",
        ),
        (
            'of = "joined", per = "results" }',
            "its speakers, those of 'II.4.đ.1/joined' and those of 'II.4.đ.1/results' must be the same",
        ),
        (
            f'terms = [ {{ kind = "congress.held" }} ], {AVERAGE}',
            "an average takes no terms: it is `of` one indicator `per` another",
        ),
    ],
)
def test_an_average_that_says_nothing(wrong: Wrong, instead: str, reason: str) -> None:
    assert f"tasks-4b.toml: II.4.đ.1/average-revenue: {reason}" in wrong("tasks-4b.toml", AVERAGE, instead)


def test_an_average_of_averages(wrong: Wrong) -> None:
    problems = wrong("tasks-4b.toml", AVERAGE, 'of = "average-profit", per = "results" }')
    assert (
        "tasks-4b.toml: II.4.đ.1/average-revenue: only a sum has an average: 'II.4.đ.1/average-profit' is of measure "
        "average"
    ) in problems


def test_an_average_of_what_an_event_may_leave_out(wrong: Wrong) -> None:
    problems = wrong(
        "tasks-4b.toml",
        'field = "revenue", where = { form = ["htx"], estimate = [false] }',
        'field = "revenue_from_members", where = { form = ["htx"], estimate = [false] }',
    )
    assert problems == [
        "tasks-4b.toml: II.4.đ.1/average-revenue: 'II.4.đ.1/revenue' takes 'revenue_from_members' of "
        "'activity.reported', which may be left out"
    ]


def test_a_sum_per_something(wrong: Wrong) -> None:
    problems = wrong("tasks-4b.toml", 'slug = "joined", ', 'slug = "joined", per = "raised", ')
    assert problems == [
        "tasks-4b.toml: II.4.đ.1/joined: only an average is `of` one indicator `per` another, not a sum"
    ]


@pytest.mark.parametrize(
    ("text", "instead", "reason"),
    [
        (TARGET, 'indicator = "II.4.đ.2/class"', "unknown indicator 'II.4.đ.2/class'"),
        (
            TARGET,
            'indicator = "II.4.đ.1/average-income"',
            "'II.4.đ.1/average-income' is an average: what a target is set for must be counted",
        ),
        (
            f"{TARGET}\nfirst_year = 2021\nlast_year = 2025",
            f"{TARGET}\nfirst_year = 2021\nlast_year = 2020",
            "ends in 2020, before it begins in 2021",
        ),
        (f"{TARGET}\n", f"{TARGET}\nup_to = 200\n", "up_to 200 is not above at_least 200"),
        (
            TARGET,
            'indicator = "II.4.a.1/new-htx"',
            "'new-htx-2021-2025' is set for 'II.4.a.1/new-htx' in the same years",
        ),
    ],
)
def test_a_target_that_cannot_be_reached_or_missed(wrong: Wrong, text: str, instead: str, reason: str) -> None:
    assert wrong("plan.toml", text, instead) == [f"plan.toml: targets: courses-2021-2025: {reason}"]


def test_a_target_of_nothing(wrong: Wrong) -> None:
    assert wrong("plan.toml", "at_least = 15", "at_least = 0") == [
        "plan.toml: the file: targets[2].at_least: Expected `int` >= 1"
    ]


def test_a_target_named_twice(wrong: Wrong) -> None:
    problems = wrong("plan.toml", 'code = "charter-courses-2021-2025"', 'code = "courses-2021-2025"')
    assert problems == ["plan.toml: targets: code 'courses-2021-2025' is used twice, first in plan.toml"]
