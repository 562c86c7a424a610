"""What an agency reads."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest

from catalogue.model import Plan
from contracts.kinds.notify import Stage
from services.notify.decide import report_duty
from services.notify.letters import letter
from services.notify.model import Reminder
from tests.services.notify.office import HEAD, at


def written(plan: Plan, stage: Stage, now: str, period: str = "2021-Q2", agency: str = "UBND-178") -> EmailMessage:
    """The letter as it arrives."""
    duty = report_duty(plan, agency, period)
    assert duty is not None
    reminder = Reminder(agency=agency, period=period, stage=stage, to="van-thu@langson.example")
    sent = letter(reminder, duty, plan, HEAD, at(now))
    return BytesParser(policy=default).parsebytes(sent.as_bytes())


def body(message: EmailMessage) -> str:
    return str(message.get_content())


def test_a_letter_names_agency_period_last_day_receiver_and_where_to_submit(plan: Plan) -> None:
    text = body(written(plan, "7-days", "06-17 08:00"))
    assert f"Kính gửi: {plan.agency('UBND-178').name}" in text
    assert "báo cáo quý II năm 2021" in text
    assert "hết ngày 24/06/2021 (còn 7 ngày)" in text
    assert plan.agency("SKHDT").name in text
    assert "https://hop-luc.example/periods/2021-Q2" in text
    assert "Kế hoạch số 177/KH-UBND ngày 02/11/2020 của UBND tỉnh Lạng Sơn" in text


@pytest.mark.parametrize(
    ("stage", "now", "subject"),
    [
        ("3-days", "06-22 10:00", "Nhắc báo cáo quý II năm 2021: hạn đến hết ngày 24/06/2021 (còn 2 ngày)"),
        ("same-day", "06-24 08:00", "Nhắc báo cáo quý II năm 2021: hôm nay, 24/06/2021, là ngày cuối cùng"),
        ("overdue", "06-25 08:00", "Nhắc báo cáo quý II năm 2021: đã quá hạn (hạn: hết ngày 24/06/2021)"),
    ],
)
def test_the_subject_counts_the_days_that_are_really_left(plan: Plan, stage: Stage, now: str, subject: str) -> None:
    assert written(plan, stage, now)["Subject"] == subject


def test_half_year_and_year_are_named_as_people_say_them(plan: Plan) -> None:
    assert "6 tháng đầu năm 2021" in written(plan, "7-days", "06-17 08:00", "2021-H1")["Subject"]
    assert "báo cáo năm 2021" in written(plan, "7-days", "12-17 08:00", "2021")["Subject"]


def test_the_message_id_depends_on_the_reminder_alone(plan: Plan) -> None:
    first, again = written(plan, "3-days", "06-21 08:00"), written(plan, "3-days", "06-23 07:00")
    assert first["Message-ID"] == again["Message-ID"] == "<UBND-178.2021-Q2.3-days@hop-luc.example>"
    assert first["Message-ID"] != written(plan, "1-day", "06-23 08:00")["Message-ID"]


def test_a_letter_is_plain_text_that_any_mail_server_passes_unharmed(plan: Plan) -> None:
    message = written(plan, "7-days", "06-17 08:00")
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert max(map(len, message.as_bytes().splitlines())) < 998  # RFC 5322, 2.1.1
    assert message.as_bytes().isascii()
    assert message["Auto-Submitted"] == "auto-generated"


def test_no_empty_lines_pile_up_where_a_part_is_left_out(plan: Plan) -> None:
    for stage, now in (("7-days", "06-17 08:00"), ("same-day", "06-24 08:00"), ("overdue", "06-25 08:00")):
        assert "\n\n\n" not in body(written(plan, stage, now))  # type: ignore[arg-type]
