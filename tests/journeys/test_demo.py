"""The demo from the command line: a small year played, checked, written down, and every process gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.children import ROOT
from deploy.local.demo.independent import PERIODS

pytestmark = pytest.mark.journey


def test_a_small_year_agrees_with_the_independent_computation(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.demo", "--once", "--events", "1500", "--seconds", "20"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "Mọi số liệu khớp" in done.stdout
    for period in PERIODS:
        for form in ("docx", "xlsx"):
            for name in ("minh-hoa-bao-cao", "minh-hoa-bao-cao-ubnd"):
                assert (tmp_path / "out" / "demo" / f"{name}-{period}.{form}").read_bytes().startswith(b"PK")
    assert list(scratch.iterdir()) == []
