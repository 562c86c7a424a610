"""No secret stands in what git tracks but what .secrets.baseline knows as none; one that came in would be found."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.manifests import ROOT

pytestmark = pytest.mark.deploy

TOOL = ROOT / ".venv" / "checks" / "bin" / "detect-secrets"
Found = set[tuple[str, str]]


def found_in(report: dict[str, Any]) -> Found:
    """File and hash of each; lines move, and are left out."""
    return {(file, one["hashed_secret"]) for file, results in report["results"].items() for one in results}


def scanned(folder: Path, *arguments: str) -> dict[str, Any]:
    ran = subprocess.run(
        [TOOL, "scan", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=120
    )
    return dict(json.loads(ran.stdout))


def test_no_secret_is_in_what_git_tracks() -> None:
    baseline = json.loads((ROOT / ".secrets.baseline").read_text())
    (left_out,) = [one["pattern"] for one in baseline["filters_used"] if one["path"].endswith("should_exclude_file")]
    new = found_in(scanned(ROOT, *(part for pattern in left_out for part in ("--exclude-files", pattern))))
    assert not new - found_in(baseline), "take it out, and take the secret back; or make secrets, if it is none"
    for results in baseline["results"].values():
        assert all(one.get("is_secret") is False for one in results), "each was looked at: make secrets"


def test_one_that_came_in_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        'aws = "AKIA' + "IOSFODNN7EXAMPLA" + '"\nuri = "mongodb://root:Hn83kfA@db/"\n'
    )
    assert len(found_in(scanned(tmp_path, "--all-files"))) >= 2
