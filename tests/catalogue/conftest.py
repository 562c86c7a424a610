"""How the catalogue is tested: copies of the real plan that a test may break."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from catalogue.load import PLANS, WrongPlan, load
from catalogue.model import Plan

REAL = PLANS / "177-KH-UBND"

Wrong = Callable[[str, str, str], list[str]]


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load(REAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real plan, to be spoilt."""
    return Path(copytree(REAL, tmp_path / "plan"))


@pytest.fixture
def wrong(folder: Path) -> Wrong:
    """Replace a text in a file of the copy (first occurrence), and answer why the result is refused."""

    def refuse(file: str, text: str, instead: str) -> list[str]:
        path = folder / file
        before = path.read_text("utf-8")
        assert text in before
        path.write_text(before.replace(text, instead, 1), "utf-8")
        with pytest.raises(WrongPlan) as refused:
            load(folder)
        return refused.value.problems

    return refuse
