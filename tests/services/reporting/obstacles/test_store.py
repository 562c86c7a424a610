"""Obstacles as reporting keeps them: from events and over HTTP, nothing lost and nothing twice."""

from typing import Any

import msgspec
import pytest

from catalogue.model import Plan
from chassis.listening import Place, Record, Span
from chassis.store import Body, Stale
from chassis.store_memory import MemoryStore
from contracts.envelope import read
from services.reporting.batches import adopt_log
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.model import Refused
from services.reporting.obstacles import store as cases
from services.reporting.obstacles.ageing import measure, minding
from services.reporting.obstacles.decide import answer, close, forward
from services.reporting.obstacles.listing import Wanted, listed
from services.reporting.obstacles.model import Obstacle
from services.reporting.rebuild import rebuild
from tests.services.reporting.obstacles.test_rules import MAY, days
from tests.services.reporting.said import said
from tests.services.reporting.standing import JULY, deps_on

PLACE = Place("coop.support.v1", 3)
RAISED = said("UBND-178", "obstacle.raised", "vm-1", MAY, {"title": "Thiếu vốn"})
CLASS = said("SNV", "training.held", "t-1", MAY, {"people": 9, "audience": "officials", "topic": "law"})
TWICE = said("UBND-178", "obstacle.raised", "vm-1", MAY, {"title": "Thiếu đất"}, id="z", revision=1)


class Breaking(MemoryStore):
    """A store that is gone at the moment the ledger is to be written, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def put(self, collection: str, id: str, body: Body, **options: Any) -> int:
        if collection == "ledger" and self.times:
            self.times -= 1
            raise ConnectionError("gone")
        return await super().put(collection, id, body, **options)


async def hear(deps: Deps, *values: bytes, first: int = 0) -> None:
    """A consumer of its own hears the records, as after a restart."""
    folding = Folding(deps)
    await folding.assigned({PLACE: Span(0, 1_000)})
    await folding.hear([Record(*PLACE, first + number, None, value) for number, value in enumerate(values)])


async def test_an_event_heard_again_after_a_crash_before_the_ledger_is_one_obstacle(plan: Plan) -> None:
    store = Breaking(2)
    deps = deps_on(plan, store)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await hear(deps, RAISED, CLASS)
        assert len(await cases.every(deps)) == 1
    await hear(deps, RAISED, CLASS)
    assert [one.text for one in await cases.every(deps)] == ["Thiếu vốn"]
    assert await store.count("statements") == 1


async def test_of_two_events_of_one_revision_the_same_one_holds_as_in_the_figures_in_any_order(plan: Plan) -> None:
    for order in ((RAISED, TWICE), (TWICE, RAISED)):
        deps = deps_on(plan, MemoryStore())
        await hear(deps, *order)
        assert [one.text for one in await cases.every(deps)] == ["Thiếu đất"]


async def test_another_brokers_log_that_says_it_all_again_raises_nothing_twice(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    await hear(deps, RAISED, CLASS)
    before = await cases.every(deps)
    await adopt_log(deps.store, [PLACE])
    await hear(deps, CLASS, RAISED)
    assert await cases.every(deps) == before
    assert await deps.store.count("statements") == 1


async def test_two_consumers_that_both_own_the_partition_keep_one_copy(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    both = [Folding(deps), Folding(deps)]
    for folding in both:
        await folding.assigned({PLACE: Span(0, 1_000)})
    await both[0].hear([Record(*PLACE, 0, None, RAISED)])
    with pytest.raises(Stale):
        await both[1].hear([Record(*PLACE, 0, None, RAISED)])
    assert len(await cases.every(deps)) == await deps.store.count("statements") == 1


async def test_counting_the_ledger_anew_brings_back_what_is_shown_one_by_one(plan: Plan) -> None:
    store = MemoryStore()
    deps = deps_on(plan, store)
    await hear(deps, RAISED, CLASS)
    before = await cases.every(deps)
    store._collections.pop("statements")
    assert await cases.every(deps) == []
    await rebuild(deps, (), lambda _: None)
    assert await cases.every(deps) == before


async def test_the_same_words_again_are_the_same_obstacle_until_it_is_closed(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    first = await cases.report(deps, "SNV", "Thiếu vốn", period="2021-Q2")
    assert await cases.report(deps, "SNV", "Thiếu vốn") == first
    assert (await cases.report(deps, "STC", "Thiếu vốn")).id != first.id
    await cases.act(deps, first.id, lambda one: close(one, "SNV", "Đã bố trí", JULY))
    again = await cases.report(deps, "SNV", "Thiếu vốn")
    assert (again.id == first.id, again.state) == (False, "open")
    assert await cases.report(deps, "SNV", "Thiếu vốn") == again
    assert len(await cases.every(deps, ["SNV"])) == 2


async def test_a_subject_names_one_obstacle_whether_told_or_said(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    await hear(deps, RAISED)
    told = await cases.report(deps, "UBND-178", "Thiếu vốn", subject="vm-1")
    assert [one.id for one in await cases.every(deps)] == [told.id]
    with pytest.raises(Refused, match="other-obstacle"):
        await cases.report(deps, "UBND-178", "Thiếu đất", subject="vm-1")
    solved = {"title": "Thiếu vốn", "days": 4}
    await hear(deps, RAISED, said("UBND-178", "obstacle.solved", "vm-1", MAY + days(4), solved))
    found = await cases.find(deps, told.id)
    assert found is not None
    assert found.state == "closed"


async def test_every_step_is_said_once_and_a_corrected_answer_is_a_later_revision(plan: Plan) -> None:
    store = MemoryStore()
    deps = deps_on(plan, store)
    one = await cases.report(deps, "SNV", "Thiếu vốn", task="II.3.b")
    for _ in range(2):
        await cases.act(deps, one.id, lambda one: forward(one, "SKHDT", "15/CV", JULY))
        await cases.act(deps, one.id, lambda one: answer(one, "UBNDTINH", "80/CV", "Đồng ý", JULY))
    await cases.act(deps, one.id, lambda one: answer(one, "UBNDTINH", "81/CV", "Không đồng ý", JULY))
    await cases.act(deps, one.id, lambda one: close(one, "SNV", None, JULY))
    [messages] = (await store.said("obstacles", [one.id])).values()
    events = [read(message.value) for message in messages]
    assert [(event.kind.name, event.envelope.revision, event.envelope.agency) for event in events] == [
        ("obstacle.reported", 1, "SNV"),
        ("obstacle.forwarded", 1, "SKHDT"),
        ("obstacle.answered", 1, "UBNDTINH"),
        ("obstacle.answered", 2, "UBNDTINH"),
        ("obstacle.closed", 1, "SNV"),
    ]
    assert {(message.topic, message.key) for message in messages} == {("coop.reporting.v1", one.id)}
    assert msgspec.json.decode(messages[0].value)["data"]["task"] == "II.3.b"


class Overtaken(MemoryStore):
    """A store in which somebody else closes the obstacle just before the first write to it after that."""

    rival: Any = None

    async def put(self, collection: str, id: str, body: Body, **options: Any) -> int:
        rival, self.rival = self.rival, None
        if rival is not None:
            await rival()
        return await super().put(collection, id, body, **options)


async def test_of_two_who_act_at_once_the_second_decides_anew_on_what_the_first_did(plan: Plan) -> None:
    store = Overtaken()
    deps = deps_on(plan, store)
    one = await cases.report(deps, "SNV", "Thiếu vốn")

    async def rival() -> Obstacle | None:
        return await cases.act(deps, one.id, lambda one: close(one, "SNV", "Đã bố trí", JULY))

    store.rival = rival
    with pytest.raises(Refused, match="closed"):
        await cases.act(deps, one.id, lambda one: forward(one, "SKHDT", "15/CV", JULY))
    found = await cases.find(deps, one.id)
    assert found is not None
    assert (found.state, found.forwarded) == ("closed", None)


async def test_open_obstacles_are_measured_by_state_and_age(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    await hear(deps, RAISED)
    await cases.report(deps, "SNV", "Thiếu vốn")
    await measure(deps)
    told = deps.metrics.render().decode()
    assert 'hopluc_obstacles_open{age="90",state="open"} 1.0' in told
    assert 'hopluc_obstacles_open{age="7",state="open"} 1.0' in told
    assert 'hopluc_obstacles_open{age="more",state="answered"} 0.0' in told
    assert "hopluc_obstacles_oldest_days 59.0" in told


class Slow(MemoryStore):
    """A store in which an event is heard in full between what one who acts reads and writes."""

    meanwhile: Any = None

    async def put(self, collection: str, id: str, body: Body, **options: Any) -> int:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return await super().put(collection, id, body, **options)


async def listed_states(deps: Deps) -> dict[str, str]:
    """How the obstacles stand that lists choose from, by their subjects."""
    page = await listed(deps, Wanted(), limit=100, after=None)
    noted = {one.id: one.body["stands"] for one in await deps.store.find("obstacles")}
    return {one.subject: noted[one.id]["state"] for one in page.obstacles}


async def test_lists_choose_by_how_an_obstacle_stands_though_an_event_is_heard_while_somebody_acts(plan: Plan) -> None:
    store = Slow()
    deps = deps_on(plan, store)
    await hear(deps, RAISED)
    [one] = await cases.every(deps)
    solved = said("UBND-178", "obstacle.solved", "vm-1", MAY + days(4), {"title": "Thiếu vốn", "days": 4})

    async def meanwhile() -> None:
        await hear(deps, RAISED, solved)

    store.meanwhile = meanwhile
    with pytest.raises(Refused, match="closed"):
        await cases.act(deps, one.id, lambda one: forward(one, "SKHDT", "15/CV", JULY))
    assert await listed_states(deps) == {"vm-1": "closed"}


async def test_what_was_taken_back_is_in_no_list_and_comes_again_when_it_is_said_again(plan: Plan) -> None:
    deps = deps_on(plan, MemoryStore())
    back = said("UBND-178", "obstacle.raised.retracted", "vm-1", MAY, {"reason": "Ghi nhầm"}, id="r", revision=2)
    await hear(deps, RAISED, back)
    assert await listed_states(deps) == {}
    again = said("UBND-178", "obstacle.raised", "vm-1", MAY, {"title": "Thiếu vốn"}, id="x", revision=3)
    await hear(deps, RAISED, back, again)
    assert await listed_states(deps) == {"vm-1": "open"}


async def test_what_a_backup_lacks_is_noted_at_the_start(plan: Plan) -> None:
    store = MemoryStore()
    deps = deps_on(plan, store)
    await hear(deps, RAISED)
    told = await cases.report(deps, "SNV", "Thiếu vốn", subject="tl-1")
    await cases.act(deps, told.id, lambda one: forward(one, "SKHDT", "15/CV", JULY))
    before = await listed_states(deps)
    store._collections["obstacles"] = {
        id: one for id, one in store._collections["obstacles"].items() if one.body["told"] is not None
    }
    for one in store._collections["obstacles"].values():
        one.body["stands"] = None
    assert await listed_states(deps) == {}
    start = minding(deps, 0)
    await start.start()
    assert await listed_states(deps) == before == {"vm-1": "open", "tl-1": "forwarded"}
    versions = await store.versions("obstacles")
    await start.start()
    assert await store.versions("obstacles") == versions
