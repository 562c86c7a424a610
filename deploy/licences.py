"""``python -m deploy.licences > docs/licences.md``: what is installed, in which version, under which licence.

Names and versions come from the locks, licences from what the packages say of themselves.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNKNOWN = "not told"
ABSENT = "not needed on this platform"
_PIN = re.compile(r"^([a-zA-Z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)
_HEAD = """# Licences

Written by `make licences` from the locks and from what each package says of itself; a test holds it to them. The
services themselves are run, not handed out; whoever hands them out reads the licences first.

## In the image

What `requirements-image.lock` installs. None of it is under the GPL or AGPL. python-stdnum is under the LGPL: it is
used as it is, as a library that can be replaced.
"""
_EMBEDDED = """
## Beside it, for development and the demo

What `requirements.lock` adds. **SecantusDB is under the GPL-2.0**: it is only ever a separate process and is never
deployed ([why](decisions/0002-embedded-stack-and-its-licence.md)).
"""


def pins(lock: str) -> dict[str, str]:
    """The packages of a lock, each with its version; with all of them where newer Pythons take another."""
    found: dict[str, list[str]] = {}
    for name, version in _PIN.findall((ROOT / lock).read_text()):
        found.setdefault(name.lower(), []).append(version)
    return {name: ", ".join(versions) for name, versions in found.items()}


def licence_of(package: str) -> str:
    """In SPDX's words where the package uses them, else in its own, on one line."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return ABSENT
    if "License-Expression" in told:
        return told["License-Expression"]
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    if named := sorted(one for one in classified if one != "OSI Approved"):
        return ", ".join(named)
    first = told["License"].strip().splitlines() if "License" in told else []
    return first[0].strip() if first else UNKNOWN


def table(packages: dict[str, str]) -> Iterator[str]:
    yield "| Package | Version | Licence |"
    yield "|---|---|---|"
    for name, version in sorted(packages.items()):
        yield f"| {name} | {version} | {licence_of(name)} |"


def document() -> str:
    """docs/licences.md as it should be."""
    image, run = pins("requirements-image.lock"), pins("requirements.lock")
    beside = {name: version for name, version in run.items() if name not in image}
    return "\n".join([_HEAD, *table(image), _EMBEDDED, *table(beside), ""])


if __name__ == "__main__":
    sys.stdout.write(document())
