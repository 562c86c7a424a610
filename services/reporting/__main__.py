"""``python -m services.reporting`` runs the service.

After a broker was lost (docs/runbooks/log-behind-store.md): ``… adopt-log`` takes the broker's present log for the
right one, ``… resend`` lets the service say all again.
"""

import sys

from chassis.listening import Place
from chassis.process import main
from chassis.resending import resending
from contracts.topics import REGISTRY, SUPPORT
from services.reporting.settings import Settings
from services.reporting.store import OUTBOXES, adopt_log
from services.reporting.wiring import dependencies, wire


async def adopt(settings: Settings) -> None:
    """Begin a new epoch of every partition; the service must be stopped."""
    deps = dependencies(settings)
    places = [Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions)]
    await adopt_log(deps.store, places)
    await deps.store.close()


sys.exit(main("reporting", Settings, wire, {"adopt-log": adopt, "resend": resending(OUTBOXES)}))
