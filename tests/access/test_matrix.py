"""Who may use which route, cell by cell: every route that a service's OpenAPI document has, times everybody.

The table below is written by hand and knows nothing of the rules in the code. A route that is not in it fails.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from catalogue.model import Plan
from tests.access.standing import AGENCIES, OTHERS, SERVICES, made
from tests.services.registry.asking import register

STRANGERS = ("", "a key that nobody has")
EVERYBODY = (*STRANGERS, *AGENCIES, *OTHERS)
ABOVE = "consolidator leader"
READERS = f"UBND-181 UBND-182 SNV SKHDT {ABOVE}"
PUBLIC = {"/livez", "/readyz", "/metrics", "/openapi.json"}

COOPERATIVE = "HTX-181-01"
MOMENT = {"at": "2021-06-01T08:00:00+07:00"}
DISSOLVED = {**MOMENT, "reason": "tự nguyện"}
REGISTRARS = "UBND-181 SKHDT"

# Service, method, route: who gets in, and for whom it is simply not there (404): another's, or no key of that name. All
# others: 403, or 401 without a good key. UBND-181 is the district of the cooperative asked about.
TABLE: dict[str, tuple[str, str]] = {
    "registry POST /v1/cooperatives": (REGISTRARS, ""),
    "registry GET /v1/cooperatives": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "registry GET /v1/cooperatives/{code}": ("UBND-181 SNV SKHDT consolidator leader", "UBND-182"),
    "registry POST /v1/cooperatives/{code}/amendments": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/suspensions": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/resumptions": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/dissolutions": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/conversions": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/mergers": ("", "UBND-181 UBND-182 SNV SKHDT"),  # no such other
    "registry POST /v1/cooperatives/{code}/divisions": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/activities": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/evaluations": (REGISTRARS, ""),
    "registry POST /v1/cooperatives/{code}/annulments": ("UBND-181", ""),  # nobody else told the change
    "registry POST /v1/cooperatives/{code}/years/retractions": (REGISTRARS, ""),
    "registry GET /v1/cooperatives/{code}/timeline": ("UBND-181 SNV SKHDT consolidator leader", "UBND-182"),
    "registry GET /v1/cooperatives/export.csv": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "registry GET /v1/cooperatives/export.xlsx": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "registry GET /v1/cooperatives/evaluations/{year}": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "registry POST /v1/totals": ("", "UBND-181 UBND-182 SNV SKHDT"),  # it is support's kind
    "registry GET /v1/totals": ("UBND-181 UBND-182 SNV SKHDT consolidator operator", ""),
    "registry GET /v1/totals?agency=UBND-181": ("UBND-181 consolidator operator", ""),
    "registry POST /v1/events": ("UBND-181 UBND-182 SNV SKHDT", ""),  # each event is judged by itself
    "registry GET /v1/cooperatives/templates": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "registry GET /v1/cooperatives/templates/{kind}.xlsx": ("", "UBND-181 UBND-182 SNV SKHDT"),  # it is support's kind
    "registry POST /v1/cooperatives/workbook": ("UBND-181 UBND-182 SNV SKHDT", ""),  # each row is judged by itself
    "registry GET /v1/keys": ("administrator", ""),
    "registry POST /v1/keys": ("administrator", ""),
    "registry POST /v1/keys/{id}/replacements": ("", "administrator"),
    "registry DELETE /v1/keys/{id}": ("", "administrator"),
    "support POST /v1/events": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "support GET /v1/templates": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "support GET /v1/templates/{kind}.xlsx": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "support POST /v1/workbooks": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "support GET /v1/held": ("UBND-181 UBND-182 SNV SKHDT consolidator operator", ""),
    "support GET /v1/held?agency=UBND-181": ("UBND-181 consolidator operator", ""),
    "support DELETE /v1/held/{held}": ("", "UBND-181 UBND-182 SNV SKHDT"),
    "support GET /v1/records/{kind}": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "support GET /v1/records/{kind}?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "support GET /v1/records/{kind}/history?subject=x": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "support GET /v1/records/{kind}/history?subject=x&agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "support GET /v1/accounts/{sort}": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "support GET /v1/accounts/{sort}?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "support POST /v1/totals": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "support GET /v1/totals": ("UBND-181 UBND-182 SNV SKHDT consolidator operator", ""),
    "support GET /v1/totals?agency=UBND-181": ("UBND-181 consolidator operator", ""),
    "support GET /v1/dead-letters": ("operator", ""),
    "support GET /v1/dead-letters/{letter}": ("", "operator"),
    "support POST /v1/dead-letters/replays": ("operator", ""),
    "support POST /v1/dead-letters/{letter}/replays": ("", "operator"),
    "support POST /v1/dead-letters/{letter}/discards": ("", "operator"),
    "reporting GET /": (READERS, ""),
    "reporting GET /v1/periods/{period}/summary": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/summary?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "reporting GET /v1/periods/{period}/register": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/register.csv": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/tasks/register": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/tasks/register.csv": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/years/{year}/register": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/years/{year}/register.csv": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /years/{year}": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /periods/{period}": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /periods/{period}/report": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /periods/{period}/report?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "reporting POST /periods/{period}/report": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "reporting POST /periods/{period}/report/review": ("consolidator", ""),
    "reporting POST /v1/reports": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "reporting GET /v1/reports/{agency}/{period}": ("UBND-181 consolidator leader", ""),
    "reporting GET /v1/reports/{agency}/{period}/files/{digest}": ("", "UBND-181 consolidator leader"),  # no such file
    "reporting POST /v1/reports/{agency}/{period}/return": ("consolidator", ""),
    "reporting POST /v1/reports/{agency}/{period}/acceptance": ("consolidator", ""),
    "reporting GET /v1/periods/{period}/draft": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/draft?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "reporting GET /v1/periods/{period}/discrepancies": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/periods/{period}/discrepancies?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "reporting POST /v1/periods/{period}/consolidation": ("consolidator", ""),
    "reporting GET /v1/periods/{period}/consolidation": (ABOVE, ""),
    "reporting GET /v1/periods/{period}/consolidation?version=1": (ABOVE, ""),
    "reporting GET /v1/periods/{period}/consolidation.{form}": (ABOVE, ""),
    "reporting GET /v1/periods/{period}/consolidation.json": (ABOVE, ""),
    "reporting GET /v1/periods/{period}/consolidation.json?from=province&number=7": (ABOVE, ""),
    "reporting POST /v1/periods/{period}/signature": ("consolidator", ""),
    "reporting GET /v1/periods/{period}/restatements": ("", ABOVE),  # nothing is signed
    "reporting GET /periods/{period}/restatements": ("", ABOVE),  # nothing is signed
    "reporting GET /v1/periods/{period}/provenance?indicator=II.3.b/people": (READERS, ""),
    "reporting GET /v1/periods/{period}/provenance?indicator=II.3.b/people&agency=UBND-181": (
        "UBND-181 consolidator leader",
        "",
    ),
    "reporting GET /v1/periods/{period}/provenance.csv?indicator=II.3.b/people": (READERS, ""),
    "reporting GET /periods/{period}/figure?indicator=II.3.b/people": (READERS, ""),
    "reporting GET /v1/periods/{period}/estimates?indicator=II.3.b/people": (READERS, ""),
    "reporting GET /v1/periods/{period}/estimates?indicator=II.3.b/people&agency=UBND-181": (
        "UBND-181 consolidator leader",
        "",
    ),
    "reporting GET /periods/{period}/estimates?indicator=II.3.b/people": (READERS, ""),
    "reporting GET /v1/periods/{period}/restatement-notes": (ABOVE, ""),
    "reporting POST /v1/previews": ("UBND-181 UBND-182 SNV SKHDT consolidator", ""),
    "reporting POST /v1/obstacles": ("UBND-181 UBND-182 SNV SKHDT", ""),
    "reporting GET /v1/obstacles": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/obstacles?agency=UBND-181": ("UBND-181 consolidator leader", ""),
    "reporting GET /v1/obstacles/{obstacle}": ("", "UBND-181 UBND-182 SNV SKHDT consolidator leader"),
    "reporting POST /v1/obstacles/{obstacle}/forwarding": ("", "consolidator"),
    "reporting POST /v1/obstacles/{obstacle}/answer": ("", "leader"),
    "reporting POST /v1/obstacles/{obstacle}/closing": ("", "UBND-181 UBND-182 SNV SKHDT consolidator"),
    "reporting GET /obstacles": ("UBND-181 UBND-182 SNV SKHDT consolidator leader", ""),
    "reporting GET /v1/ledger": (f"{ABOVE} operator", ""),
    "reporting GET /v1/rebuilds": (f"{ABOVE} operator", ""),
    "reporting GET /v1/dead-letters": ("operator", ""),
    "reporting GET /v1/dead-letters/{letter}": ("", "operator"),
    "reporting POST /v1/dead-letters/replays": ("operator", ""),
    "reporting POST /v1/dead-letters/{letter}/replays": ("", "operator"),
    "reporting POST /v1/dead-letters/{letter}/discards": ("", "operator"),
    "notify GET /v1/notifications": ("UBND-181 UBND-182 SNV SKHDT consolidator leader operator", ""),
    "notify GET /v1/notifications?agency=UBND-181": ("UBND-181 consolidator leader operator", ""),
    "notify GET /v1/dead-letters": ("operator", ""),
    "notify GET /v1/dead-letters/{letter}": ("", "operator"),
    "notify POST /v1/dead-letters/replays": ("operator", ""),
    "notify POST /v1/dead-letters/{letter}/replays": ("", "operator"),
    "notify POST /v1/dead-letters/{letter}/discards": ("", "operator"),
}
BODIES: dict[str, Any] = {
    "/v1/cooperatives": register().model_dump(mode="json"),
    "/v1/cooperatives/{code}/amendments": {**MOMENT, "members": 30},
    "/v1/cooperatives/{code}/suspensions": MOMENT,
    "/v1/cooperatives/{code}/resumptions": MOMENT,
    "/v1/cooperatives/{code}/dissolutions": DISSOLVED,
    "/v1/cooperatives/{code}/conversions": {**MOMENT, "form": "htx"},
    "/v1/cooperatives/{code}/mergers": {**MOMENT, "absorbed": ["HTX-181-99"], "members": 9, "capital": 9},
    "/v1/cooperatives/{code}/divisions": {**MOMENT, "founded": [register(code="HTX-181-98").model_dump(mode="json")]},
    "/v1/cooperatives/{code}/activities": {
        **MOMENT,
        "year": 2021,
        "revenue": 9,
        "profit": -1,
        "wages": 2,
        "workers": 1,
    },
    "/v1/cooperatives/{code}/evaluations": {**MOMENT, "year": 2021, "grade": "good"},
    "/v1/cooperatives/{code}/annulments": {"version": 1, "reason": "ghi nhầm"},
    "/v1/cooperatives/{code}/years/retractions": {"what": "evaluation", "year": 2021, "reason": "ghi nhầm"},
    "/v1/events": [],
    "/v1/totals": {"kind": "training.held", "day": "2021-03-02", "events": 1},
    "/v1/dead-letters/replays": {},
    "/v1/dead-letters/{letter}/replays": {},
    "/v1/dead-letters/{letter}/discards": {"why": "thử nghiệm"},
    "/v1/keys": {"role": "leader", "name": "lãnh đạo"},
    "/v1/periods/{period}/signature": {"digest": "0" * 64, "document": "1/BC", "basis": "Nghị định 09/2019/NĐ-CP"},
    "/v1/previews": [{}],
    "/v1/obstacles": {"text": "Thiếu vốn đối ứng"},
    "/v1/obstacles/{obstacle}/forwarding": {"document": "15/SKHĐT-KTN"},
    "/v1/obstacles/{obstacle}/answer": {"document": "80/UBND-KT", "text": "Đồng ý"},
    "/v1/obstacles/{obstacle}/closing": {"solution": "Đã bố trí vốn"},
    "/v1/reports": {"periods": ["2021-Q2"], "outcome": "nil"},
    "/v1/reports/{agency}/{period}/return": {"version": 9, "remarks": "thử nghiệm"},
    "/v1/reports/{agency}/{period}/acceptance": {"version": 9},
}
PLACES = {
    "code": COOPERATIVE,
    "period": "2021-Q2",
    "form": "docx",
    "kind": "training.held",
    "id": "0" * 16,
    "held": "none",
    "sort": "loan",
    "letter": "none",
    "obstacle": "0" * 16,
    "year": "2021",
    "agency": "UBND-181",
    "digest": "0" * 64,
}


class Services:
    """The four services on stores in memory, each with something to see, and each only if it is asked for."""

    def __init__(self, plan: Plan, ends: AsyncExitStack) -> None:
        self._plan, self._ends = plan, ends
        self._apps: dict[str, FastAPI] = {}

    async def app(self, service: str) -> FastAPI:
        if service not in self._apps:
            self._apps[service] = await made(service, self._plan, self._ends)
            for row, who in SEEN.items():
                if row.startswith(f"{service} "):
                    assert (await asked(self, row, who)).status_code == 201
        return self._apps[service]


SEEN = {
    "registry POST /v1/cooperatives": "UBND-181",
    "reporting POST /v1/reports": "UBND-181",
    "reporting POST /v1/periods/{period}/consolidation": "consolidator",
}


@pytest.fixture
async def services(plan: Plan) -> AsyncIterator[Services]:
    """Services of the test's own, to change something in."""
    async with AsyncExitStack() as ends:
        yield Services(plan, ends)


@pytest.fixture(scope="module")
def read_only(plan: Plan) -> Iterator[Services]:
    """The same services for all who only read: nothing that is asked of them changes what the next one is told."""
    ends = AsyncExitStack()
    yield Services(plan, ends)
    asyncio.run(ends.aclose())


async def asked(services: Services, row: str, who: str) -> httpx.Response:
    service, method, route = row.split(" ", 2)
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    body = BODIES.get(route) if method == "POST" else None
    transport = httpx.ASGITransport(await services.app(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        return await client.request(method, route.format(**PLACES), json=body)


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_of_a_service_is_in_the_table(read_only: Services, service: str) -> None:
    documented = {
        f"{service} {method.upper()} {path}"
        for path, methods in (await read_only.app(service)).openapi()["paths"].items()
        for method in methods
    }
    assert {row.partition("?")[0] for row in TABLE if row.startswith(service)} == documented


@pytest.mark.parametrize("row", TABLE)
async def test_a_route_answers_those_in_the_table_and_nobody_else(
    services: Services, read_only: Services, row: str
) -> None:
    allowed, hidden = (set(names.split()) for names in TABLE[row])
    of = read_only if " GET " in row else services
    got = {who: (await asked(of, row, who)).status_code for who in EVERYBODY}
    for who, status in got.items():
        if who in STRANGERS:
            assert status == 401, (row, who)
        elif who in hidden:
            assert status == 404, (row, who)
        elif who in allowed:
            assert status not in (401, 403, 404), (row, who, status)
        else:
            assert status == 403, (row, who)


async def test_what_nobody_needs_a_key_for_shows_nothing_of_anybody(read_only: Services) -> None:
    for service in SERVICES:
        transport = httpx.ASGITransport(await read_only.app(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            for path in PUBLIC:
                answer = await client.get(path)
                assert answer.status_code in (200, 503)
                assert COOPERATIVE not in answer.text


async def test_a_district_is_shown_its_own_cooperatives_and_duties(read_only: Services) -> None:
    for who, seen in (("UBND-181", [COOPERATIVE]), ("UBND-182", []), ("SNV", [COOPERATIVE])):
        found = (await asked(read_only, "registry GET /v1/cooperatives", who)).json()["cooperatives"]
        assert [one["code"] for one in found] == seen
        register = (await asked(read_only, "reporting GET /v1/periods/{period}/register", who)).json()
        assert {duty["agency"] for duty in register["duties"]} == {who}
        assert register["counts"]["expected"] == len(register["duties"])
        assert register["counts_requested"]["expected"] == 0
