"""A year folded on the real store keeps every promise; and the check that says so finds what differs."""

import pytest

from bench.year import TEN_TIMES, Checks, on


@pytest.mark.servers
@pytest.mark.parametrize("events", [800, pytest.param(TEN_TIMES, marks=pytest.mark.long)])
async def test_a_year_is_folded_signed_restated_and_counted_anew_as_plain_arithmetic_says(
    mongodb_uri: str, database: str, events: int
) -> None:
    lines: list[str] = []
    assert await on(mongodb_uri, database, events, lines.append) == 0, "\n".join(lines)
    told = "\n".join(lines)
    for promise in ("byte for byte", "exactly the late events", "plain computation", "proved from its events"):
        assert promise in told


def test_what_differs_is_counted_and_named() -> None:
    lines: list[str] = []
    checks = Checks(lines.append)
    checks.same("one", {"a": 1}, {"a": 1}, 1)
    checks.same("other", {"a": 1}, {"a": 2}, 1)
    assert checks.differences == 1
    assert "DIFFERENT" in lines[1]
    assert "other" in lines[1]
