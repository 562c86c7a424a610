"""Saying everything again, after a broker was lost: a command of every service."""

import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from chassis.settings import ServiceSettings
from chassis.store_mongo import MongoStore


def resending(outboxes: Sequence[str]) -> Callable[[ServiceSettings], Coroutine[Any, Any, None]]:
    """A command that makes every message ever put in these collections unsent again; the service's relay says them.

    Whoever hears them counts each once, whether it has heard them before or not.
    """

    async def resend(settings: ServiceSettings) -> None:
        store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
        try:
            for collection in outboxes:
                sys.stdout.write(f"{collection}: {await store.resend(collection)} documents will be said again\n")
        finally:
            await store.close()

    return resend
