"""What a task may not say of its last day."""

from tests.catalogue.conftest import Wrong


def test_a_last_day_before_the_plan_was_signed(wrong: Wrong) -> None:
    assert wrong("tasks-2c.toml", "by = 2020-12-31", "by = 2020-11-01") == [
        "tasks-2c.toml: II.2.k.1: by: 2020-11-01 is before the plan was signed, 2020-11-02"
    ]


def test_a_last_day_of_what_asks_for_no_paper(wrong: Wrong) -> None:
    assert wrong("tasks-1.toml", 'kind = "countable"', 'by = 2020-12-31\nkind = "countable"') == [
        "tasks-1.toml: II.1.a: by: a day is for a deliverable, this is countable"
    ]
