"""The balancer shares connections out in turn, and passes over a copy that is gone."""

import asyncio
from collections import Counter
from functools import partial

from deploy.local.balancer import Balancer
from deploy.local.ports import HOST, free_port
from tests.kit.wait import until


async def _tell(name: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(name + await reader.readline())
    await writer.drain()
    writer.close()


async def _asked(port: int) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"?\n")
    await writer.drain()
    told = await reader.read()
    writer.close()
    return told


def test_each_copy_comes_first_in_its_turn_and_the_others_stand_behind_it() -> None:
    balancer = Balancer([1, 2, 3])
    assert [balancer.order() for _ in range(4)] == [(1, 2, 3), (2, 3, 1), (3, 1, 2), (1, 2, 3)]


async def test_connections_are_shared_out_and_a_copy_that_is_gone_is_passed_over() -> None:
    copies = [await asyncio.start_server(partial(_tell, name), HOST, 0) for name in (b"a", b"b")]
    ports = [copy.sockets[0].getsockname()[1] for copy in copies]
    own = free_port()
    serving = asyncio.create_task(Balancer(ports).serve(own))
    try:
        first = await until(partial(_asked, own), what="an answer")
        assert Counter([first, *[await _asked(own) for _ in range(3)]]) == Counter({b"a?\n": 2, b"b?\n": 2})
        copies[0].close()
        await copies[0].wait_closed()
        assert [await _asked(own) for _ in range(3)] == [b"b?\n"] * 3
        copies[1].close()
        await copies[1].wait_closed()
        assert await _asked(own) == b""
    finally:
        serving.cancel()
