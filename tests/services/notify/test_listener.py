"""Notify knows which reports are in once it has heard the whole log."""

import pytest

from catalogue.model import Plan
from chassis.broker import Place, Span
from contracts.topics import REPORTING
from services.notify.fold import is_in
from services.notify.store import REPORTS
from tests.services.notify.office import Office, at, record, small, submitted

NOW = at("06-20 10:00")


@pytest.fixture
async def office(plan: Plan) -> Office:
    office = Office(small(plan), NOW)
    office.log = [submitted("SNV", "2021-Q2", NOW, offset=0), submitted("SKHDT", "2021-Q2", NOW, offset=1)]
    await office.start()
    return office


async def test_it_has_caught_up_once_the_last_record_of_every_partition_is_heard(office: Office) -> None:
    await office.listener.revoked(office.spans())
    assert not office.listener.caught_up.is_set()
    starts = await office.listener.assigned(office.spans())
    assert set(starts.values()) == {0}
    await office.listener.hear(office.log[:1])
    assert not office.listener.caught_up.is_set()
    await office.listener.hear(office.log[1:])
    assert office.listener.caught_up.is_set()


async def test_it_has_not_caught_up_with_a_part_of_the_partitions(office: Office) -> None:
    await office.listener.revoked(office.spans())
    await office.listener.assigned({Place(REPORTING.name, 0): Span(0, 0)})
    assert not office.listener.caught_up.is_set()


async def test_an_empty_log_is_heard_at_once(plan: Plan) -> None:
    office = Office(small(plan), NOW)
    await office.start()
    assert office.listener.caught_up.is_set()


async def test_what_the_broker_no_longer_keeps_is_known_from_the_store(office: Office) -> None:
    office.log = []
    await office.start()
    assert is_in(office.listener.reports, "SNV", "2021-Q2")


async def test_hearing_the_log_again_writes_nothing(office: Office) -> None:
    before = await office.store.find(REPORTS)
    await office.listener.hear(office.log)
    assert await office.store.find(REPORTS) == before


async def test_what_cannot_be_read_is_put_aside_and_holds_nothing_up(office: Office) -> None:
    garbage = record(b"\xff{", offset=2)
    good = submitted("UBND-178", "2021-Q2", NOW, offset=3)
    await office.listener.hear([garbage, good])
    await office.listener.hear([garbage])
    letters = await office.deps.dead_letters.list()
    assert [(letter.body["offset"], letter.body["value"]) for letter in letters] == [(2, b"\xff{")]
    assert is_in(office.listener.reports, "UBND-178", "2021-Q2")
