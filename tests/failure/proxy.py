"""A TCP proxy that can be told to fail: cut what is connected, refuse, delay, or hold a connection half open, for
everybody or for one of those who use it.

It runs on a loop of its own thread, so that it goes on while the one who gives orders waits.
"""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from typing import Any, Self

from deploy.local.ports import HOST, free_port

_CHUNK = 65_536
ALL = ""
"""Everybody's connections."""


class Link:
    """Listens on `port` and passes everything on to whatever port `upstream` says, unless it was told to fail."""

    def __init__(self) -> None:
        self.port = free_port()
        self.upstream: Callable[[], int] = int
        """Says 0 as long as nobody is there."""
        self.whose: Callable[[int], str] = lambda _: ALL
        """Says whose the connection from a port is; `ALL` of one that is nobody's in particular."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: dict[asyncio.StreamWriter, str] = {}
        """Both ends of every connection, and whose it is."""
        self._server: asyncio.Server | None = None
        self._swallowing: defaultdict[str, set[asyncio.StreamWriter]] = defaultdict(set)
        self._refusing: set[str] = set()
        self._delays: dict[str, float] = {}
        self.connections: Counter[str] = Counter()
        """How many were passed on so far, by whose they were."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self, whose: str = ALL) -> None:
        """Reset every connection, or one user's, and refuse new ones until it is mended."""
        self._refusing.add(whose)
        self._do(self._reset(self._of(whose)))

    def half_open(self, whose: str = ALL) -> None:
        """From now on what comes on the present connections goes nowhere, though they stay open; new ones work."""
        self._swallowing[whose] = self._of(whose)

    def delay(self, seconds: float, whose: str = ALL) -> None:
        """Pass everything on so much later."""
        self._delays[whose] = seconds

    def mend(self, whose: str = ALL) -> None:
        """Fail no more for whom it failed. What was held half open is reset, as the peers would learn in the end."""
        self._refusing.discard(whose)
        self._delays.pop(whose, None)
        self._do(self._reset(self._swallowing.pop(whose, set())))

    def _of(self, whose: str) -> set[asyncio.StreamWriter]:
        return {writer for writer, owner in self._writers.copy().items() if whose in (ALL, owner)}

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, HOST, self.port)

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._reset(self._of(ALL))

    async def _reset(self, writers: set[asyncio.StreamWriter]) -> None:
        for writer in writers:
            writer.transport.abort()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port, owner = self.upstream(), self.whose(writer.get_extra_info("peername")[1])
        if self._refusing & {ALL, owner} or not port:
            writer.transport.abort()
            return
        try:
            to_reader, to_writer = await asyncio.open_connection(HOST, port)
        except OSError:
            writer.transport.abort()
            return
        self.connections[owner] += 1
        both = dict.fromkeys((writer, to_writer), owner)
        self._writers |= both
        try:
            await asyncio.gather(self._pass(reader, to_writer, owner), self._pass(to_reader, writer, owner))
        finally:
            for one in both:
                del self._writers[one]
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, owner: str) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if delay := max(self._delays.get(ALL, 0.0), self._delays.get(owner, 0.0)):
                    await asyncio.sleep(delay)
                if self._swallowed(writer):
                    continue
                writer.write(chunk)
                await writer.drain()
            if not self._swallowed(writer) and not writer.is_closing():
                writer.write_eof()
        except OSError:
            writer.transport.abort()

    def _swallowed(self, writer: asyncio.StreamWriter) -> bool:
        return any(writer in writers for writers in self._swallowing.values())
