"""A TCP proxy that can be told to fail: cut what is connected, refuse, delay, or hold a connection half open.

It runs on a loop of its own thread, so that it goes on while the one who gives orders waits.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self

from deploy.local.ports import HOST, free_port

_CHUNK = 65_536


class Link:
    """Listens on `port` and passes everything on to whatever port `upstream` says, unless it was told to fail."""

    def __init__(self) -> None:
        self.port = free_port()
        self.upstream: Callable[[], int] = int
        """Says 0 as long as nobody is there."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._swallowing: set[asyncio.StreamWriter] = set()
        self._refusing = False
        self._delay = 0.0
        self.connections = 0
        """How many were passed on so far."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Reset every connection, and refuse new ones until it is mended."""
        self._refusing = True
        self._do(self._reset(set(self._writers)))

    def half_open(self) -> None:
        """From now on what comes on the present connections goes nowhere, though they stay open; new ones work."""
        self._swallowing = set(self._writers)

    def delay(self, seconds: float) -> None:
        """Pass everything on so much later."""
        self._delay = seconds

    def mend(self) -> None:
        """Fail no more. What was held half open is reset, as the peers would learn in the end."""
        self._refusing, self._delay = False, 0.0
        held, self._swallowing = self._swallowing, set()
        self._do(self._reset(held))

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, HOST, self.port)

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._reset(set(self._writers))

    async def _reset(self, writers: set[asyncio.StreamWriter]) -> None:
        for writer in writers:
            writer.transport.abort()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = self.upstream()
        if self._refusing or not port:
            writer.transport.abort()
            return
        try:
            to_reader, to_writer = await asyncio.open_connection(HOST, port)
        except OSError:
            writer.transport.abort()
            return
        self.connections += 1
        both = {writer, to_writer}
        self._writers |= both
        try:
            await asyncio.gather(self._pass(reader, to_writer), self._pass(to_reader, writer))
        finally:
            self._writers -= both
            for one in both:
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                if writer in self._swallowing:
                    continue
                writer.write(chunk)
                await writer.drain()
            if writer not in self._swallowing and not writer.is_closing():
                writer.write_eof()
        except OSError:
            writer.transport.abort()
