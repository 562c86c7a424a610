"""A report that is sent back: its agency is told at once, with the remarks, and it is owed again."""

from datetime import timedelta

from catalogue.model import Plan
from services.notify.model import Rules
from tests.services.notify.office import Office, at, small


async def test_the_agency_is_told_once_with_the_remarks(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    for agency in ("SKHDT", "SNV", "UBND-178"):
        for period in ("2021-Q2", "2021-H1"):
            await office.submit(agency, period)
    await office.send_back("SNV", "2021-Q2")
    await office.look()
    await office.look(at("06-20 12:00"))
    [letter] = office.post.delivered
    assert letter["To"] == "snv@hop-luc.example"
    assert letter["Subject"] == "Báo cáo quý II năm 2021 được trả lại để hoàn thiện"
    text = letter.get_content()
    assert "Nêu rõ số lớp bồi dưỡng." in text
    assert "chưa nhận được báo cáo" not in text
    assert set(await office.reminders()) == {"SNV/2021-Q2/returned-1"}


async def test_it_is_reminded_of_again_until_the_next_version_is_in(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    for agency in ("SKHDT", "SNV", "UBND-178"):
        for period in ("2021-Q2", "2021-H1"):
            await office.submit(agency, period)
    await office.send_back("SNV", "2021-Q2")
    await office.look(at("06-21 08:00"))
    assert set(await office.reminders()) == {"SNV/2021-Q2/returned-1", "SNV/2021-Q2/3-days"}
    scheduled = next(letter for letter in office.post.delivered if "Nhắc báo cáo" in letter["Subject"])
    assert "chưa nhận được bản hoàn thiện" in scheduled.get_content()
    await office.submit("SNV", "2021-Q2", version=2)
    await office.look(at("06-23 08:00"))
    assert len(await office.reminders()) == 2
    await office.send_back("SNV", "2021-Q2", version=2)
    await office.look()
    assert "SNV/2021-Q2/returned-2" in await office.reminders()


async def test_what_was_returned_long_ago_is_no_news_to_a_new_installation(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    await office.submit("SNV", "2021-Q1")
    await office.send_back("SNV", "2021-Q1")
    office.clock.set(office.clock.now() + Rules().leave_after + timedelta(seconds=1))
    await office.look()
    assert not [id for id in await office.reminders() if "returned" in id]


async def test_a_letter_about_a_return_is_dropped_when_the_next_version_comes_first(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    office.post.closed = True
    await office.submit("SNV", "2021-Q2")
    await office.send_back("SNV", "2021-Q2")
    await office.look()
    await office.submit("SNV", "2021-Q2", version=2)
    office.post.closed = False
    await office.look(at("06-20 13:00"))
    assert (await office.reminders())["SNV/2021-Q2/returned-1"].state == "dropped"
    assert not [one for one in office.post.delivered if "trả lại" in one["Subject"]]


async def test_of_two_returns_only_the_newest_is_told_of(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    office.post.closed = True
    await office.submit("SNV", "2021-Q2")
    await office.send_back("SNV", "2021-Q2")
    await office.look()
    await office.submit("SNV", "2021-Q2", version=2)
    await office.send_back("SNV", "2021-Q2", version=2)
    office.post.closed = False
    await office.look(at("06-20 13:00"))
    states = {id: one.state for id, one in (await office.reminders()).items() if "/returned-" in id}
    assert states == {"SNV/2021-Q2/returned-1": "dropped", "SNV/2021-Q2/returned-2": "sent"}


async def test_a_return_that_could_not_be_told_of_for_long_is_left(plan: Plan) -> None:
    office = Office(small(plan), at("06-20 10:00"))
    await office.start()
    office.post.closed = True
    await office.submit("SNV", "2021-Q2")
    await office.send_back("SNV", "2021-Q2")
    await office.look()
    office.clock.set(office.clock.now() + Rules().leave_after + timedelta(days=1))
    office.post.closed = False
    await office.look()
    assert (await office.reminders())["SNV/2021-Q2/returned-1"].state == "dropped"
