"""What all tests share: the real plan, and how Hypothesis runs."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from catalogue.load import load
from catalogue.model import Plan

pytest_plugins = ["tests.kit.servers"]

PLAN = Path(__file__).parent.parent / "catalogue" / "plans" / "177-KH-UBND"

# The same examples on every run, so that a red run can be run again; HYPOTHESIS_PROFILE=deep looks further.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("default"), derandomize=False, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Plan 177/KH-UBND as it ships."""
    return load(PLAN)
