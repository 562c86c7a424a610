"""Reporting on a store in memory, for tests of its reports."""

from collections.abc import AsyncIterator

import pytest

from catalogue.model import Plan
from tests.services.reporting.test_routes import Office


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()
