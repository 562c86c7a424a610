"""docs/documents.md names a test for every rule of decree 30/2020/NĐ-CP that applies, and each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "documents.md").read_text()
FILES = [
    *(ROOT / "tests" / "services" / "reporting" / "document").glob("test_*.py"),
    *(ROOT / "tests").glob("catalogue/*.py"),
]


def test_every_test_that_is_named_is_there() -> None:
    there = {name for file in FILES for name in re.findall(r"def (test_\w+)", file.read_text())}
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    assert len(named) > 30
    assert named <= there


def test_every_rule_that_applies_has_a_test() -> None:
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| ") and " | " in line]
    rules = [row for row in rows if row[0] != "Rule"]
    bare = [row[0] for row in rules if not re.search(r"test_|the five rows", row[-1]) and "apply" not in row[1]]
    assert len(rules) > 30
    assert not bare
