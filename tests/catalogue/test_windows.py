"""Windows, periods and stretches: the days are partitioned, in both calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.windows import (
    CALENDARS,
    Calendar,
    Period,
    Window,
    local_day,
    periods_of,
    quarter_of,
    stretch_of,
    stretches,
    window,
)

YEARS = st.integers(2000, 2099)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
CALENDAR = st.sampled_from(CALENDARS)


def days_of(span: Window) -> list[date]:
    return [span.first_day + timedelta(days=n) for n in range((span.last_day - span.first_day).days + 1)]


def quarters(year: int, calendar: Calendar) -> list[Window]:
    return [window(Period(year, f"Q{number}"), calendar) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("code", "first_day", "last_day"),
    [
        ("2021-Q1", "2020-12-15", "2021-03-14"),
        ("2021-Q2", "2021-03-15", "2021-06-14"),
        ("2021-Q3", "2021-06-15", "2021-09-14"),
        ("2021-Q4", "2021-09-15", "2021-12-14"),
        ("2021-H1", "2020-12-15", "2021-06-14"),
        ("2021-H2", "2021-06-15", "2021-12-14"),
        ("2021", "2020-12-15", "2021-12-14"),
    ],
)
def test_administrative_windows_are_those_of_decree_09(code: str, first_day: str, last_day: str) -> None:
    expected = Window(date.fromisoformat(first_day), date.fromisoformat(last_day))
    assert window(Period.parse(code), "administrative") == expected


def test_calendar_windows_run_from_first_to_last_day() -> None:
    assert window(Period.parse("2021-Q1"), "calendar") == Window(date(2021, 1, 1), date(2021, 3, 31))
    assert window(Period.parse("2021-H1"), "calendar") == Window(date(2021, 1, 1), date(2021, 6, 30))
    assert window(Period.parse("2021"), "calendar") == Window(date(2021, 1, 1), date(2021, 12, 31))


def test_a_second_before_midnight_in_vietnam_is_still_that_day() -> None:
    assert local_day(datetime(2021, 3, 14, 16, 59, 59, tzinfo=UTC)) == date(2021, 3, 14)
    assert local_day(datetime(2021, 3, 14, 17, 0, 0, tzinfo=UTC)) == date(2021, 3, 15)


def test_an_instant_without_a_zone_has_no_local_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        local_day(datetime(2021, 3, 14, 12, 0, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "code",
    [
        "",
        "21",
        "2021-Q5",
        "2021-Q0",
        "2021-H3",
        "2021-q1",
        "2021-Q1 ",
        "2021\n",
        "0000",
        "1921",
        "9999",
        "٢٠٢١",
        "20٢١",
    ],
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(code)


@given(YEARS)
def test_every_period_is_read_back_from_its_code(year: int) -> None:
    assert [Period.parse(period.code) for period in periods_of(year)] == list(periods_of(year))
    assert [period.code for period in periods_of(year)] == [
        *(f"{year}-{part}" for part in ("Q1", "Q2", "Q3", "Q4", "H1")),
        str(year),
    ]


@given(DAYS)
def test_every_day_lies_in_exactly_one_stretch(day: date) -> None:
    start = stretch_of(day)
    assert start <= day
    assert stretch_of(start) == start
    if day != start:
        assert stretch_of(day - timedelta(days=1)) == start


@given(YEARS, CALENDAR)
def test_a_window_is_exactly_the_days_of_its_stretches(year: int, calendar: Calendar) -> None:
    for period in periods_of(year):
        span = window(period, calendar)
        starts = stretches(span)
        by_stretch = [day for day in days_of(span) if stretch_of(day) in starts]
        assert by_stretch == days_of(span)
        assert {stretch_of(day) for day in days_of(span)} == set(starts)
        beyond = (span.first_day - timedelta(days=1), span.last_day + timedelta(days=1))
        assert all(stretch_of(day) not in starts for day in beyond)


@given(YEARS, CALENDAR)
def test_quarters_add_up_to_the_half_and_the_year(year: int, calendar: Calendar) -> None:
    by_quarter = [stretches(quarter) for quarter in quarters(year, calendar)]
    assert stretches(window(Period(year, "H1"), calendar)) == sum(by_quarter[:2], ())
    assert stretches(window(Period(year, ""), calendar)) == sum(by_quarter, ())


@given(YEARS, CALENDAR)
def test_years_follow_each_other_without_gap_or_overlap(year: int, calendar: Calendar) -> None:
    ends = window(Period(year, ""), calendar).last_day
    assert window(Period(year + 1, ""), calendar).first_day == ends + timedelta(days=1)


@given(YEARS)
def test_a_period_is_the_sum_of_its_quarters(year: int) -> None:
    for period in periods_of(year):
        spans = [window(quarter, "administrative") for quarter in period.quarters]
        whole = window(period, "administrative")
        assert (spans[0].first_day, spans[-1].last_day) == (whole.first_day, whole.last_day)


def test_days_that_are_no_sum_of_stretches_are_refused() -> None:
    with pytest.raises(ValueError, match="begins inside"):
        stretches(Window(date(2021, 1, 2), date(2021, 3, 14)))
    with pytest.raises(ValueError, match="ends inside"):
        stretches(Window(date(2021, 1, 1), date(2021, 3, 13)))


@given(DAYS, CALENDAR)
def test_every_day_lies_in_exactly_one_quarter_of_either_calendar(day: date, calendar: Calendar) -> None:
    years = range(day.year - 1, day.year + 2)
    holding = [quarter for year in years for quarter in quarters(year, calendar) if day in quarter]
    assert len(holding) == 1
    assert stretch_of(day) in stretches(holding[0])


@given(YEARS, st.sampled_from(("Q1", "Q2", "Q3", "Q4", "H1", "H2", "")), CALENDAR)
def test_before_every_period_comes_the_one_of_its_kind_that_ends_the_day_before(
    year: int, part: str, calendar: Calendar
) -> None:
    period = Period(year, part)
    assert period.previous.cycle == period.cycle
    ends = window(period.previous, calendar).last_day
    assert ends + timedelta(days=1) == window(period, calendar).first_day
    assert (period.previous == period.last_year) == (period.cycle == "year")


@given(YEARS)
def test_the_same_period_a_year_before_has_the_same_days_of_the_year(year: int) -> None:
    for period in periods_of(year):
        for calendar in CALENDARS:
            now, then = window(period, calendar), window(period.last_year, calendar)
            assert then.first_day == now.first_day.replace(year=now.first_day.year - 1)
            assert then.last_day == now.last_day.replace(year=now.last_day.year - 1)


@given(DAYS)
def test_the_quarter_of_a_day_is_the_one_of_the_calendar(day: date) -> None:
    assert day in window(quarter_of(day), "calendar")
