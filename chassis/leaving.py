"""Leaving Kafka: its client may not be able to say goodbye, lets its own cancellations out, and keeps those of others.

So whoever leaves waits for so long and no longer.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

GOODBYE = 5.0
"""Seconds that a client gets."""

_log = logging.getLogger(__name__)


async def left(stopping: Coroutine[Any, Any, None], seconds: float = GOODBYE) -> bool:
    """Whether it ended well in time. A task of its own: what it raises, or does not end of, is its own."""
    task = asyncio.create_task(stopping)
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=seconds)
    return task.done() and not task.cancelled() and task.exception() is None


async def leave(*stops: Coroutine[Any, Any, None]) -> None:
    """Stop them all, side by side."""
    hung = (await asyncio.gather(*map(left, stops))).count(False)
    if hung:
        _log.warning("%d of %d left without saying goodbye", hung, len(stops))
