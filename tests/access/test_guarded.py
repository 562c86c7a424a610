"""What is outside the guard."""

from contextlib import AsyncExitStack

import pytest

from catalogue.model import Plan
from chassis.auth import Guarded
from tests.access.standing import SERVICES, made
from tests.access.test_matrix import PUBLIC


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_is_guarded_and_the_applications_own_but_for_what_is_public(plan: Plan, service: str) -> None:
    async with AsyncExitStack() as ends:
        routes = (await made(service, plan, ends)).routes
    assert {getattr(one, "path", repr(one)) for one in routes if not isinstance(one, Guarded)} == PUBLIC
