"""Shares connections out among the copies of a service, in turn: ``python -m deploy.local.balancer PORT COPY_PORT…``.

It stands where an operator's load balancer stands: it knows connections, not requests. A copy that does not answer is
passed over; whoever connects is told nothing only where no copy does.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress

from deploy.local.ports import HOST

_PIECE = 65_536


class Balancer:
    """Copies by their ports, each in its turn."""

    def __init__(self, copies: Sequence[int]) -> None:
        self._copies = tuple(copies)
        self._turn = 0

    def order(self) -> tuple[int, ...]:
        """The copies to try for the next connection, best first."""
        first = self._turn % len(self._copies)
        self._turn += 1
        return self._copies[first:] + self._copies[:first]

    async def serve(self, port: int) -> None:
        """Share out until cancelled."""
        async with await asyncio.start_server(self._connected, HOST, port) as server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for copy in self.order():
            try:
                answers, asks = await asyncio.open_connection(HOST, copy)
            except OSError:
                continue
            await asyncio.gather(_pour(reader, asks), _pour(answers, writer))
            return
        writer.close()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Hand everything on, and then that there is no more."""
    with suppress(OSError):
        while piece := await source.read(_PIECE):
            sink.write(piece)
            await sink.drain()
    sink.close()


if __name__ == "__main__":
    own, *others = map(int, sys.argv[1:])
    asyncio.run(Balancer(others).serve(own))
