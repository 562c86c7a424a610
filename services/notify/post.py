"""Handing letters to a mail server."""

import logging
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Literal, Protocol

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

Security = Literal["opportunistic", "starttls", "tls"]

_log = logging.getLogger(__name__)
_UNREACHABLE = "chưa kết nối được máy chủ thư"


class Post(Protocol):
    """Takes letters to their receivers."""

    async def send(self, letters: Sequence[EmailMessage], *, went: Callable[[], None]) -> list[str]:
        """Hand over the letters; returns for each why it was not accepted, in Vietnamese, or nothing if it was.

        `went` is called after each: many letters may take long.
        """
        ...


class SmtpPost:
    """A mail server reached over SMTP, one connection for each `send`."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        security: Security = "opportunistic",
        user: str = "",
        password: str = "",
        timeout: float = 20.0,
    ) -> None:
        """`timeout` is seconds for each step of the conversation."""
        self._host, self._port, self._timeout = host, port, timeout
        self._user, self._password = user or None, password or None
        self._tls = security == "tls"
        self._starttls = {"opportunistic": None, "starttls": True, "tls": False}[security]

    async def send(self, letters: Sequence[EmailMessage], *, went: Callable[[], None]) -> list[str]:
        """Never raises for what the server does: its refusals are the answer; a lost connection refuses the rest."""
        if not letters:
            return []
        problems: list[str] = []
        try:
            async with self._connection() as connection:
                for letter in letters:
                    problems.append(await _hand_over(connection, letter))
                    went()
        except (SMTPException, OSError) as error:
            _log.warning("%s:%d: %d of %d letters sent: %r", self._host, self._port, len(problems), len(letters), error)
        return problems + [_UNREACHABLE] * (len(letters) - len(problems))

    def _connection(self) -> SMTP:
        return SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._tls,
            start_tls=self._starttls,
            username=self._user,
            password=self._password,
        )


async def _hand_over(connection: SMTP, letter: EmailMessage) -> str:
    try:
        await connection.send_message(letter)
    except SMTPRecipientsRefused as error:
        return _refusal(letter, error.recipients[0])
    except SMTPResponseException as error:
        return _refusal(letter, error)
    return ""


def _refusal(letter: EmailMessage, error: SMTPResponseException) -> str:
    _log.warning("refused %s: %d %s", letter["Message-ID"], error.code, error.message)
    return f"máy chủ thư từ chối (mã {error.code})"
