"""The agencies' systems and clerks at the services' doors: they ask, ask again where told to, and count the answers."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from contracts.envelope import BATCH_MEDIA_TYPE
from deploy.local.demo.year import Change, Consolidating, HandIn, Saying

_AT_ONCE = 8
_ATTEMPTS = 6
_PAUSE = 0.2  # seconds of real time before the same is asked again
_AGAIN = frozenset({409, 429, 502, 503, 504})
_UNKNOWN = "unknown-cooperative"


class Unexpected(Exception):
    """A service answered something that a sound request must not get."""


@dataclass
class Tally:
    """What was sent, and what the receipts said."""

    changes: int = 0
    reports: int = 0
    consolidated: list[str] = field(default_factory=list)
    events: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    garbage: Counter[str] = field(default_factory=Counter)
    again: int = 0
    """Events sent a second time because their cooperative was not known yet."""

    @property
    def sent(self) -> int:
        return self.changes + self.events + sum(self.garbage.values())


class Office:
    """Asks the services of one stack, at most eight requests at a time."""

    def __init__(self, services: Mapping[str, str], api_keys: Mapping[str, str]) -> None:
        self.tally = Tally()
        self._services = services
        self._keys = api_keys
        self._http = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=_AT_ONCE))
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def change(self, change: Change) -> None:
        """Ask registry for a change; those of one cooperative one after the other."""
        code = str(change.data["cooperative"])
        async with self._turns[code]:
            key = {"Idempotency-Key": f"{code}/{change.kind}/{change.at.isoformat()}"}
            await self._ask("registry", f"/v1/cooperatives{change.path}", change.agency, change.body, headers=key)
        self.tally.changes += 1

    async def say(self, agency: str, sayings: Sequence[Saying]) -> None:
        """Send a batch to support. What is about a cooperative that is not known yet is sent again shortly."""
        self.tally.events += len(sayings)
        waiting = list(sayings)
        for attempt in range(1, _ATTEMPTS + 1):
            receipts = await self._receipts(agency, waiting)
            told = list(zip(waiting, receipts, strict=True))
            early = [] if attempt == _ATTEMPTS else [saying for saying, receipt in told if _early(saying, receipt)]
            for saying, receipt in told:
                if not (early and _early(saying, receipt)):
                    self._count(receipt)
            if not early:
                return
            waiting = early
            self.tally.again += len(early)
            await asyncio.sleep(_PAUSE)

    async def hand_in(self, report: HandIn) -> None:
        body = {"periods": list(report.periods), "outcome": report.outcome, "document": report.document}
        async with self._turns[report.agency]:
            await self._ask("reporting", "/v1/reports", report.agency, body)
        self.tally.reports += len(report.periods)

    async def consolidate(self, asked: Consolidating) -> None:
        await self._ask("reporting", f"/v1/periods/{asked.period}/consolidation", "consolidator", {})
        self.tally.consolidated.append(asked.period)

    async def read(self, service: str, path: str) -> Any:
        """The JSON of an answer."""
        return (await self.fetch(service, path)).json()

    async def fetch(self, service: str, path: str) -> httpx.Response:
        """An answer, which must be a good one."""
        answer = await self._http.get(self._services[service] + path)
        if answer.status_code != 200:
            raise Unexpected(f"GET {service}{path}: {answer.status_code} {answer.text[:500]}")
        return answer

    async def _receipts(self, agency: str, sayings: Sequence[Saying]) -> list[dict[str, Any]]:
        batch = [saying.event for saying in sayings]
        kind = {"Content-Type": BATCH_MEDIA_TYPE}
        answer = await self._ask("support", "/v1/events", agency, batch, headers=kind)
        return list(answer.json()["receipts"])

    def _count(self, receipt: Mapping[str, Any]) -> None:
        self.tally.outcomes[receipt["outcome"]] += 1
        if receipt["outcome"] == "refused":
            self.tally.reasons[receipt["code"]] += 1

    async def _ask(
        self, service: str, path: str, key: str, body: Any, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Post, and post again while the service says that it cannot just now."""
        credential = {"Authorization": f"Bearer {self._keys[key]}", **(headers or {})}
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = await self._http.post(self._services[service] + path, json=body, headers=credential)
            except httpx.TransportError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                if answer.is_success:
                    return answer
                if answer.status_code not in _AGAIN or attempt == _ATTEMPTS:
                    raise Unexpected(f"POST {service}{path} by {key}: {answer.status_code} {answer.text[:800]}")
            await asyncio.sleep(_PAUSE * attempt)
        raise AssertionError("unreachable")


def _early(saying: Saying, receipt: Mapping[str, Any]) -> bool:
    """Whether a sound event came before registry's news of its cooperative."""
    return saying.sound and receipt["outcome"] == "refused" and receipt.get("code") == _UNKNOWN
