"""A look: what is due is planned, mailed and marked, each reminder once."""

import asyncio
from datetime import date, timedelta

import pytest

from catalogue.model import Plan
from chassis import tracing
from chassis.metrics import MISSING_REPORTS, REMINDERS_PLANNED, REMINDERS_SENT, REMINDERS_WAITING
from chassis.store import StoreUnavailable
from chassis.store_memory import MemoryStore
from contracts.trace import is_trace
from services.notify.decide import OVERTAKEN, REPORT_IN
from services.notify.model import Rules
from services.notify.store import ROUNDS
from tests.kit.collector import collecting
from tests.kit.wait import until
from tests.services.notify.office import AGENCIES, HOUR, Office, at, retracted, small


@pytest.fixture
async def office(plan: Plan) -> Office:
    """A copy of notify that is up a minute before the first reminders of June."""
    office = Office(small(plan), at("06-17 07:59"))
    await office.start()
    return office


async def test_nothing_is_sent_before_the_first_stage_opens(office: Office) -> None:
    await office.look()
    assert await office.reminders() == {}
    assert office.looking.looked_until == at("06-17 07:59")


async def test_all_reminders_of_a_moment_go_over_one_connection(office: Office) -> None:
    await office.look(at("06-17 08:00"))
    assert await office.states() == {("7-days", "sent"): 6}
    assert office.post.connections == 1
    assert len(office.post.received) == 6
    assert await office.store.count(ROUNDS) == 2


async def test_a_stage_is_sent_once_however_often_one_looks_and_whoever_restarts(office: Office) -> None:
    for hour in range(8, 20):
        await office.look(at(f"06-17 {hour:02d}:00"))
        await office.start()
    assert len(office.post.delivered) == 6


async def test_an_agency_that_never_reports_hears_each_stage_once_and_no_more(office: Office) -> None:
    while office.clock.now() < at("08-15 00:00"):
        await office.look()
        office.clock.advance(timedelta(hours=7))
    sent = await office.states()
    assert sent == {(stage, "sent"): 6 for stage in ("7-days", "3-days", "1-day", "same-day", "overdue")}
    assert len(office.post.delivered) == 30


async def test_reminders_stop_when_the_report_is_in(office: Office) -> None:
    await office.look(at("06-17 08:00"))
    await office.submit("SNV", "2021-Q2")
    await office.look(at("06-21 08:00"))
    reminders = await office.reminders()
    assert "SNV/2021-Q2/3-days" not in reminders
    assert "SNV/2021-H1/3-days" in reminders


async def test_a_report_that_is_taken_back_is_owed_again(office: Office) -> None:
    await office.submit("SNV", "2021-Q2")
    await office.look(at("06-17 08:00"))
    await office.listener.hear([retracted("SNV", "2021-Q2", office.clock.now(), version=2, offset=1)])
    await office.look(at("06-21 08:00"))
    assert {id for id in await office.reminders() if id.startswith("SNV/2021-Q2")} == {"SNV/2021-Q2/3-days"}


async def test_stages_missed_while_notify_was_away_are_not_caught_up(office: Office) -> None:
    await office.look(at("06-23 12:00"))
    assert await office.states() == {("1-day", "sent"): 6}


async def test_what_was_sent_is_said_once_as_an_event(office: Office) -> None:
    await office.look(at("06-17 08:00"))
    await office.look(at("06-17 09:00"))
    events = await office.events()
    assert len(events) == len({event["id"] for event in events}) == 6
    one = next(event for event in events if event["subject"] == "SNV/2021-Q2/7-days")
    assert (one["type"], one["agency"]) == ("reminder.sent", "SKHDT")


async def test_while_the_mail_server_is_away_reminders_wait_and_say_why(office: Office) -> None:
    office.post.closed = True
    await office.look(at("06-17 08:00"))
    assert await office.states() == {("7-days", "planned"): 6}
    assert {reminder.problem for reminder in (await office.reminders()).values()} == {"máy chủ thư từ chối"}
    assert await office.events() == []
    office.post.closed = False
    await office.look(at("06-17 08:02"))
    assert await office.states() == {("7-days", "sent"): 6}


async def test_attempts_come_less_and_less_often_but_at_least_every_hour(office: Office) -> None:
    office.post.closed = True
    while office.clock.now() < at("06-18 08:00"):
        await office.look()
        office.clock.advance(timedelta(minutes=1))
    assert 24 <= office.post.connections <= 32


async def test_a_reminder_whose_stage_has_passed_is_dropped_rather_than_sent_late(office: Office) -> None:
    office.post.closed = True
    await office.look(at("06-17 08:00"))
    office.post.closed = False
    await office.look(at("06-21 08:00"))
    assert await office.states() == {("7-days", "dropped"): 6, ("3-days", "sent"): 6}
    assert (await office.reminders())["SNV/2021-Q2/7-days"].problem == OVERTAKEN


async def test_a_waiting_reminder_is_dropped_when_the_report_comes_in(office: Office) -> None:
    office.post.closed = True
    await office.look(at("06-17 08:00"))
    await office.submit("SNV", "2021-Q2")
    office.post.closed = False
    await office.look(at("06-17 09:00"))
    reminder = (await office.reminders())["SNV/2021-Q2/7-days"]
    assert (reminder.state, reminder.problem) == ("dropped", REPORT_IN)
    assert len(office.post.delivered) == 5


async def test_one_refused_address_does_not_hold_the_others(office: Office) -> None:
    office.post.refuses = {office.contacts["SNV"]}
    await office.look(at("06-17 08:00"))
    assert await office.states() == {("7-days", "sent"): 4, ("7-days", "planned"): 2}
    await office.look(at("06-17 08:02"))
    assert len(office.post.delivered) == 4
    assert office.metrics.value(REMINDERS_SENT, stage="7-days", state="failed") == 4


async def test_an_agency_without_an_address_is_shown_as_such(office: Office) -> None:
    del office.contacts["SNV"]
    await office.look(at("06-17 08:00"))
    reminder = (await office.reminders())["SNV/2021-Q2/7-days"]
    assert (reminder.state, reminder.to, reminder.problem) == ("planned", "", "chưa có địa chỉ thư của cơ quan")


async def test_two_copies_that_look_at_once_send_each_reminder_once(plan: Plan) -> None:
    store = MemoryStore()
    copies = [Office(small(plan), at("06-17 08:00"), store=store) for _ in range(2)]
    for copy in copies:
        await copy.start()
    await asyncio.gather(*(copy.look() for copy in copies))
    assert sorted(letter["Message-ID"] for copy in copies for letter in copy.post.delivered) == sorted(
        f"<{agency}.{period}.7-days@hop-luc.example>" for agency in AGENCIES for period in ("2021-Q2", "2021-H1")
    )


async def test_a_copy_takes_over_what_a_dead_one_planned_after_its_lease(plan: Plan) -> None:
    dead = Office(small(plan), at("06-17 08:00"))
    await dead.start()
    dead.post.send = _killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await dead.look()
    heir = Office(small(plan), at("06-17 08:09"), store=dead.store)
    await heir.start()
    await heir.look()
    assert heir.post.delivered == []
    await heir.look(at("06-17 08:10"))
    assert await heir.states() == {("7-days", "sent"): 6}


async def test_what_the_mail_server_took_is_not_sent_again_though_the_store_was_away(plan: Plan) -> None:
    store = _AwayForAWhile()
    office = Office(small(plan), at("06-17 08:00"), store=store)
    await office.start()
    store.away_at = 3  # two rounds are planned, then marked
    with pytest.raises(StoreUnavailable):
        await office.look()
    await office.look(at("06-17 09:00"))
    assert await office.states() == {("7-days", "sent"): 6}
    assert len(office.post.delivered) == 6


async def test_the_loop_waits_until_it_has_heard_which_reports_are_in(plan: Plan) -> None:
    office = Office(small(plan), at("06-17 08:00"))
    await office.start()
    await office.submit("SNV", "2021-Q2")
    looking = await office.start()
    await office.listener.revoked(office.spans())
    running = asyncio.create_task(looking.run())
    for _ in range(20):
        await office.clock.sleep(HOUR)
    assert looking.looked_until is None
    await office.listener.assigned(office.spans())
    await office.listener.hear(office.log)
    await until(lambda: len(office.post.delivered) == 5)
    await looking.stop()
    running.cancel()
    assert "SNV/2021-Q2/7-days" not in await office.reminders()


async def _killed(*_: object, **__: object) -> list[str]:
    raise KeyboardInterrupt


class _AwayForAWhile(MemoryStore):
    away_at = 0
    puts = 0

    async def put(self, *args: object, **options: object) -> int:
        self.puts += 1
        if self.puts == self.away_at:
            raise StoreUnavailable("away")
        return await super().put(*args, **options)  # type: ignore[arg-type]


async def test_what_is_planned_and_not_sent_yet_is_told(office: Office) -> None:
    office.post.closed = True
    await office.look(at("06-17 08:00"))
    assert office.metrics.value(REMINDERS_PLANNED, stage="7-days") == 6
    assert office.metrics.value(REMINDERS_WAITING, stage="7-days") == 6
    office.post.closed = False
    await office.look(at("06-17 08:10"))
    assert office.metrics.value(REMINDERS_PLANNED, stage="7-days") == 6
    assert office.metrics.value(REMINDERS_WAITING, stage="7-days") == 0


async def test_missing_reports_are_told_until_their_year_is_long_over(office: Office) -> None:
    await office.look(at("06-26 08:00"))
    assert office.metrics.value(MISSING_REPORTS, period="2021-Q2") == 3
    await office.submit("SNV", "2021-Q2")
    await office.look(at("06-27 08:00"))
    assert office.metrics.value(MISSING_REPORTS, period="2021-Q2") == 2
    await office.send_back("SNV", "2021-Q2")
    await office.look(at("06-27 09:00"))
    assert office.metrics.value(MISSING_REPORTS, period="2021-Q2") == 3
    await office.look(at("06-27 08:00").replace(year=2023))
    assert 'hopluc_missing_reports{period="2021-Q2"}' not in office.metrics.render().decode()


async def test_a_report_due_before_the_system_was_in_use_is_neither_missing_nor_reminded_of(plan: Plan) -> None:
    office = Office(small(plan), at("06-26 07:59"), rules=Rules(in_use_since=date(2021, 6, 25)))
    await office.start()
    await office.look(at("06-26 08:00"))
    assert "hopluc_missing_reports{" not in office.metrics.render().decode()
    assert office.post.delivered == []


async def test_a_report_due_on_the_first_day_of_use_is_owed(plan: Plan) -> None:
    office = Office(small(plan), at("06-26 07:59"), rules=Rules(in_use_since=date(2021, 6, 24)))
    await office.start()
    await office.look(at("06-26 08:00"))
    assert office.metrics.value(MISSING_REPORTS, period="2021-Q2") == 3
    assert len(office.post.delivered) == 6, "of the quarter and of the half-year"


async def test_the_reminders_of_a_look_belong_to_one_trace_of_its_own(office: Office) -> None:
    await office.look(at("06-17 08:00"))
    await office.look(at("06-21 08:00"))
    traces = [str(event["traceparent"]) for event in await office.events()]
    assert len(traces) == 12
    assert len(set(traces)) == 2
    assert all(map(is_trace, traces))


async def test_sending_reminders_is_a_span_and_the_events_are_caused_by_it(office: Office) -> None:
    with collecting() as collector:
        tracing.configure("notify", collector.url)
        try:
            await office.look()
            await office.look(at("06-17 08:00"))
        finally:
            tracing.shut_down()
    (span,) = collector.spans
    assert (span.service, span.name) == ("notify", "remind")
    assert {str(event["traceparent"]) for event in await office.events()} == {f"00-{span.trace}-{span.id}-01"}
