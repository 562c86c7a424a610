"""SECURITY.md: every threat names what stops it, and the tests that it names are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TEXT)))
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| Threat")]


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_is_there(named: str) -> None:
    file, _, test = named.partition("::")
    assert (ROOT / file).is_file()
    assert not test or test in functions_of(file)


def test_every_threat_has_what_stops_it_and_a_test_or_says_that_nothing_does() -> None:
    for row in ROWS:
        threat, stops, proved = (cell.strip() for cell in row.strip("|").split("|"))
        assert threat
        assert "`tests/" in proved or stops.startswith("**Not stopped here**"), row


@pytest.mark.parametrize("heading", ["lie", "replay", "read", "flood"])
def test_each_of_the_questions_is_answered(heading: str) -> None:
    section = TEXT.split(f"### Who could {heading}\n")[1].split("\n### ")[0]
    assert section.count("`tests/") >= 4
