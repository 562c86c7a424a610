"""Making topics and indexes ahead of a service's first start: a command of every service."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from chassis.process import Part
from chassis.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)

_PREPARED_BY = ("store", "access")


def preparing(wire: Callable[[S], Awaitable[Sequence[Part]]]) -> Callable[[S], Coroutine[Any, Any, None]]:
    """A command that starts the parts which make what a service needs, and stops them again: no other part starts.

    It may run while the service does, and any number of times. What is made is what the service itself would make.
    """

    async def prepare(settings: S) -> None:
        async with AsyncExitStack() as started:
            for part in await wire(settings):
                if part.name in _PREPARED_BY:
                    started.push_async_callback(part.stop)  # before the start: half started must be stopped too
                    await part.start()

    return prepare
