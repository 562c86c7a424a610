"""The command line: what programs and people read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.__main__ import main

Rows = list[dict[str, Any]]


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> Callable[..., Rows]:
    def run(*arguments: str) -> Rows:
        assert main([*arguments, "--format", "json"]) == 0
        rows: Rows = json.loads(capsys.readouterr().out)
        return rows

    return run


def test_tasks_as_json(listed: Callable[..., Rows]) -> None:
    rows = listed("tasks")
    assert len(rows) == 46
    wanted = {"code", "section", "position", "title", "leads", "cooperating", "indicators"}
    assert all(wanted <= row.keys() for row in rows)
    promotion = rows[15]
    assert (promotion["code"], promotion["ascii_code"]) == ("II.2.đ.3", "II.2.dd.3")
    assert (promotion["section"], promotion["position"]) == ("II.2", 16)
    assert (promotion["leads"], promotion["cooperating"]) == (["SCT"], ["LMHTX"])
    assert promotion["indicators"][0]["code"] == "II.2.đ.3/projects"


def test_json_keeps_vietnamese_letters(capsys: pytest.CaptureFixture[str]) -> None:
    main(["tasks", "--format", "json"])
    assert "Thực hiện khuyến công" in capsys.readouterr().out


def test_owners_as_of_a_day(listed: Callable[..., Rows]) -> None:
    assert listed("tasks")[3]["leads"] == ["SKHDT"]
    assert listed("tasks", "--on", "2025-03-01")[3]["leads"] == ["STC"]


def test_windows_as_json(listed: Callable[..., Rows]) -> None:
    rows = listed("windows", "--year", "2021")
    assert [row["period"] for row in rows[::2]] == ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2021-H1", "2021"]
    assert rows[0] == {
        "period": "2021-Q1",
        "calendar": "administrative",
        "first_day": "2020-12-15",
        "last_day": "2021-03-14",
    }


def test_duties_as_json(listed: Callable[..., Rows]) -> None:
    rows = listed("duties", "--year", "2021")
    assert {
        "period": "2021-H1",
        "agency": "UBND-186",
        "role": "report",
        "to": "SKHDT",
        "last_moment": "2021-06-24T23:59:59+07:00",
    } in rows
    assert len([row for row in rows if row["role"] == "consolidate"]) == 6


def test_agencies_and_units_as_of_a_day(listed: Callable[..., Rows]) -> None:
    assert len(listed("units")) == 76
    assert len(listed("units", "--on", "2021-01-01")) == 11
    assert len(listed("units", "--on", "2025-07-01")) == 65
    codes = {row["code"] for row in listed("agencies", "--on", "2025-03-01")}
    assert "SKHDT" not in codes
    assert "SNNMT" in codes


def test_what_stood_from_of_old_has_no_first_day(listed: Callable[..., Rows]) -> None:
    rows = {row["code"]: row for row in listed("agencies")}
    assert (rows["SKHDT"]["valid_from"], rows["SKHDT"]["valid_to"]) == (None, "2025-02-28")
    assert (rows["SNNMT"]["valid_from"], rows["SNNMT"]["valid_to"]) == ("2025-03-01", None)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["tasks"], "II.2.đ.3"),
        (["agencies"], "Liên minh Hợp tác xã tỉnh"),
        (["units"], "Huyện Hữu Lũng"),
        (["windows", "--year", "2021"], "2021-03-14"),
        (["duties", "--year", "2021"], "2021-03-24T23:59:59+07:00"),
    ],
)
def test_a_readable_table_is_printed_otherwise(
    arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    assert shown in capsys.readouterr().out


def test_a_wrong_plan_is_refused_line_by_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "units.toml").unlink()
    assert main(["units", "--plan", str(folder)]) == 1
    assert "units.toml: the file: missing in" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["duties"], ["windows", "--year", "x"], ["tasks", "--on", "yesterday"], ["towns"]]
)
def test_a_wrong_command_says_how_it_goes(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m catalogue" in capsys.readouterr().err


def test_indicators_with_what_averages_divide_and_what_documents_want(listed: Callable[..., Rows]) -> None:
    rows = {row["code"]: row for row in listed("indicators")}
    assert len(rows) == sum(len(task["indicators"]) for task in listed("tasks"))
    income = rows["II.4.đ.1/average-income"]
    assert (income["of"], income["per"], income["targets"]) == ("II.4.đ.1/wages", "II.4.đ.1/staff", [])
    assert rows["II.4.đ.2/classes"]["of"] is None
    assert rows["II.4.đ.2/classes"]["targets"] == ["200 (2021-2025)"]


def test_targets_with_their_document(listed: Callable[..., Rows]) -> None:
    first = listed("targets")[0]
    assert (first["indicator"], first["at_least"], first["up_to"]) == ("II.4.a.1/new-htx", 200, 250)
    assert first["years"] == "2021-2025"
    assert "19/CTr-UBND" in first["source"]


@pytest.mark.parametrize("what", ["indicators", "targets"])
def test_what_is_counted_and_wanted_as_a_table(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([what]) == 0
    printed = capsys.readouterr().out
    assert "2021-2025" in printed
