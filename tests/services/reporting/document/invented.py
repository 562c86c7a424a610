"""Consolidations to lay out: an invented year heard, reported on and frozen by reporting itself, in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import msgspec

from catalogue.model import Plan
from chassis.auth import Keyring, Principal
from chassis.clock import ManualClock
from chassis.health import Health
from chassis.listening import Place, Record, Span
from chassis.store_memory import MemoryStore
from deploy.local.demo.chance import OPENING
from deploy.local.demo.independent import _placed
from deploy.local.demo.invent import invent
from deploy.local.demo.year import Change, Consolidating, HandIn, Saying
from services.reporting.handlers import Folding
from services.reporting.wiring import application
from tests.services.reporting.standing import deps_on

PLACE = Place("coop.support.v1", 0)
REMARKS = "Dữ liệu minh họa, do máy sinh ra; không phải số liệu của tỉnh."


@dataclass
class Played:
    """Reporting on a store in memory, to which an invented year happens."""

    plan: Plan
    clock: ManualClock
    folding: Folding
    http: httpx.AsyncClient
    heard: int = 0

    async def hear(self, values: Sequence[bytes]) -> None:
        records = [Record(*PLACE, self.heard + number, None, value) for number, value in enumerate(values)]
        await self.folding.hear(records)
        self.heard += len(values)

    async def post(self, path: str, key: str, body: dict[str, Any]) -> Any:
        answer = await self.http.post(path, headers={"Authorization": f"Bearer {key}"}, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": "Bearer leader"})


def reporting(plan: Plan) -> Played:
    """Reporting, with the agency's code as each agency's key."""
    clock = ManualClock(OPENING)
    deps = deps_on(plan, MemoryStore(), clock)
    folding = Folding(deps)
    people = {agency.code: Principal(role="agency", agency=agency.code) for agency in plan.agencies}
    people |= {"consolidator": Principal(role="consolidator"), "leader": Principal(role="leader")}
    keys = Keyring((hashlib.sha256(key.encode()).hexdigest(), who) for key, who in people.items())
    app = application(deps, folding, keys, Health(), 1_000_000)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reporting")
    return Played(plan, clock, folding, http)


async def play(plan: Plan, events: int, seed: int = 177) -> Played:
    """The whole year: what was said, handed in and consolidated, each quarter signed two days after."""
    played, year = reporting(plan), invent(plan, seed, events)
    await played.folding.assigned({PLACE: Span(0, 1_000_000)})
    happened: list[tuple[datetime, Any]] = [
        *((saying.sent, saying) for saying in year.sayings if saying.sound),
        *((max(change.at, OPENING), change) for change in year.changes),
        *((report.at, report) for report in year.reports),
        *((one.at, one) for one in year.consolidations),
    ]
    waiting: list[bytes] = []
    for at, thing in sorted(happened, key=lambda pair: pair[0]):
        if isinstance(thing, Saying | Change):
            waiting.append(canonical(plan, thing))
            continue
        await played.hear(waiting)
        waiting.clear()
        played.clock.set(at)
        await _do(played, thing)
    await played.hear(waiting)
    return played


async def _do(played: Played, thing: HandIn | Consolidating) -> None:
    if isinstance(thing, HandIn):
        body = {"periods": list(thing.periods), "outcome": thing.outcome, "document": thing.document}
        await played.post("/v1/reports", thing.agency, body)
        return
    path = f"/v1/periods/{thing.period}"
    frozen = await played.post(f"{path}/consolidation", "consolidator", {"remarks": REMARKS})
    if "Q" in thing.period:
        signature = {"digest": frozen["digest"], "document": "5/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}
        await played.post(f"{path}/signature", "consolidator", signature)


def canonical(plan: Plan, thing: Saying | Change) -> bytes:
    """What registry or support says of it."""
    if isinstance(thing, Change):
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"{thing.agency}-{thing.kind}-{thing.data['cooperative']}-{thing.at:%Y%m%d%H%M%S}",
            "source": "/services/registry",
            "type": thing.kind,
            "subject": f"{thing.data['cooperative']}/{thing.kind}-{thing.at:%Y%m%d%H%M%S}",
            "time": thing.at.isoformat(),
            "data": {"version": 1, "law": "2012", **thing.data},
        }
    else:
        event = dict(thing.event)
        event["data"] = dict(_placed(plan, thing.agency, event["data"]))
    return msgspec.json.encode({**event, "agency": thing.agency, "revision": event.get("revision", 1)})
