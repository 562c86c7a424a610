"""Letters over real SMTP, into the embedded stack's sink."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from deploy.local.ports import HOST, free_port
from deploy.local.smtp_sink import Inbox, Sink
from services.notify.post import SmtpPost


class Refusing(Sink):
    """Refuses one receiver, and hangs up on another."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: object, envelope: object, address: str, options: object
    ) -> str:
        if address == "gone@x.example":
            return "550 no such mailbox"
        if address == "hang-up@x.example":
            assert server.transport is not None
            server.transport.close()
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[tuple[int, Inbox]]:
    """A mail server on a free port, and what arrives there."""
    maildir = tmp_path / "mail"
    loop = asyncio.get_running_loop()
    handler = Refusing(maildir)
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop), HOST, 0)
    yield server.sockets[0].getsockname()[1], Inbox(maildir)
    server.close()


def to(address: str, message_id: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "hop-luc@x.example", address
    message["Subject"], message["Message-ID"] = "Nhắc báo cáo", f"<{message_id or address}>"
    message.set_content("Kính gửi: Sở Nội vụ\n", cte="base64")
    return message


async def test_letters_arrive_with_their_diacritics(sink: tuple[int, Inbox]) -> None:
    port, inbox = sink
    went: list[int] = []
    answers = await SmtpPost(HOST, port).send([to("a@x.example"), to("b@x.example")], went=lambda: went.append(1))
    assert answers == ["", ""]
    assert len(went) == 2
    letters = inbox.letters()
    assert [letter["To"] for letter in letters] == ["a@x.example", "b@x.example"]
    assert letters[0]["Subject"] == "Nhắc báo cáo"
    assert letters[0].get_content() == "Kính gửi: Sở Nội vụ\n"


async def test_a_letter_sent_twice_arrives_once_and_is_counted(sink: tuple[int, Inbox]) -> None:
    port, inbox = sink
    for _ in range(2):
        assert await SmtpPost(HOST, port).send([to("a@x.example")], went=lambda: None) == [""]
    assert len(inbox.letters()) == 1
    assert inbox.dropped() == ["<a@x.example>"]


async def test_a_refused_receiver_is_told_and_the_others_are_served(sink: tuple[int, Inbox]) -> None:
    port, inbox = sink
    letters = [to("gone@x.example"), to("a@x.example")]
    assert await SmtpPost(HOST, port).send(letters, went=lambda: None) == ["máy chủ thư từ chối (mã 550)", ""]
    assert [letter["To"] for letter in inbox.letters()] == ["a@x.example"]


async def test_a_lost_connection_leaves_the_rest_unsent(sink: tuple[int, Inbox]) -> None:
    port, _ = sink
    letters = [to("a@x.example"), to("hang-up@x.example"), to("b@x.example")]
    answers = await SmtpPost(HOST, port).send(letters, went=lambda: None)
    assert answers == ["", "chưa kết nối được máy chủ thư", "chưa kết nối được máy chủ thư"]


async def test_a_mail_server_that_is_away_takes_nothing(sink: tuple[int, Inbox]) -> None:
    answers = await SmtpPost(HOST, free_port()).send([to("a@x.example")], went=lambda: None)
    assert answers == ["chưa kết nối được máy chủ thư"]


async def test_without_letters_nobody_connects() -> None:
    assert await SmtpPost(HOST, free_port()).send([], went=lambda: None) == []
