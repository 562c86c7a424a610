"""One invented year of half the demo's size, shared by the tests that look at it."""

import pytest

from catalogue.model import Plan
from deploy.local.demo.invent import invent
from deploy.local.demo.year import Year

SEED, EVENTS = 177, 5_600


@pytest.fixture(scope="session")
def year(plan: Plan) -> Year:
    return invent(plan, SEED, EVENTS)
