"""What pip-audit reports is told as it is: what nobody judged is never called sound."""

from typing import Any

import pytest

from deploy.audit import CLEAN, FAILED, UNJUDGED, VULNERABLE, judgement, main


def report(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(packages), "fixes": []}


SOUND = {"name": "httpx", "version": "0.28.1", "vulns": []}
SICK = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.0"]}]}
SKIPPED = {"name": "motor", "skip_reason": "Dependency not found on the index and could not be audited"}


def test_a_vulnerability_is_named_and_fails() -> None:
    found = judgement(report(SOUND, SICK))
    assert found.code(strict=False) == VULNERABLE
    assert "x.lock: jinja2 2.0: PYSEC-1\n" in found.words("x.lock")
    assert "2 packages judged, 1 vulnerabilities known" in found.words("x.lock")


def test_packages_that_nobody_judged_are_never_called_sound() -> None:
    found = judgement(report(SOUND, SKIPPED))
    assert "1 packages judged" in found.words("x.lock")
    assert "1 NOT judged" in found.words("x.lock")
    assert (found.code(strict=False), found.code(strict=True)) == (CLEAN, UNJUDGED)


def test_where_all_were_judged_nothing_more_is_said() -> None:
    found = judgement(report(SOUND))
    assert "NOT judged" not in found.words("x.lock")
    assert found.code(strict=True) == CLEAN


def test_a_tool_that_is_not_there_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("deploy.audit.PIP_AUDIT", tmp_path / "nowhere")
    assert main(["requirements.lock"]) == FAILED
