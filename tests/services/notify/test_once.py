"""The law: whatever is killed, lost or late, each reminder is received once, after its stage opened and before the
report came in."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import local_day
from chassis.store import StoreUnavailable
from chassis.store_memory import MemoryStore
from services.notify.decide import OVERTAKEN, PERHAPS_SENT, REPORT_IN, opening, report_duty
from services.notify.model import Reminder, Rules
from tests.services.notify.office import AGENCIES, Office, at, small

RULES = Rules()
PERIODS = ("2021-Q2", "2021-H1")


class Killed(BaseException):
    """kill -9, at this very instruction."""


class BrittleStore(MemoryStore):
    """Lets others run at every write; at one write it kills the process or is away, before or after having written."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: tuple[int, type[BaseException], bool] | None = None

    async def put(self, *args: Any, **options: Any) -> int:
        await asyncio.sleep(0)
        error, written = self._due()
        if error and not written:
            raise error
        version = await super().put(*args, **options)
        if error:
            raise error
        return version

    def _due(self) -> tuple[BaseException | None, bool]:
        if self.trouble is None:
            return None, False
        left, error, written = self.trouble
        self.trouble = (left - 1, error, written) if left else None
        return (None, False) if left else (error("trouble"), written)


BEGINS = st.sampled_from(["06-17 07:00", "06-17 12:00", "06-24 09:00", "06-24 20:00"])
TROUBLES = st.sampled_from([Killed, StoreUnavailable])
STEPS = st.one_of(
    st.tuples(st.just("pass"), st.sampled_from([1, 11, 6 * 60, 26 * 60])),  # minutes
    st.tuples(st.just("look"), st.just(0)),
    st.tuples(st.just("look by both"), st.just(0)),
    st.tuples(st.just("restart"), st.just(0)),
    st.tuples(st.just("mail server"), st.booleans()),
    st.tuples(st.just("trouble"), st.tuples(st.integers(0, 5), TROUBLES, st.booleans())),
    st.tuples(st.just("report"), st.tuples(st.sampled_from(AGENCIES), st.sampled_from(PERIODS))),
)


class World:
    """Two copies of notify over one store, one log and one mail server, and what may befall them."""

    def __init__(self, plan: Plan, begin: str, closed: bool) -> None:
        self.store = BrittleStore()
        self.copies = [Office(small(plan), at(begin), store=self.store) for _ in range(2)]
        self.one.post.closed = closed
        for copy in self.copies:
            copy.clock, copy.log, copy.post = self.one.clock, self.one.log, self.one.post
        self.reported: dict[tuple[str, str], datetime] = {}
        self.troubled = False

    @property
    def one(self) -> Office:
        return self.copies[0]

    async def start(self) -> None:
        for copy in self.copies:
            await copy.start()

    async def take(self, step: str, how: Any) -> None:
        match step:
            case "pass":
                self.one.clock.advance(timedelta(minutes=how))
            case "look":
                await self._look(self.one)
            case "look by both":
                await asyncio.gather(*(self._look(copy) for copy in self.copies))
            case "restart":
                await self.one.start()
            case "mail server":
                self.one.post.closed = how
            case "trouble":
                self.store.trouble, self.troubled = how, True
            case "report":
                await self._report(*how)

    async def _look(self, copy: Office) -> None:
        try:
            await copy.look()
        except StoreUnavailable:
            pass
        except Killed:
            self.store.trouble = None
            await copy.start()

    async def _report(self, agency: str, period: str) -> None:
        if (agency, period) in self.reported:
            return
        self.reported[agency, period] = self.one.clock.now()
        await self.one.submit(agency, period)
        await self.copies[1].listener.hear(self.one.log[-1:])


@given(begin=BEGINS, closed=st.booleans(), steps=st.lists(STEPS, min_size=5, max_size=60))
def test_each_reminder_is_received_once_between_its_opening_and_the_report(
    plan: Plan, begin: str, closed: bool, steps: list[Any]
) -> None:
    async def play() -> None:
        world = World(plan, begin, closed)
        await world.start()
        for step, how in steps:
            await world.take(step, how)
        await _check(world)

    asyncio.run(play())


@given(begin=BEGINS, closed=st.booleans(), steps=st.lists(STEPS, max_size=30))
def test_when_all_works_again_nothing_is_left_waiting_and_everybody_owing_was_reminded(
    plan: Plan, begin: str, closed: bool, steps: list[Any]
) -> None:
    async def play() -> None:
        world = World(plan, begin, closed)
        await world.start()
        for step, how in steps:
            await world.take(step, how)
        world.store.trouble, world.one.post.closed = None, False
        world.one.clock.set(max(world.one.clock.now(), at("06-25 08:00")))
        for _ in range(3):
            world.one.clock.advance(timedelta(hours=2))
            await world.take("look by both", 0)
        reminders = await world.one.reminders()
        assert "planned" not in {reminder.state for reminder in reminders.values()}
        last = at("07-24 12:00")
        if world.one.clock.now() < last:
            owing = {(a, p) for a in AGENCIES for p in PERIODS if (a, p) not in world.reported}
            assert owing <= {(r.agency, r.period) for r in reminders.values() if r.stage == "overdue"}
        await _check(world)

    asyncio.run(play())


async def test_a_reminder_that_a_killed_copy_may_have_mailed_says_so_when_it_is_dropped(plan: Plan) -> None:
    """Its letter is in the mailbox; that it was only dropped would be untrue."""
    store = BrittleStore()
    office = Office(small(plan), at("06-17 08:00"), store=store)
    await office.start()
    store.trouble = (2, Killed, False)  # two rounds are planned and mailed, none is marked
    with pytest.raises(Killed):
        await office.look()
    assert len(office.post.delivered) == 6
    await office.start()
    await office.submit("SNV", "2021-Q2")
    await office.look(at("06-21 08:00"))
    told = await office.reminders()
    assert told["SNV/2021-Q2/7-days"].problem == f"{REPORT_IN}; {PERHAPS_SENT}"
    assert told["SNV/2021-H1/7-days"].problem == f"{OVERTAKEN}; {PERHAPS_SENT}"


def _vouched(reminder: Reminder) -> bool:
    """Whether what is recorded lets its letter be in the mailbox."""
    being_sent = reminder.state == "planned" and not reminder.problem
    return reminder.state == "sent" or being_sent or PERHAPS_SENT in reminder.problem


async def _check(world: World) -> None:
    reminders = await world.one.reminders()
    sent = {reminder.id: reminder for reminder in reminders.values() if reminder.state == "sent"}
    said = [str(event["subject"]) for event in await world.one.events()]
    assert sorted(said) == sorted(sent), "one event for each reminder sent"
    received = {message_id.strip("<").partition("@")[0].replace(".", "/") for message_id in world.one.post.received}
    if not world.troubled:
        assert len(world.one.post.delivered) == len(received), "a letter goes twice only where something broke"
    vouched = {reminder.id for reminder in reminders.values() if _vouched(reminder)}
    assert set(sent) <= received <= vouched, "what is marked was received, what was received is told as it was"
    for reminder in sent.values():
        _check_moment(reminder, world)


def _check_moment(reminder: Reminder, world: World) -> None:
    duty = report_duty(world.one.plan, reminder.agency, reminder.period)
    assert duty is not None
    assert reminder.sent_at is not None
    assert reminder.sent_at >= opening(duty.last_moment, reminder.stage, RULES)
    if reminder.stage == "same-day":
        assert local_day(reminder.sent_at) == local_day(duty.last_moment)
    reported = world.reported.get((reminder.agency, reminder.period))
    assert reported is None or reminder.sent_at <= reported
