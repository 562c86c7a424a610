"""A batch from its body to its receipts, its document and its messages."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.clock import ManualClock
from chassis.metrics import EVENTS_ACCEPTED, EVENTS_DUPLICATE, EVENTS_REFUSED
from chassis.store import Message, Stale
from chassis.store_memory import MemoryStore
from contracts.envelope import MEDIA_TYPE
from services.support.store import BATCHES
from tests.services.support.saying import loan, raised, training
from tests.services.support.standing import Standing, standing


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan)


async def test_every_event_gets_its_receipt_in_order(support: Standing) -> None:
    answer = await support.send(training("a"), training("a"), training("b", type="training.hold"), raised("c"))
    (batch,) = await support.store.find(BATCHES)
    assert answer == {
        "receipts": [
            {"index": 0, "id": "a", "outcome": "accepted"},
            {"index": 1, "id": "a", "outcome": "duplicate", "of": batch.id},
            {
                "index": 2,
                "id": "b",
                "outcome": "refused",
                "code": "malformed",
                "pointer": "/type",
                "reason": "loại sự kiện `training.hold` không có trong danh mục",
                "remedy": "Sửa nội dung tại vị trí đã nêu theo tài liệu mô tả sự kiện rồi gửi lại.",
            },
            {"index": 3, "id": "c", "outcome": "accepted"},
        ],
        "accepted": 2,
        "held": 0,
        "duplicate": 1,
        "refused": 1,
    }


async def test_accepted_events_are_said_in_order_with_their_speaker(support: Standing) -> None:
    await support.send(raised("a"), raised("b"), by="UBND-181")
    events = await support.events()
    assert [(event.envelope.id, event.envelope.agency) for event in events] == [("a", "UBND-181"), ("b", "UBND-181")]
    assert [(message.topic, message.key) for message in support.said] == [
        ("coop.support.v1", "obstacle-a"),
        ("coop.support.v1", "obstacle-b"),
    ]


async def test_facts_about_one_thing_share_a_key(support: Standing) -> None:
    await support.send(training(subject="loan-118/1"), training("e-2", subject="loan-118/2"))
    await support.events()
    assert {message.key for message in support.said} == {"loan-118"}


async def test_a_batch_sent_twice_is_said_once(support: Standing) -> None:
    batch = [training(f"e-{number}") for number in range(20)]
    first, second = await support.send(*batch), await support.send(*batch)
    assert (first["accepted"], second["duplicate"], second["accepted"]) == (20, 20, 0)
    assert len(await support.events()) == 20
    assert await support.store.count(BATCHES) == 1


async def test_two_agencies_may_use_the_same_id(support: Standing) -> None:
    assert (await support.send(raised("a"), by="SNV"))["accepted"] == 1
    assert (await support.send(raised("a"), by="NHNN"))["accepted"] == 1


async def test_the_same_batch_from_many_sides_at_once_is_taken_once(support: Standing) -> None:
    batch = [training(f"e-{number}") for number in range(50)]
    answers = await asyncio.gather(*(support.send(*batch[shift:], *batch[:shift]) for shift in (0, 10, 20, 30)))
    assert sum(answer["accepted"] for answer in answers) == 50
    assert sum(answer["duplicate"] for answer in answers) == 150
    assert len({event.envelope.id for event in await support.events()}) == len(support.said) == 50


async def test_a_large_batch_is_kept_in_chunks_and_a_copy_across_chunks_is_seen(plan: Plan) -> None:
    support = standing(plan, events_per_write=3)
    answer = await support.send(*(training(f"e-{number % 7}") for number in range(10)))
    assert (answer["accepted"], answer["duplicate"]) == (7, 3)
    batches = await support.store.find(BATCHES)
    assert [batch.body["events"] for batch in batches] == [3, 3, 1]
    assert [receipt["of"] for receipt in answer["receipts"][7:]] == [batches[0].id] * 3


class Racing(MemoryStore):
    """A store in which somebody else takes one of the claims, or the name, just before the first batch is put."""

    def __init__(self, *, same_name: bool) -> None:
        super().__init__()
        self.same_name = same_name
        self.raced = False

    async def put(self, collection: str, id: str, body: dict[str, Any], **rest: Any) -> int:
        if collection == BATCHES and not self.raced:
            self.raced = True
            if self.same_name:
                raise Stale(id)
            await super().put(collection, "other", {}, expected=0, claims=list(rest["claims"])[:1])
        return await super().put(collection, id, body, **rest)


async def test_what_another_request_took_meanwhile_is_a_duplicate_and_the_rest_is_taken(plan: Plan) -> None:
    support = standing(plan, Racing(same_name=False))
    answer = await support.send(training("a"), training("b"))
    assert [receipt["outcome"] for receipt in answer["receipts"]] == ["duplicate", "accepted"]
    assert answer["receipts"][0]["of"] == "other"


async def test_a_batch_whose_name_is_used_takes_another(plan: Plan) -> None:
    support = standing(plan, Racing(same_name=True))
    assert (await support.send(training("a")))["accepted"] == 1


class Contended(MemoryStore):
    """A store in which every put finds the claims taken, by somebody who never shows."""

    async def put(self, collection: str, id: str, body: dict[str, Any], **rest: Any) -> int:
        raise Stale(id)


async def test_a_request_that_others_keep_disturbing_is_told_to_come_again(plan: Plan) -> None:
    support = standing(plan, Contended())
    assert (await support.post([training()])).status_code == 409


async def test_nothing_is_written_for_a_batch_without_new_events(support: Standing) -> None:
    assert await support.send() == {"receipts": [], "accepted": 0, "held": 0, "duplicate": 0, "refused": 0}
    await support.send(training(type="training.hold"))
    assert await support.store.count(BATCHES) == 0


async def test_one_event_alone_is_a_batch_of_one(support: Standing) -> None:
    answer = await support.post(training(), media_type=MEDIA_TYPE)
    assert answer.json() == {
        "receipts": [{"index": 0, "id": "e-1", "outcome": "accepted"}],
        "accepted": 1,
        "held": 0,
        "duplicate": 0,
        "refused": 0,
    }


async def test_outcomes_are_counted(support: Standing) -> None:
    await support.send(training("a"), training("a"), training("b", type="x"), loan("c"))
    metrics = support.deps.metrics
    assert metrics.value(EVENTS_ACCEPTED, kind="training.held") == 1
    assert metrics.value(EVENTS_DUPLICATE, source="http") == 1
    assert metrics.value(EVENTS_REFUSED, reason="malformed") == 1
    assert metrics.value(EVENTS_REFUSED, reason="not-entitled") == 1


some_events = st.one_of(
    st.integers(0, 9).map(lambda number: training(f"e-{number}")),
    st.integers(0, 9).map(lambda number: loan(f"l-{number}")),
    st.sampled_from([None, 7, "x", {}, [], training("g", type="no.kind"), training("h", agency="SCT")]),
)


@given(batches=st.lists(st.lists(some_events, max_size=12), max_size=5), size=st.integers(1, 5))
async def test_receipts_sum_to_what_was_sent_and_each_event_is_said_once(
    plan: Plan, batches: list[list[Any]], size: int
) -> None:
    support = standing(plan, events_per_write=size)
    accepted = 0
    for batch in batches:
        answer = await support.send(*batch)
        assert [receipt["index"] for receipt in answer["receipts"]] == list(range(len(batch)))
        assert answer["accepted"] + answer["held"] + answer["duplicate"] + answer["refused"] == len(batch)
        accepted += answer["accepted"]
        assert (await support.send(*batch))["accepted"] == 0
    ids = [event.envelope.id for event in await support.events()]
    trainings = {
        event["id"] for batch in batches for event in batch if isinstance(event, dict) and "e-" in event.get("id", "")
    }
    assert set(ids) == trainings
    assert len(ids) == accepted == len(trainings)


async def test_a_message_is_the_canonical_event_as_bytes(support: Standing) -> None:
    await support.send(training())
    (unsent,) = await support.store.unsent(BATCHES, 10)
    (message,) = unsent.messages
    assert isinstance(message, Message)
    assert message.value.startswith(b"{")


async def test_no_document_outgrows_what_the_store_can_hold(support: Standing) -> None:
    long = "Khó khăn về vốn. " * 2_400
    await support.send(*(raised(f"e-{number}") | {"remark": long} for number in range(120)), by="UBND-181")
    said = await support.store.said(BATCHES, [one.id for one in await support.store.find(BATCHES)])
    sizes = [sum(len(message.value) for message in messages) for messages in said.values()]
    assert sum(map(len, said.values())) == 120
    assert len(sizes) > 2
    assert max(sizes) < 3_000_000


async def test_what_a_forebear_stated_is_corrected_in_its_name_and_never_counted_twice(support: Standing) -> None:
    clock = support.deps.clock
    assert isinstance(clock, ManualClock)
    clock.set(datetime(2025, 4, 1, tzinfo=UTC))
    february, march = "2025-02-10T08:00:00+07:00", "2025-03-10T08:00:00+07:00"
    await support.send(raised("o") | {"time": february}, by="SKHDT")
    corrected = raised("o", title="Thiếu vốn dài hạn") | {"id": "o-2", "revision": 2}
    gone = raised("o") | {"id": "o-3", "revision": 3, "type": "obstacle.raised.retracted", "data": {"reason": "Nhầm"}}
    own = raised("o-of-finance") | {"time": march}
    told = await support.send(corrected | {"time": march}, gone | {"time": march}, own, by="STC")
    assert [(one["outcome"], one.get("code")) for one in told["receipts"]] == [
        ("refused", "forebears-fact"),
        ("refused", "forebears-fact"),
        ("accepted", None),
    ]
    told = await support.send(corrected | {"time": february}, gone | {"time": february}, by="SKHDT")
    assert [one["outcome"] for one in told["receipts"]] == ["accepted", "accepted"]
    told = await support.send(corrected | {"time": march}, by="SNV")
    assert told["receipts"][0]["warnings"][0]["code"] == "no-earlier-revision", "no forebear: another's subject is free"


def cautioned(answer: dict[str, Any]) -> list[list[str]]:
    return [[one["code"] for one in receipt.get("warnings", ())] for receipt in answer["receipts"]]


async def test_two_things_under_one_subject_hide_each_other_and_the_sender_is_told(support: Standing) -> None:
    assert cautioned(await support.send(training("a", subject="x"), training("b", subject="x"))) == [
        [],
        ["same-revision"],
    ]
    answer = await support.send(training("c", subject="x"))
    assert (answer["accepted"], cautioned(answer)) == (1, [["same-revision"]])
    assert cautioned(await support.send(training("a", subject="x"))) == [[]], "sent again it is a duplicate, no more"
    assert cautioned(await support.send(training("c", subject="x", source="//snv/other"))) == [["same-revision"]]


async def test_a_retraction_of_the_same_revision_is_told_that_it_may_count_nothing(support: Standing) -> None:
    await support.send(training("b", subject="x"))
    gone = training("a", subject="x", type="training.held.retracted", data={"reason": "Nhầm"})
    assert cautioned(await support.send(gone)) == [["same-revision"]]
    assert cautioned(await support.send(gone | {"id": "c", "revision": 2})) == [[]]
    assert cautioned(await support.send(training("d", subject="x"))) == [["superseded"]]


async def test_a_correction_that_comes_with_what_it_corrects_is_nothing_unusual(support: Standing) -> None:
    answer = await support.send(training("a", subject="x"), training("b", subject="x", revision=2))
    assert cautioned(answer) == [[], []]


async def test_another_agencys_fact_of_the_same_name_is_another_fact(support: Standing) -> None:
    await support.send(raised("a"), by="UBND-181")
    assert cautioned(await support.send(raised("a") | {"id": "b"}, by="SNV")) == [[]]
