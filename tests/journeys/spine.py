"""What journeys do to a running stack: register, say, hand in, and wait until it is folded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from contracts.envelope import BATCH_MEDIA_TYPE
from deploy.local.stack import Stack
from tests.kit.wait import until

WITHIN = 40.0


class Province:
    """Agencies' systems and clerks, as seen by the stack."""

    def __init__(self, stack: Stack, *, timeout: float = 30.0) -> None:
        """`timeout` is how many seconds an answer is waited for."""
        self.stack = stack
        self.http = httpx.AsyncClient(timeout=timeout)

    async def register(self, code: str, *, unit: str = "178", members: int = 9, **more: Any) -> None:
        """Enter an HTX of a district into the register, founded on 2 March 2021."""
        body = {
            "code": code,
            "form": "htx",
            "name": f"HTX {code}",
            "sector": "agriculture",
            "members": members,
            "capital": 500_000_000,
            "unit": unit,
            "at": "2021-03-02T08:00:00+07:00",
            **more,
        }
        answer = await self.post("registry", "/v1/cooperatives", f"UBND-{unit}", json=body)
        assert answer.status_code == 201, answer.text

    async def say(self, agency: str, events: list[dict[str, Any]]) -> dict[str, Any]:
        """Send a batch to support; the receipts."""
        answer = await self.post(
            "support", "/v1/events", agency, json=events, headers={"Content-Type": BATCH_MEDIA_TYPE}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def post(self, service: str, path: str, key: str, **options: Any) -> httpx.Response:
        """Ask as an agency or role."""
        headers = {"Authorization": f"Bearer {self.stack.api_keys[key]}", **options.pop("headers", {})}
        return await self.http.post(self.stack.services[service] + path, headers=headers, **options)

    async def read(self, service: str, path: str, key: str = "consolidator") -> httpx.Response:
        """Read as an agency or role."""
        headers = {"Authorization": f"Bearer {self.stack.api_keys[key]}"}
        answer = await self.http.get(self.stack.services[service] + path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    async def get(self, service: str, path: str, key: str = "consolidator") -> Any:
        """Read JSON."""
        return (await self.read(service, path, key)).json()

    async def figure(self, code: str, period: str = "2021-Q2", calendar: str = "administrative") -> int:
        """An indicator's value, as of what is folded."""
        summary = await self.get("reporting", f"/v1/periods/{period}/summary?calendar={calendar}")
        return int(next(i["value"] for task in summary["tasks"] for i in task["indicators"] if i["code"] == code))

    async def folded(self, events: int) -> dict[str, Any]:
        """Wait until the ledger has so many events and nothing is waiting; the ledger."""

        async def ledger() -> dict[str, Any] | None:
            try:
                told = dict(await self.get("reporting", "/v1/ledger"))
            except httpx.TransportError:
                return None
            return told if told["events"] >= events and not told["lag"] else None

        return dict(await until(ledger, within=WITHIN, what=f"{events} events folded"))


def training(number: int, *, people: int = 30, day: int = 1, revision: int = 1) -> dict[str, Any]:
    """A class for officials in April 2021, as Sở Nội vụ's system says it."""
    return {
        "specversion": "1.0",
        "id": f"snv-{number}-{revision}",
        "source": "urn:snv:hrm",
        "type": "training.held",
        "subject": f"training-SNV-{number}",
        "time": f"2021-04-{day:02d}T09:00:00+07:00",
        "revision": revision,
        "data": {"people": people, "audience": "officials", "topic": "state-management"},
    }


@contextmanager
def running(*services: str, **options: Any) -> Iterator[Stack]:
    """A stack of some services."""
    with Stack(services=services or ("registry", "support", "reporting"), **options) as stack:
        yield stack
