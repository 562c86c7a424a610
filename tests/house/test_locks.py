"""What is started on a fresh machine needs nothing that its lock does not have."""

import subprocess
import sys

from deploy.local.children import ROOT

_FOREIGN = """
import importlib.metadata, re, sys
import deploy.local.__main__, deploy.local.demo.__main__
import services.registry.wiring, services.support.wiring, services.reporting.wiring, services.notify.wiring
owners = importlib.metadata.packages_distributions()
tops = {name.partition(".")[0] for name in list(sys.modules)}
print(*{re.sub("[-_.]+", "-", one).lower() for top in tops for one in owners.get(top, ())})
"""


TAKEN_WHERE_THERE = {"setuptools", "pip", "cryptography", "cffi"}
"""By libraries that do without: pymongo looks for cryptography."""


def test_the_run_lock_has_all_that_the_embedded_stack_the_demo_and_the_services_import() -> None:
    told = subprocess.run([sys.executable, "-c", _FOREIGN], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    locked = {line.partition("==")[0].lower() for line in lines if "==" in line and not line.startswith(" ")}
    needed = set(told.stdout.split()) - TAKEN_WHERE_THERE
    assert len(needed) > 20
    assert not needed - locked
