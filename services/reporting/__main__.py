"""``python -m services.reporting`` runs the service; ``… adopt-log`` takes the broker's present log for the right one
after a broker was lost (docs/runbooks/log-behind-store.md)."""

import asyncio
import sys

from chassis.listening import Place
from chassis.process import main
from contracts.topics import REGISTRY, SUPPORT
from services.reporting.settings import Settings
from services.reporting.store import adopt_log
from services.reporting.wiring import dependencies, wire


async def adopt(settings: Settings) -> None:
    """Begin a new epoch of every partition; the service must be stopped."""
    deps = dependencies(settings)
    await adopt_log(
        deps.store, [Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions)]
    )
    await deps.store.close()


match sys.argv[1:]:
    case []:
        sys.exit(main("reporting", Settings, wire))
    case ["adopt-log"]:
        asyncio.run(adopt(Settings()))
    case _:
        sys.exit("usage: python -m services.reporting [adopt-log]")
