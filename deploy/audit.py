"""``python -m deploy.audit LOCK...``: are there known vulnerabilities in what the locks install?

pip-audit asks the package index's database. Where that does not answer, pip-audit says "no known vulnerabilities found"
of packages that nobody has judged; here it is said how many were judged, and how many were not.

Exit codes: 0 none is known (or nobody could be asked: the last line says so); 1 there are some; 2 pip-audit failed;
with AUDIT_STRICT=1 also 3: not all were judged.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

PIP_AUDIT = Path(__file__).parents[1] / ".venv" / "checks" / "bin" / "pip-audit"
CLEAN, VULNERABLE, FAILED, UNJUDGED = 0, 1, 2, 3
_WITHIN = 60


@dataclass(frozen=True)
class Judgement:
    """What pip-audit found out of one lock: package and advisory of each vulnerability, what was and was not judged."""

    vulnerable: tuple[tuple[str, str, str], ...]
    judged: int
    unjudged: int

    def code(self, *, strict: bool) -> int:
        if self.vulnerable:
            return VULNERABLE
        return UNJUDGED if strict and self.unjudged else CLEAN

    def words(self, lock: str) -> str:
        found = "".join(f"{lock}: {name} {version}: {advisory}\n" for name, version, advisory in self.vulnerable)
        counts = f"{self.judged} packages judged, {len(self.vulnerable)} vulnerabilities known"
        beside = f"; {self.unjudged} NOT judged: no database of vulnerabilities answered" if self.unjudged else ""
        return f"{found}{lock}: {counts}{beside}\n"


def judgement(report: dict[str, Any]) -> Judgement:
    """Read pip-audit's report."""
    packages = report["dependencies"]
    judged = [one for one in packages if "skip_reason" not in one]
    vulnerable = tuple((one["name"], one["version"], each["id"]) for one in judged for each in one["vulns"])
    return Judgement(vulnerable, len(judged), len(packages) - len(judged))


def audit(lock: str) -> Judgement:
    """Ask about every package of a lock.

    Raises:
        RuntimeError: pip-audit did not report.
    """
    options = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "-f", "json", "-r", lock)
    command = [str(PIP_AUDIT), *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_WITHIN)
    try:
        return judgement(msgspec.json.decode(ran.stdout))
    except (msgspec.DecodeError, KeyError, TypeError):
        raise RuntimeError(f"pip-audit ended with {ran.returncode}: {ran.stderr.strip()[-500:]}") from None


def main(locks: Sequence[str]) -> int:
    """Returns the exit code."""
    code, strict = CLEAN, os.environ.get("AUDIT_STRICT") == "1"
    for lock in locks:
        try:
            found = audit(lock)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            sys.stderr.write(f"{lock}: NOT judged: {error}\n")
            return FAILED
        sys.stdout.write(found.words(lock))
        code = max(code, found.code(strict=strict)) if code != VULNERABLE else code
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
