"""Waiting for a condition, never for a time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any


async def until(condition: Callable[[], Any | Awaitable[Any]], *, within: float = 20.0, what: str = "") -> Any:
    """Ask until the answer is truthy, and return it; fails after so many seconds.

    Errors of connection count as "not yet"; any other error is the test's failure.
    """
    deadline = time.monotonic() + within
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = condition()
            value = await answer if inspect.isawaitable(answer) else answer
        except OSError as error:
            last = error
        else:
            if value:
                return value
            last = value
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {within:g} s: {what or condition}; last answer: {last!r}")
