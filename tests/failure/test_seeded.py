"""The whole harness once, short: a few thousand events and as many faults as fit into two minutes, as a command of its
own, so that it can have a small file system of its own."""

import re
import subprocess
import sys

import pytest

from deploy.local.children import ROOT
from tests.failure.schedule import PROCESSES

pytestmark = [pytest.mark.journey, pytest.mark.failure]

SEED, EVENTS, FAULTS = 3, 3_000, 10


def test_a_seed_is_proved() -> None:
    sizes = ("--seed", str(SEED), "--events", str(EVENTS), "--faults", str(FAULTS))
    ran = subprocess.run(
        [sys.executable, "-m", "tests.failure", *sizes],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(ran.stdout)
    assert ran.returncode == 0
    assert f"seed {SEED} is proved" in ran.stdout
    assert ran.stdout.count(": done at ") == FAULTS
    passed_on = re.search(r"connections passed on: (.*)", ran.stdout)
    assert passed_on
    assert all(f"'{process}'" in passed_on[1] for process in PROCESSES), "whose a connection is was not known"
