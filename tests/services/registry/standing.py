"""Registry on a store in memory, its clock in the test's hand, answering over HTTP."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from catalogue.model import Plan
from chassis.auth import Keyring, Principal
from chassis.clock import ManualClock
from chassis.health import Health
from chassis.keys import Keys
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Message
from chassis.store_memory import MemoryStore
from chassis.totals import ControlTotals
from chassis.workbook.package import Limits
from contracts.envelope import Event, read
from services.registry.deps import Deps
from services.registry.store import COLLECTION
from services.registry.totals import counted
from services.registry.wiring import application
from tests.services.registry.asking import NOW

SPEAKERS = ("SKHDT", "UBND-181", "UBND-182", "SNV")


@dataclass
class Standing:
    """The service, and what it has said so far."""

    deps: Deps
    store: MemoryStore
    http: httpx.AsyncClient
    said: list[Message]

    async def post(self, path: str, body: Any, *, by: str | None = "UBND-181", **headers: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {by}"} if by else {}
        headers = {"Content-Type": "application/json", **bearer, **headers}
        return await self.http.post(f"/v1/cooperatives{path}", content=json.dumps(body), headers=headers)

    async def get(self, path: str = "", *, by: str = "leader", **params: Any) -> httpx.Response:
        return await self.http.get(f"/v1/cooperatives{path}", params=params, headers={"Authorization": f"Bearer {by}"})

    async def events(self) -> list[Event]:
        """All events said, once the relay has been round."""
        await self.deps.relay.round()
        return [read(message.value) for message in self.said]


def standing(plan: Plan) -> Standing:
    store, metrics, said = MemoryStore(), Metrics("registry"), list[Message]()

    async def publish(messages: Sequence[Message]) -> None:
        said.extend(messages)

    relay = Relay(store, [COLLECTION], publish, metrics)
    deps = Deps(
        plan=plan,
        clock=ManualClock(NOW),
        store=store,
        relay=relay,
        metrics=metrics,
        keys=Keys(MemoryStore(), ManualClock(NOW)),
        totals=ControlTotals(store, ManualClock(NOW), metrics, partial(counted, store)),
        workbook_limits=Limits(50, 50, 10_000_000),
        max_events=20,
    )
    app = application(deps, keyring(), Health(), 100_000)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry")
    return Standing(deps, store, http, said)


def keyring() -> Keyring:
    """In tests an agency's key is its code."""
    agencies = [Principal(role="agency", agency=code) for code in SPEAKERS]
    others = [Principal(role="leader"), Principal(role="administrator")]
    return Keyring((hashlib.sha256((p.agency or p.role).encode()).hexdigest(), p) for p in [*agencies, *others])
