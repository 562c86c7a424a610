"""Cooperatives' events on an agency's intake topic: carried out once, and answered each."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from catalogue.model import Plan
from chassis.listening import Record
from chassis.metrics import EVENTS_REFUSED
from chassis.store import Document, Message
from chassis.store_memory import MemoryStore
from contracts.envelope import BATCH_MEDIA_TYPE
from contracts.trace import is_trace
from services.registry.events import answers, taking_in
from services.registry.model import Refused
from services.registry.offers import offer
from services.registry.store import dossier_of
from tests.services.registry.asking import register
from tests.services.registry.standing import Standing, standing

CODE = register().code


def event(id: str = "r-1", type: str = "cooperative.registered", **other: Any) -> dict[str, Any]:
    data = register().model_dump(mode="json", exclude={"at", "code"}) | {
        "cooperative": CODE,
        "version": 7,
        "law": "2012",
    }
    attributes = {
        "specversion": "1.0",
        "id": id,
        "source": "//binhgia.langson.gov.vn/dkkd",
        "type": type,
        "subject": CODE,
        "time": "2021-03-02T08:00:00+07:00",
        "data": data,
    }
    return attributes | other


class Intake:
    """Registry hearing intake topics, and the receipts it gave."""

    def __init__(self, plan: Plan) -> None:
        self.registry: Standing = standing(plan)
        self.said: list[Message] = []
        self.listener = taking_in(self.registry.deps, self._publish)

    async def say(self, *events: dict[str, Any], agency: str = "UBND-181") -> list[dict[str, Any]]:
        """The receipts of some events."""
        self.said.clear()
        values = [json.dumps(each).encode() for each in events]
        topic = f"intake.{agency}.v1"
        await self.listener.hear([Record(topic, 0, offset, b"k", value) for offset, value in enumerate(values)])
        assert {message.topic for message in self.said} <= {f"receipts.{agency}.v1"}
        return [json.loads(message.value) for message in self.said]

    async def _publish(self, messages: Any) -> None:
        self.said.extend(messages)


@pytest.fixture
def intake(plan: Plan) -> Intake:
    return Intake(plan)


async def test_an_event_registers_a_cooperative_and_heard_again_does_not(intake: Intake) -> None:
    place = {"topic": "intake.UBND-181.v1", "partition": 0, "offset": 0}
    accepted = [{**place, "id": "r-1", "outcome": "accepted", "version": 1}]
    assert await intake.say(event()) == accepted
    assert await intake.say(event()) == [{**place, "id": "r-1", "outcome": "duplicate", "of": CODE}]
    assert [one.kind.name for one in await intake.registry.events()] == ["cooperative.registered"]


async def test_a_life_is_told_in_order(intake: Intake) -> None:
    later = "2021-06-01T08:00:00+07:00"
    receipts = await intake.say(
        event(),
        event("r-2", "cooperative.amended", time=later, data={"cooperative": CODE, "members": 30}),
        event("r-3", "cooperative.suspended", time=later, data={"cooperative": CODE}),
        event("r-4", "cooperative.resumed", time=later, data={"cooperative": CODE}),
        event("r-5", "cooperative.dissolved", time=later, data={"cooperative": CODE, "reason": "tự nguyện"}),
    )
    assert [receipt["version"] for receipt in receipts] == [1, 2, 3, 4, 5]


async def test_a_group_is_converted_and_its_year_told(intake: Intake) -> None:
    group = {**event()["data"], "form": "tht"}
    results = {"cooperative": CODE, "year": 2021, "revenue": 9, "profit": -1, "wages": 3, "workers": 2}
    at = {"time": "2021-12-01T08:00:00+07:00"}
    receipts = await intake.say(
        event(data=group),
        event("r-2", "cooperative.converted", data={"cooperative": CODE, "form": "htx"}),
        event("r-3", "activity.reported", data=results, **at),
        event("r-4", "cooperative.evaluated", data={"cooperative": CODE, "year": 2021, "grade": "good"}, **at),
    )
    assert [receipt["outcome"] for receipt in receipts] == ["accepted"] * 4
    assert [one.kind.name for one in await intake.registry.events()] == [
        "cooperative.registered",
        "cooperative.converted",
        "activity.reported",
        "cooperative.evaluated",
    ]


async def test_the_topic_says_who_speaks_and_the_rules_hold(intake: Intake) -> None:
    assert (await intake.say(event(), agency="UBND-182"))[0]["code"] == "other-unit"
    assert (await intake.say(event(agency="SKHDT")))[0]["code"] == "other-agency"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (event(data={"cooperative": CODE}), "/data/form"),
        (event(data={**event()["data"], "members": "chín"}), "/data/members"),
        (event(data={**event()["data"], "cooperative": "a"}), "/data/cooperative"),
        (event("r-1", "cooperative.suspended", data={}), "/data/cooperative"),
        (event(data=[]), "/data"),
        (event(time="hôm qua"), "/time"),
    ],
)
async def test_what_cannot_be_read_is_refused_where_it_is_wrong(
    intake: Intake, wrong: dict[str, Any], pointer: str
) -> None:
    [receipt] = await intake.say(wrong)
    assert (receipt["outcome"], receipt["code"], receipt["pointer"]) == ("refused", "malformed", pointer)
    assert receipt["reason"]
    assert receipt["remedy"]


async def test_a_merger_is_not_taken_back_by_an_event(intake: Intake) -> None:
    [receipt] = await intake.say(event("r-9", "cooperative.merged.retracted", data={"reason": "nhầm"}))
    assert receipt["code"] == "not-offered"


async def test_what_is_supports_to_judge_is_left_to_it(intake: Intake) -> None:
    assert await intake.say(event("t-1", "training.held"), event("x-1", "no.such.kind")) == []


async def test_what_was_told_by_mistake_is_taken_back_by_an_event(intake: Intake) -> None:
    (entered,) = await intake.say(event())
    mistake = {"cooperative": CODE, "version": entered["version"], "reason": "Nhập nhầm"}
    retraction = event("r-2", "cooperative.registered.retracted", data=mistake)
    for outcome in ("accepted", "duplicate"):
        (receipt,) = await intake.say(retraction)
        assert receipt["outcome"] == outcome
    (receipt,) = await intake.say(event("r-3", "cooperative.registered.retracted", data={"cooperative": CODE}))
    assert (receipt["outcome"], receipt["pointer"]) == ("refused", "/data/version")
    (receipt,) = await intake.say(event("r-4"))
    assert (receipt["outcome"], receipt["version"]) == ("accepted", 2)


async def test_a_batch_over_http_has_a_receipt_for_each_event(intake: Intake) -> None:
    http = intake.registry.http
    batch = [
        event(),
        event("r-2", "cooperative.amended", data={"cooperative": CODE, "members": 30}),
        event("r-2", "cooperative.amended", data={"cooperative": CODE, "members": 30}),
        event("r-3", "cooperative.amended", data={"cooperative": CODE, "members": -1}),
        event("r-4", "training.held", data={}),
        7,
    ]
    sent = {"Authorization": "Bearer UBND-181", "Content-Type": BATCH_MEDIA_TYPE}
    answer = await http.post("/v1/events", content=json.dumps(batch), headers=sent)
    told = answer.json()
    assert [one["outcome"] for one in told["receipts"]] == ["accepted", "accepted", "duplicate", *["refused"] * 3]
    assert [one["index"] for one in told["receipts"]] == list(range(6))
    assert (told["accepted"], told["duplicate"], told["refused"]) == (2, 1, 3)
    assert told["receipts"][3]["pointer"] == "/data/members"
    assert all(one["remedy"] for one in told["receipts"] if one["outcome"] == "refused")
    again = (await http.post("/v1/events", content=json.dumps(batch), headers=sent)).json()
    assert (again["accepted"], again["duplicate"], again["refused"]) == (0, 3, 3)
    assert len(await intake.registry.events()) == 2


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", BATCH_MEDIA_TYPE, 400),
        (b"[]", "text/plain", 415),
        (json.dumps([event()] * 21).encode(), BATCH_MEDIA_TYPE, 413),
    ],
)
async def test_a_request_that_cannot_be_taken_apart_is_refused_whole(
    intake: Intake, body: bytes, media_type: str, status: int
) -> None:
    sent = {"Authorization": "Bearer UBND-181", "Content-Type": media_type}
    answer = await intake.registry.http.post("/v1/events", content=body, headers=sent)
    assert answer.status_code == status
    assert await intake.registry.events() == []


def year(id: str, revenue: int, **other: Any) -> dict[str, Any]:
    data = {"cooperative": CODE, "year": 2021, "revenue": revenue, "profit": 1, "wages": 1, "workers": 2}
    return event(id, "activity.reported", time="2021-12-01T08:00:00+07:00", data=data, **other)


async def test_an_event_that_told_nothing_new_undoes_no_correction_when_it_is_heard_again(intake: Intake) -> None:
    batch = [year("r-2", 100), year("r-3", 100), year("r-4", 200)]
    assert [one["outcome"] for one in await intake.say(event(), *batch)] == ["accepted"] * 4
    assert [one["outcome"] for one in await intake.say(event(), *batch)] == ["duplicate"] * 4
    told = [one for one in await intake.registry.events() if one.kind.name == "activity.reported"]
    assert [(one.envelope.revision, one.data.revenue) for one in told] == [(1, 100), (2, 200)]  # type: ignore[union-attr]


async def test_an_identity_is_its_source_and_its_id_wherever_the_spaces_are(intake: Intake) -> None:
    sent = (event(), year("b c", 100, source="/a"), year("c", 200, source="/a b"))
    assert [one["outcome"] for one in await intake.say(*sent)] == ["accepted"] * 3


async def test_a_key_of_a_request_is_none_of_an_event(intake: Intake) -> None:
    key = '["//binhgia.langson.gov.vn/dkkd","r-2"]'
    for name in (key, f"event {key}"):
        await intake.registry.post("", register().model_dump(mode="json"), **{"Idempotency-Key": name})
    assert [one["outcome"] for one in await intake.say(year("r-2", 100))] == ["accepted"]


class Slow(MemoryStore):
    """A store between whose reading and writing others have their turn."""

    async def get(self, collection: str, id: str) -> Document | None:
        found = await super().get(collection, id)
        await asyncio.sleep(0)
        return found


async def test_what_is_sent_again_while_the_first_still_runs_is_carried_out_once(intake: Intake) -> None:
    deps = replace(intake.registry.deps, store=Slow())
    batch = [json.dumps(each).encode() for each in (event(), year("r-2", 100), year("r-3", 200))]
    both = await asyncio.gather(*(answers(deps, "UBND-181", batch, source="http") for _ in range(2)))
    assert sorted(receipt.outcome for receipts in both for receipt in receipts) == ["accepted"] * 3 + ["duplicate"] * 3
    dossier = await dossier_of(deps.store, CODE)
    assert [(one.revision, one.data.revenue) for one in dossier.years] == [(1, 100), (2, 200)]  # type: ignore[union-attr]


async def test_what_an_event_causes_belongs_to_the_trace_that_it_names(intake: Intake) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    await intake.say(event(traceparent=trace), year("r-2", 100, traceparent="no trace"))
    registered, reported = await intake.registry.events()
    assert registered.envelope.traceparent == trace
    assert is_trace(reported.envelope.traceparent)


async def test_every_refusal_is_counted(intake: Intake) -> None:
    await intake.say(event(data=[]), event(agency="SKHDT"), event(data={**event()["data"], "unit": "182"}))
    metrics = intake.registry.deps.metrics
    for reason in ("malformed", "other-agency", "other-unit"):
        assert metrics.value(EVENTS_REFUSED, reason=reason) == 1, reason


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        ("cooperative.merged", "qua HTTP"),
        ("training.held", "dịch vụ hỗ trợ"),
        ("report.submitted", "dịch vụ báo cáo"),
        ("no.such.kind", "docs/events.md"),
    ],
)
def test_what_the_register_does_not_take_is_sent_where_it_is_taken(kind: str, remedy: str) -> None:
    refused = offer(json.dumps(event("e-1", kind)).encode(), "UBND-181")
    assert isinstance(refused, Refused)
    assert refused.code == "not-offered"
    assert remedy in refused.remedy
