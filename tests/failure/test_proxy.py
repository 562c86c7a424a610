"""The proxy between services and servers: passes on, and fails in the way it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.local.ports import HOST
from tests.failure.proxy import ALL, Link
from tests.kit.wait import until


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(1_000):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def linked() -> AsyncIterator[Link]:
    server = await asyncio.start_server(_echo, HOST, 0)
    with Link() as link:
        link.upstream = lambda: int(server.sockets[0].getsockname()[1])
        yield link
    server.close()


async def said(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], text: bytes, within: float = 5) -> bytes:
    """What comes back."""
    streams[1].write(text)
    return await asyncio.wait_for(streams[0].read(1_000), within)


async def test_what_is_said_comes_through_and_back() -> None:
    async with linked() as link:
        streams = await asyncio.open_connection(HOST, link.port)
        assert await said(streams, b"xin chao") == b"xin chao"
        assert link.connections == {ALL: 1}


async def test_a_cut_resets_what_is_connected_and_refuses_until_it_is_mended() -> None:
    async with linked() as link:
        streams = await asyncio.open_connection(HOST, link.port)
        assert await said(streams, b"a") == b"a"
        link.cut()
        assert await gone(streams)
        assert await gone(await asyncio.open_connection(HOST, link.port))
        link.mend()
        assert await said(await asyncio.open_connection(HOST, link.port), b"b") == b"b"


async def test_half_open_connections_stay_and_say_nothing_while_new_ones_work() -> None:
    async with linked() as link:
        old = await asyncio.open_connection(HOST, link.port)
        assert await said(old, b"a") == b"a"
        link.half_open()
        with pytest.raises(TimeoutError):
            await said(old, b"b", within=0.1)
        assert await said(await asyncio.open_connection(HOST, link.port), b"c") == b"c"
        link.mend()
        assert await gone(old)


async def test_a_delay_lets_everything_through_later() -> None:
    async with linked() as link:
        streams = await asyncio.open_connection(HOST, link.port)
        link.delay(0.1)
        began = asyncio.get_running_loop().time()
        assert await said(streams, b"a") == b"a"
        assert asyncio.get_running_loop().time() - began >= 0.2


async def test_one_of_those_who_use_it_is_cut_off_while_the_others_are_not() -> None:
    async with linked() as link:
        mine, yours = await known(link, "me"), await known(link, "you")
        link.cut("me")
        assert await gone(mine)
        assert await said(yours, b"a") == b"a"
        assert await said(await known(link, "you"), b"b") == b"b"
        link.whose = lambda _: "me"
        assert await gone(await asyncio.open_connection(HOST, link.port))
        link.mend("me")
        assert await said(await known(link, "me"), b"c") == b"c"


async def test_one_of_those_who_use_it_is_held_half_open_or_delayed_while_the_others_are_not() -> None:
    async with linked() as link:
        mine, yours = await known(link, "me"), await known(link, "you")
        link.half_open("me")
        link.delay(0.5, "you")
        with pytest.raises(TimeoutError):
            await said(mine, b"a", within=0.1)
        link.mend("you")
        assert await said(yours, b"b") == b"b"
        link.mend("me")
        assert await gone(mine)
        assert await said(yours, b"c") == b"c"


async def test_what_is_mended_for_one_stays_cut_for_all() -> None:
    async with linked() as link:
        link.cut()
        link.cut("me")
        link.mend("me")
        link.whose = lambda _: "me"
        assert await gone(await asyncio.open_connection(HOST, link.port))
        link.mend()
        assert await said(await known(link, "me"), b"a") == b"a"


async def test_nobody_behind_it_is_a_connection_that_ends() -> None:
    with Link() as link:
        assert await gone(await asyncio.open_connection(HOST, link.port))


async def known(link: Link, whose: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that is somebody's."""
    link.whose = lambda _: whose
    streams = await asyncio.open_connection(HOST, link.port)
    assert await said(streams, b"here") == b"here"
    return streams


async def gone(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bool:
    async def ended() -> bool:
        try:
            return await asyncio.wait_for(streams[0].read(1), 5) == b""
        except ConnectionError:
            return True

    return bool(await until(ended, within=5, what="the connection ends"))
