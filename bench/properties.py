"""The property tests by name, each with the number of examples that were run.

``python -m bench.properties [FOLDER …]``: runs every test that Hypothesis feeds and that starts no server, and prints
how many examples passed and how many failed. Exits as pytest does.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

_ONLY = "hypothesis and not servers and not journey and not browser and not long"
_COUNTS = re.compile(r"(\d+) passing(?: test cases)?, (\d+) failing")


def counts(lines: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Examples that passed and that failed, by the test's name, out of what Hypothesis tells."""
    found: dict[str, tuple[int, int]] = {}
    name = ""
    for line in lines:
        if line.startswith("tests/") and line.endswith(":"):
            name = line.removesuffix(":")
        elif told := _COUNTS.search(line):
            passed, failed = found.get(name, (0, 0))
            found[name] = passed + int(told[1]), failed + int(told[2])
    return found


def main(folders: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-m", _ONLY, "--hypothesis-show-statistics"]
    done = subprocess.run([*command, *(folders or ["tests"])], stdout=subprocess.PIPE, text=True, check=False)
    found = counts(done.stdout.splitlines())
    for name, (passed, failed) in sorted(found.items()):
        print(f"{passed:6} examples{f', {failed} FAILED' if failed else ''}  {name}")
    print(f"{sum(passed for passed, _ in found.values())} examples of {len(found)} property tests")
    print(*done.stdout.splitlines()[-1:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
