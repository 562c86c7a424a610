"""What agencies' systems write to Kafka: every record is answered, and what is nobody's event is put aside once."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.deadletters import COLLECTION, HEADER
from chassis.listening import Record
from chassis.metrics import EVENTS_DUPLICATE
from chassis.store import Message
from services.support.handlers import taking_in
from services.support.store import BATCHES
from tests.services.support.saying import raised, said, training
from tests.services.support.standing import Standing, standing


class Intake:
    """Support hearing intake topics, and the receipts it gave."""

    def __init__(self, plan: Plan) -> None:
        self.support: Standing = standing(plan)
        self.said: list[Message] = []
        self.fails = 0
        self.listener = taking_in(self.support.deps, self._publish)

    async def hear(self, *values: object, agency: str = "SNV", headers: Any = ()) -> list[dict[str, Any]]:
        """The receipts of some records."""
        self.said.clear()
        await self.listener.hear(records(values, agency, headers))
        return [json.loads(message.value) for message in self.said]

    async def _publish(self, messages: Sequence[Message]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the broker is away")
        self.said.extend(messages)


def records(values: Sequence[object], agency: str = "SNV", headers: Any = ()) -> list[Record]:
    contents = [value if isinstance(value, bytes) else said(value) for value in values]
    return [
        Record(f"intake.{agency}.v1", 0, offset, b"k%d" % offset, content, headers)
        for offset, content in enumerate(contents)
    ]


@pytest.fixture
def intake(plan: Plan) -> Intake:
    return Intake(plan)


async def test_each_record_has_a_receipt_with_its_place_and_key(intake: Intake) -> None:
    receipts = await intake.hear(training("e-1"), training("e-1"))
    [batch] = await intake.support.store.find(BATCHES)
    assert receipts == [
        {"topic": "intake.SNV.v1", "partition": 0, "offset": 0, "id": "e-1", "outcome": "accepted"},
        {
            "topic": "intake.SNV.v1",
            "partition": 0,
            "offset": 1,
            "id": "e-1",
            "outcome": "duplicate",
            "of": batch.id,
        },
    ]
    assert [(one.topic, one.key) for one in intake.said] == [("receipts.SNV.v1", key) for key in ("k0", "k1")]
    assert intake.support.deps.metrics.value(EVENTS_DUPLICATE, source="kafka") == 1


async def test_the_topic_says_who_speaks(intake: Intake) -> None:
    [receipt] = await intake.hear(training(agency="NHNN"))
    assert (receipt["outcome"], receipt["code"]) == ("refused", "other-agency")
    await intake.hear(raised(), agency="NHNN")
    assert [event.envelope.agency for event in await intake.support.events()] == ["NHNN"]


async def test_an_event_may_lie_in_the_headers(intake: Intake) -> None:
    event = training("e-7")
    data = said(event.pop("data"))
    headers = tuple((f"ce_{name}", str(value).encode()) for name, value in event.items())
    [receipt] = await intake.hear(data, headers=headers)
    assert (receipt["id"], receipt["outcome"]) == ("e-7", "accepted")


@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"[]", b"{}", said(training(type="no.such.kind"))])
async def test_what_is_nobodys_event_is_put_aside_once_and_answered(intake: Intake, value: bytes) -> None:
    for _ in range(3):
        [receipt] = await intake.hear(value)
        assert (receipt["outcome"], receipt["offset"]) == ("refused", 0)
        assert receipt["reason"]
    [letter] = await intake.support.store.find(COLLECTION)
    assert letter.body["value"] == value


async def test_what_is_registrys_to_judge_is_left_to_it(intake: Intake) -> None:
    assert await intake.hear(training(type="cooperative.registered")) == []
    assert await intake.support.store.count(COLLECTION) == 0


async def test_a_record_whose_receipt_did_not_go_out_is_not_heard(intake: Intake) -> None:
    intake.fails = 1
    with pytest.raises(OSError, match="away"):
        await intake.hear(training("e-1"))
    [receipt] = await intake.hear(training("e-1"))
    assert receipt["outcome"] == "duplicate"
    assert len(await intake.support.events()) == 1


@given(
    ids=st.lists(st.integers(0, 8), max_size=30),
    cuts=st.lists(st.integers(1, 7), min_size=30, max_size=30),
    garbage=st.lists(st.sampled_from([b"", b"{", b"[]", b"null"]), max_size=5),
)
async def test_receipts_sum_to_what_was_written_and_each_event_is_said_once(
    plan: Plan, ids: list[int], cuts: list[int], garbage: list[bytes]
) -> None:
    intake = Intake(plan)
    values = [said(training(f"e-{id}")) for id in ids] + garbage
    outcomes: list[str] = []
    left = records(values)
    for cut in cuts:
        if left:
            intake.said.clear()
            await intake.listener.hear(left[:cut])
            outcomes += [json.loads(message.value)["outcome"] for message in intake.said]
            left = left[cut:]
    assert len(outcomes) == len(values) - len(left)
    assert outcomes.count("accepted") == len(await intake.support.events()) == len({*ids[: len(outcomes)]})


async def states(intake: Intake) -> list[tuple[str, int]]:
    return [(one.body["state"], one.body["replays"]) for one in await intake.support.store.find(COLLECTION)]


async def put_aside(intake: Intake, value: bytes) -> bytes:
    """A record that was put aside and replayed once; the name of its letter."""
    letters = intake.support.deps.dead_letters
    await letters.put(Record("intake.SNV.v1", 0, 0, b"k0", value), "không ai nhận")
    (letter,) = await letters.list()
    await intake.support.store.put(COLLECTION, letter.id, letter.body | {"state": "replayed", "replays": 1}, expected=1)
    return letter.id.encode()


async def test_a_letter_is_settled_once_its_record_is_taken(intake: Intake) -> None:
    value = said(training())
    letter = await put_aside(intake, value)
    [receipt] = await intake.hear(value, headers=((HEADER, letter),))
    assert receipt["outcome"] == "accepted"
    assert await states(intake) == [("closed", 1)]


async def test_a_record_that_is_still_nobody_s_is_a_letter_again_and_its_replays_are_counted_on(intake: Intake) -> None:
    value = said(training(type="no.such.kind"))
    letter = await put_aside(intake, value)
    again = Record("intake.SNV.v1", 0, 9, b"k0", value, ((HEADER, letter),))
    await intake.listener.hear([again])
    assert await states(intake) == [("closed", 1), ("open", 1)]


@pytest.mark.parametrize(("agency", "other"), [("SNV", "e-2"), ("NHNN", "e-1")])
async def test_nobody_settles_a_letter_by_naming_it(intake: Intake, agency: str, other: str) -> None:
    letter = await put_aside(intake, said(raised("e-1")))
    await intake.hear(raised(other), agency=agency, headers=((HEADER, letter),))
    assert await states(intake) == [("replayed", 1)]
