"""Signed figures that are restated: who signed and who received the report is told of each note, once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.envelope import read
from services.notify.decide import RESTATED_LONG_AGO, concerned, due
from services.notify.fold import restated_of
from services.notify.model import Rules
from tests.services.notify.office import Office, at, restated, small

SIGNER, RECEIVER = "skhdt@hop-luc.example", "ubndtinh@hop-luc.example"
PEOPLE, CLASSES = "II.3.b/people", "II.3.b/classes"


async def office_of(plan: Plan) -> Office:
    """In August, when nothing is due; who receives the consolidated reports has an address too."""
    office = Office(small(plan), at("08-10 10:00"))
    office.contacts[plan.regime.receiver] = RECEIVER
    await office.start()
    return office


async def test_one_letter_per_note_tells_signer_and_receiver_of_all_its_figures(plan: Plan) -> None:
    office = await office_of(plan)
    await office.restate(PEOPLE, 1_281, figures=2)
    await office.look()
    assert office.post.delivered == []  # half a note is none
    await office.restate(CLASSES, 39, figures=2)
    await office.look()
    assert [letter["To"] for letter in office.post.delivered] == [SIGNER, RECEIVER]
    [letter, _] = office.post.delivered
    assert letter["Subject"] == "Điều chỉnh số liệu quý II năm 2021 sau khi ký (phiếu số 1)"
    text = letter.get_content()
    assert text.index(f"1. {plan.indicator_by_code[CLASSES].title} (mã {CLASSES})") < text.index(f"(mã {PEOPLE})")
    for told in (
        "văn bản số 5/BC-SKHĐT",
        "Số đã ký: 40 lớp; số hiện nay: 39 lớp (giảm 1 so với số đã ký).",
        "số hiện nay: 1.281 lượt người (tăng 1.241 so với số đã ký).",
        "Do 2 sự kiện của Sở Nội vụ. Lý do: Nhập thiếu 01 lớp.",
    ):
        assert told in text


async def test_nobody_is_told_again_after_a_restart_a_look_or_a_second_hearing(plan: Plan) -> None:
    office = await office_of(plan)
    await office.restate(PEOPLE, 41)
    await office.look()
    await office.listener.hear(office.log)
    await office.look(at("08-11 10:00"))
    await office.start()  # another copy, which hears the log from its beginning
    await office.look(at("08-12 10:00"))
    office.log.clear()  # and one whose broker kept nothing
    await office.start()
    await office.look(at("08-13 10:00"))
    assert len(office.post.delivered) == len(office.post.received) == 2
    assert set(await office.reminders()) == {"SKHDT/2021-Q2/restated-1", "UBNDTINH/2021-Q2/restated-1"}
    assert {event["type"] for event in await office.events()} == {"reminder.sent"}
    assert len(await office.events()) == 2


async def test_a_further_note_is_a_further_letter_that_names_what_was_known_between(plan: Plan) -> None:
    office = await office_of(plan)
    await office.restate(PEOPLE, 41)
    await office.look()
    await office.restate(PEOPLE, 40, sequence=2, before=41)
    await office.look(at("08-11 10:00"))
    text = office.post.delivered[-1].get_content()
    assert "Số đã ký: 40 lượt người; trước phiếu này: 41; số hiện nay: 40 lượt người (trở lại bằng số đã ký)." in text
    assert len(office.post.received) == 4


async def test_what_could_not_be_sent_is_sent_later_and_dropped_once_it_is_no_news(plan: Plan) -> None:
    office = await office_of(plan)
    office.post.closed = True
    await office.restate(PEOPLE, 41)
    await office.look()
    office.post.refuses.add(RECEIVER)
    office.post.closed = False
    await office.look(at("08-10 12:00"))
    assert [letter["To"] for letter in office.post.delivered] == [SIGNER]
    office.clock.set(office.clock.now() + Rules().leave_after + timedelta(hours=1))
    await office.look()
    dropped = (await office.reminders())["UBNDTINH/2021-Q2/restated-1"]
    assert (dropped.state, dropped.problem) == ("dropped", RESTATED_LONG_AGO)


async def test_what_was_restated_long_ago_is_no_news_to_a_new_installation(plan: Plan) -> None:
    office = await office_of(plan)
    await office.restate(PEOPLE, 41)
    office.clock.set(office.clock.now() + Rules().leave_after + timedelta(seconds=1))
    await office.look()
    assert not [name for name in await office.reminders() if "restated" in name]


def test_who_stands_in_the_signers_place_on_the_notes_day_is_told(plan: Plan) -> None:
    def told(day: str) -> tuple[str, ...]:
        one = restated_of(read(restated(PEOPLE, 41, at(day).replace(year=2025)).value))
        return concerned(plan, one)

    assert told("02-28 09:00") == ("SKHDT", "UBNDTINH")
    assert told("03-01 09:00") == ("STC", "UBNDTINH")


@given(st.permutations([(indicator, sequence) for indicator in (PEOPLE, CLASSES) for sequence in (1, 2, 3)]))
def test_whatever_the_order_each_whole_note_is_told_once_to_each(plan: Plan, order: list[tuple[str, int]]) -> None:
    now, known = at("08-10 10:00"), set[str]()
    notes: dict[tuple[str, int], dict[str, object]] = {}
    told: list[str] = []
    for indicator, sequence in order:
        one = restated_of(read(restated(indicator, 41, now, sequence=sequence, figures=2).value))
        notes.setdefault((one.period, sequence), {})[indicator] = one
        fresh = [one.id for one in due(plan, {}, known, now, Rules(), notes)]  # type: ignore[arg-type]
        told += fresh
        known.update(fresh)
    assert sorted(told) == sorted(f"{who}/2021-Q2/restated-{n}" for who in ("SKHDT", "UBNDTINH") for n in (1, 2, 3))
