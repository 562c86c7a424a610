"""Support on a store in memory, its clock in the test's hand, answering over HTTP."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import httpx

from catalogue.model import Plan
from chassis.auth import Keyring, Principal
from chassis.clock import ManualClock
from chassis.deadletters import DeadLetters
from chassis.health import Health
from chassis.listening import Record
from chassis.metrics import Metrics
from chassis.outbox import Relay
from chassis.store import Message
from chassis.store_memory import MemoryStore
from chassis.totals import ControlTotals
from contracts.envelope import BATCH_MEDIA_TYPE, Event, read
from services.support.deps import Deps
from services.support.handlers import Remembering, judging
from services.support.ids import BatchIds
from services.support.settings import Settings
from services.support.store import BATCHES
from services.support.totals import counted
from services.support.wiring import application
from tests.services.support.saying import NOW, said

SPEAKERS = ("SNV", "NHNN", "UBND-181", "SKHDT", "STC")


@dataclass
class Standing:
    """The service, and what it has said so far."""

    deps: Deps
    store: MemoryStore
    http: httpx.AsyncClient
    listener: Remembering
    said: list[Message]

    async def post(self, body: object, *, by: str | None = "SNV", media_type: str = BATCH_MEDIA_TYPE) -> httpx.Response:
        headers = {"Content-Type": media_type} | ({"Authorization": f"Bearer {by}"} if by else {})
        content = body if isinstance(body, bytes) else said(body)
        return await self.http.post("/v1/events", content=content, headers=headers)

    async def send(self, *events: object, by: str = "SNV") -> dict[str, Any]:
        answer = await self.post(list(events), by=by)
        assert answer.status_code == 200, answer.text
        receipts: dict[str, Any] = answer.json()
        return receipts

    async def events(self) -> list[Event]:
        """All events said, once the relay has been round."""
        await self.deps.relay.round()
        return [read(message.value) for message in self.said]


def standing(plan: Plan, store: MemoryStore | None = None, **knobs: Any) -> Standing:
    store, metrics, sent = store or MemoryStore(), Metrics("support"), list[Message]()

    async def publish(messages: Sequence[Message]) -> None:
        sent.extend(messages)

    turn = count()

    async def replay(records: Sequence[Record]) -> None:
        raise AssertionError("nothing is replayed here")

    clock, settings = ManualClock(NOW), Settings(**knobs)
    deps = Deps(
        plan=plan,
        clock=clock,
        store=store,
        relay=Relay(store, [BATCHES], publish, metrics),
        dead_letters=DeadLetters(store, metrics, clock, judge=judging(plan, clock, settings), publish=replay),
        metrics=metrics,
        totals=ControlTotals(store, clock, metrics, partial(counted, store)),
        settings=settings,
        batch_ids=BatchIds(lambda bits: next(turn)),
    )
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(deps, keyring(), Health())), base_url="http://support"
    )
    return Standing(deps, store, http, Remembering(deps), sent)


def keyring() -> Keyring:
    """In tests an agency's key is its code."""
    agencies = [Principal(role="agency", agency=code) for code in SPEAKERS]
    others = [Principal(role="leader"), Principal(role="operator")]
    return Keyring((hashlib.sha256((p.agency or p.role).encode()).hexdigest(), p) for p in [*agencies, *others])
