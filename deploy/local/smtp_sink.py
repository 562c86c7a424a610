"""A mail server that delivers everything into one maildir: ``python -m deploy.local.smtp_sink --port P --maildir DIR``.

Like receiving servers with duplicate suppression it drops a message whose Message-ID it has delivered before; the
dropped ids go to the file ``duplicates`` in the maildir, one a line. `Inbox` reads both.
"""

import argparse
import asyncio
import logging
import mailbox
import signal
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from deploy.local.ports import HOST

_DUPLICATES = "duplicates"
_log = logging.getLogger("smtp_sink")


class Inbox:
    """What the sink has delivered, and what it dropped."""

    def __init__(self, maildir: Path) -> None:
        self._maildir = maildir

    def letters(self) -> list[EmailMessage]:
        """The delivered messages, in the order of delivery."""
        files = sorted((self._maildir / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [BytesParser(policy=default).parsebytes(file.read_bytes()) for file in files]

    def dropped(self) -> list[str]:
        """The Message-ID of each message that was dropped as a duplicate."""
        file = self._maildir / _DUPLICATES
        return file.read_text().splitlines() if file.exists() else []


class Sink:
    """The handler of the SMTP server."""

    def __init__(self, maildir: Path) -> None:
        self._duplicates = maildir / _DUPLICATES
        self._letters = mailbox.Maildir(maildir, create=True)
        self._seen = {letter["Message-ID"] for letter in self._letters if letter["Message-ID"]}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Deliver one message, or drop it; the sender is told the same."""
        content: bytes = envelope.original_content
        message_id = BytesHeaderParser(policy=default).parsebytes(content)["Message-ID"]
        if message_id in self._seen:
            with self._duplicates.open("a") as file:
                file.write(f"{message_id}\n")
            _log.info("dropped a second %s", message_id)
            return "250 OK"
        self._letters.add(content)
        if message_id:
            self._seen.add(message_id)
        _log.info("delivered %s to %s", message_id, ", ".join(envelope.rcpt_tos))
        return "250 OK"


async def serve(port: int, maildir: Path) -> None:
    """Deliver until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    sink = Sink(maildir)
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop), HOST, port)
    await asked.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Deliver all mail into one maildir.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--maildir", type=Path, required=True)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    asyncio.run(serve(chosen.port, chosen.maildir))


if __name__ == "__main__":
    main()
