"""What reporting can be asked, by whom, and what an answer costs."""

import hashlib
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from catalogue.model import Plan
from chassis.auth import Keyring, Principal, Role
from chassis.clock import ManualClock
from chassis.health import Health
from chassis.listening import Place, Record, Span
from chassis.store import Document
from chassis.store_memory import MemoryStore
from services.reporting.handlers import Folding
from services.reporting.wiring import application
from tests.services.reporting.said import said
from tests.services.reporting.standing import JULY, deps_on

PLACE = Place("coop.support.v1", 0)
ROLES: tuple[Role, ...] = ("agency", "consolidator", "leader", "administrator", "operator")
REPORT = {"periods": ["2021-Q2", "2021-H1"], "outcome": "activity"}


class CountingStore(MemoryStore):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[str] = Counter()

    async def find(self, collection: str, *args: Any, **options: Any) -> list[Document]:
        self.reads[collection] += 1
        return await super().find(collection, *args, **options)

    async def get(self, collection: str, id: str) -> Document | None:
        self.reads[collection] += 1
        return await super().get(collection, id)

    async def count(self, collection: str, *args: Any, **options: Any) -> int:
        self.reads[collection] += 1
        return await super().count(collection, *args, **options)


class Office:
    """Reporting on a store in memory; a key is the name of its role, or of the agency."""

    def __init__(self, plan: Plan, address: str = "") -> None:
        self.store = CountingStore()
        self.clock = ManualClock(JULY)
        self._said = 0
        deps = replace(deps_on(plan, self.store, self.clock), address=address)
        self.folding = Folding(deps)
        speakers: dict[str, Principal] = {role: Principal(role=role) for role in ROLES if role != "agency"}
        speakers |= {code: Principal(role="agency", agency=code) for code in ("SNV", "VPCP", "LMHTX", "SCT", "STC")}
        keys = Keyring((hashlib.sha256(key.encode()).hexdigest(), who) for key, who in speakers.items())
        app = application(deps, self.folding, keys, Health(), 1_000_000)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://reporting", headers={"Authorization": "Bearer leader"}
        )

    async def post(self, path: str, key: str, body: Any = None) -> httpx.Response:
        return await self.http.post(path, headers={"Authorization": f"Bearer {key}" if key else ""}, json=body)

    async def hear(self, count: int) -> None:
        """So many classes in June."""
        data = {"audience": "officials", "topic": "law"}
        await self.folding.assigned({PLACE: Span(0, 1_000_000)})
        await self.say(
            [
                said("SNV", "training.held", f"t-{number}", _june(number), data | {"people": 1})
                for number in range(count)
            ]
        )

    async def say(self, values: list[bytes]) -> None:
        """Events, on the log's end."""
        await self.folding.hear(
            [Record(*PLACE, self._said + number, None, value) for number, value in enumerate(values)]
        )
        self._said += len(values)


def _june(number: int) -> datetime:
    return datetime(2021, 6, 1, 3, tzinfo=UTC) + timedelta(seconds=number)


@pytest.fixture
async def office(plan: Plan) -> AsyncIterator[Office]:
    office = Office(plan)
    yield office
    await office.http.aclose()


@pytest.mark.parametrize("count", [1, 1_000])
async def test_a_summary_costs_three_reads_whatever_was_folded(office: Office, count: int) -> None:
    await office.hear(count)
    office.store.reads.clear()
    summary = (await office.http.get("/v1/periods/2021-Q2/summary")).json()
    assert office.store.reads == {"cells": 1, "reports": 1, "consolidations": 1}
    values = {one["code"]: one["value"] for task in summary["tasks"] for one in task["indicators"]}
    assert values["II.3.b/classes"] == count


async def test_a_summary_has_every_task_in_the_plans_order(office: Office, plan: Plan) -> None:
    summary = (await office.http.get("/v1/periods/2021/summary?calendar=calendar")).json()
    assert [task["code"] for task in summary["tasks"]] == [task.code for task in plan.tasks]
    assert summary["window"] == {"first_day": "2021-01-01", "last_day": "2021-12-31"}


@pytest.mark.parametrize("period", ["2021-Q5", "2021-H3", "21", "2021-q1", "0"])
async def test_what_is_no_period_is_not_found(office: Office, period: str) -> None:
    for path in (f"/v1/periods/{period}/summary", f"/v1/periods/{period}/register", f"/periods/{period}"):
        answer = await office.http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "body", "role"),
    [("/v1/reports", REPORT, "agency"), ("/v1/periods/2021-Q2/consolidation", {}, "consolidator")],
)
async def test_only_its_role_may_write_and_nobody_without_a_key(
    office: Office, path: str, body: Any, role: str
) -> None:
    codes = {key: (await office.post(path, key, body)).status_code for key in ("SNV", *ROLES[1:], "", "wrong")}
    allowed = "SNV" if role == "agency" else role
    assert codes == {key: 201 if key == allowed else 403 if key in ("SNV", *ROLES) else 401 for key in codes}


async def test_a_report_for_two_periods_is_kept_for_both_or_for_none(office: Office) -> None:
    refused = await office.post("/v1/reports", "SNV", {**REPORT, "periods": ["2021-Q2", "2022-Q2"]})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-begun")
    assert await office.store.count("reports") == 0
    assert (await office.post("/v1/reports", "SNV", REPORT)).status_code == 201
    assert await office.store.count("reports") == 2


async def test_who_owes_no_report_is_told_so_in_vietnamese(office: Office) -> None:
    refused = await office.post("/v1/reports", "VPCP", REPORT)
    assert refused.status_code == 422
    assert "không có nghĩa vụ báo cáo" in refused.json()["detail"]


async def test_a_consolidation_is_frozen_whatever_is_heard_later(office: Office) -> None:
    path = "/v1/periods/2021-Q2/consolidation"
    assert (await office.http.get(path)).status_code == 404
    first = (await office.post(path, "consolidator")).json()
    await office.hear(5)
    assert (await office.http.get(path)).json() == first
    live = (await office.http.get("/v1/periods/2021-Q2/summary")).json()
    assert live != first["summary"]
    second = (await office.post(path, "consolidator")).json()
    assert (second["version"], second["summary"]) == (2, live)


SIGNATURE = {"document": "12/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}


async def test_a_signed_figure_stands_beside_what_is_known_now_and_what_changed_it(office: Office) -> None:
    await office.hear(3)
    path = "/v1/periods/2021-Q2"
    assert (await office.http.get(f"{path}/restatements")).status_code == 404
    digest = (await office.post(f"{path}/consolidation", "consolidator")).json()["digest"]
    for blank in ({"document": " "}, {"basis": "\u00a0"}):
        unsaid = await office.post(f"{path}/signature", "consolidator", {**SIGNATURE, **blank, "digest": digest})
        assert (unsaid.status_code, unsaid.json()["type"]) == (422, "/problems/invalid")
    other = await office.post(f"{path}/signature", "consolidator", {**SIGNATURE, "digest": "0" * 64})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/other-digest")
    signed = await office.post(f"{path}/signature", "consolidator", {**SIGNATURE, "digest": digest})
    assert (signed.status_code, signed.json()["signature"]["document"]) == (201, "12/BC-SKHĐT")
    again = await office.post(f"{path}/consolidation", "consolidator")
    assert (again.status_code, again.json()["type"]) == (422, "/problems/signed")

    data = {"audience": "officials", "topic": "law", "people": 1}
    late = json.loads(said("SNV", "training.held", "t-9", _june(9), data))
    previewed = (await office.post("/v1/previews", "SNV", [late])).json()["periods"]
    assert [(one["period"], one["figures"][0]["signed"], one["figures"][0]["after"]) for one in previewed] == [
        ("2021-Q2", 3, 4)
    ]
    assert (await office.post("/v1/previews", "VPCP", [late])).status_code == 403
    assert (await office.post("/v1/previews", "SNV", [{**late, "type": "?"}])).status_code == 422
    await office.say([json.dumps(late).encode()])
    figures = await figures_of(office)
    assert (figures["II.3.b/classes"]["signed"], figures["II.3.b/classes"]["value"]) == (3, 4)
    told = (await office.http.get(f"{path}/restatements")).json()
    assert [(one["indicator"], one["signed"], one["after"]) for one in told["figures"]][:1] == [
        ("II.3.b/classes", 3, 4)
    ]
    [change] = told["changes"]
    assert (change["agency"], change["subject"], change["sort"]) == ("SNV", "t-9", "late")
    assert {"indicator": "II.3.b/classes", "before": 0, "after": 1} in change["effects"]


async def figures_of(office: Office) -> dict[str, Any]:
    summary = (await office.http.get("/v1/periods/2021-Q2/summary")).json()
    return {one["code"]: one for task in summary["tasks"] for one in task["indicators"]}


async def test_a_figure_opens_down_to_its_events_page_by_page_and_as_a_table(office: Office) -> None:
    await office.hear(5)
    path, after = "/v1/periods/2021-Q2/provenance", 0
    found: list[dict[str, Any]] = []
    while after is not None:
        asked: dict[str, Any] = {"indicator": "II.3.b/classes", "limit": 2, "after": after}
        page = (await office.http.get(path, params=asked)).json()
        found, after = found + page["sources"], page["next"]
    assert page["value"] == page["events"] == len(found) == sum(one["amount"] for one in found) == 5
    assert [one["subject"] for one in found] == [f"t-{number}" for number in range(5)]
    table = (await office.http.get(f"{path}.csv", params={"indicator": "II.3.b/classes"})).text
    assert len(table.splitlines()) == 6
    nobody = await office.http.get(path, params={"indicator": "II.3.b/nothing"})
    assert (nobody.status_code, nobody.json()["type"]) == (404, "/problems/unknown-indicator")


async def test_every_figure_on_the_page_opens_to_events_that_make_it(office: Office) -> None:
    await office.hear(5)
    spring = {"people": 3, "audience": "officials", "topic": "law", "unit": "178"}
    await office.say([said("SNV", "training.held", "t-spring", datetime(2021, 2, 1, 3, tzinfo=UTC), spring)])
    frozen = (await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")).json()
    signature = {"digest": frozen["digest"], "document": "1/BC", "basis": "Nghị định 09/2019/NĐ-CP"}
    assert (await office.post("/v1/periods/2021-Q2/signature", "consolidator", signature)).status_code == 201
    late = {"people": 7, "audience": "officials", "topic": "law", "unit": "178"}
    office.clock.advance(timedelta(hours=1))
    await office.say([said("SNV", "training.held", "t-late", _june(9), late)])
    page = (await office.http.get("/periods/2021-Q2?by=unit")).text
    links = dict.fromkeys(re.findall(r'href="([^"]*figure\?[^"]*people[^"]*)">([^<]*)<', page))
    told = {value for link, value in links if "II.3.b" in link}
    assert told == {"12", "5", "7", "3"}  # known now, signed, of a unit, of the quarter before; before the plan nothing
    for link, value in links:
        opened = await office.http.get(f"/periods/{html.unescape(link)}")
        assert opened.status_code == 200
        heading = re.search(r"<h1>[^<]*: ([\d.–-]+) ", opened.text)
        assert heading
        assert heading[1] == value
        exported = html.unescape(link).replace("/figure?", "/provenance?")
        answer = (await office.http.get(f"/v1/periods/{exported}&limit=1000")).json()
        assert str(answer["value"]) == value
        if answer["measure"] in ("count", "sum", "stock"):
            assert str(sum(source["amount"] for source in answer["sources"])) == value
    unsigned = await office.http.get("/v1/periods/2021-Q1/provenance?indicator=II.3.b/people&signed=true")
    assert (unsigned.status_code, unsigned.json()["type"]) == (404, "/problems/not-signed")


LOOKS_BACK = {"provenance", "provenance.csv", "figure", "restatements"}
"""The ends of the routes that walk along the ledger, which no summary does."""


async def test_what_is_read_costs_the_same_reads_whatever_was_folded(office: Office) -> None:
    paths = [
        path.format_map(defaultdict(lambda: "1", period="2021-Q2", form="docx", agency="SNV", year="2021"))
        for path, methods in (await office.http.get("/openapi.json")).json()["paths"].items()
        if "get" in methods and path.rpartition("/")[2] not in LOOKS_BACK
    ]
    assert {"/v1/periods/2021-Q2/summary", "/v1/periods/2021-Q2/draft", "/periods/2021-Q2"} <= set(paths)
    paths += ["/v1/periods/2021/summary?by=unit&map=today", "/v1/periods/2021-Q2/summary?calendar=calendar&by=agency"]
    costs: list[dict[str, Counter[str]]] = []
    for count in (10, 1_500):
        await office.hear(count)
        await office.folding.flush()
        costs.append({})
        for path in paths:
            office.store.reads.clear()
            await office.http.get(path)
            costs[-1][path] = Counter(office.store.reads)
    assert costs[0] == costs[1]
    assert all(cost.total() <= 20 for cost in costs[1].values())


async def test_a_figure_is_told_as_it_was_known(office: Office) -> None:
    await office.hear(5)
    for moment, value in ((JULY - timedelta(hours=1), 0), (JULY, 5)):
        asked = {"as_of": moment.isoformat()}
        summary = (await office.http.get("/v1/periods/2021-Q2/summary", params=asked)).json()
        values = {one["code"]: one["value"] for task in summary["tasks"] for one in task["indicators"]}
        assert values["II.3.b/classes"] == value


async def test_a_period_that_is_not_over_is_not_consolidated(office: Office) -> None:
    refused = await office.post("/v1/periods/2021-Q3/consolidation", "consolidator")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-over")
