"""Waiting for what other processes do: by asking, and not for ever."""

import asyncio
from collections.abc import Awaitable, Callable

_POLL = 0.01


async def until(condition: Callable[[], Awaitable[bool]], what: str, within: float = 60.0) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: not within so many seconds; says what was waited for.
    """
    try:
        async with asyncio.timeout(within):
            while not await condition():  # noqa: ASYNC110 - another process's doing, no event of ours
                await asyncio.sleep(_POLL)
    except TimeoutError as error:
        raise TimeoutError(f"not within {within:g} s: {what}") from error
