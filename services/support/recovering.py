"""After support's store was put back from a backup: what it has said since is taken in again from the log.

It is as if each agency had sent its events once more: what the store has is a duplicate, what it lacks is kept, claimed
and said again, and whoever hears it again counts it once. Then the groups go back to the backup's moment, so that what
was held or refused since is heard and judged again, and registry's events are remembered again.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from chassis.archive import proven
from chassis.broker import Bus
from chassis.metrics import Metrics
from chassis.rereading import go_back, whole_log
from contracts.envelope import Malformed, read
from contracts.topics import REGISTRY, SUPPORT, intake
from services.support.deps import Deps
from services.support.handlers import GROUP, INTAKE_GROUP
from services.support.intake import take_in
from services.support.settings import Settings
from services.support.wiring import dependencies

_MARGIN = timedelta(hours=1)  # between this machine's clock and those that stamp records


async def recover(settings: Settings, file: str) -> None:
    """Take back what the log tells and the store lacks; ``file`` is the backup that was put back. May be run again.

    Raises:
        Broken: the file is no backup.
        Fatal: the service runs.
    """
    head, _ = proven(Path(file))
    metrics = Metrics("support")
    bus = Bus.of(settings, metrics, "support-recovering")
    deps = dependencies(settings, bus, metrics)
    came = Counter[str]()
    try:
        await bus.connect()
        intakes = [intake(agency.code) for agency in deps.plan.agencies]
        await go_back(bus, {GROUP: [REGISTRY], INTAKE_GROUP: intakes}, head.begun - _MARGIN)
        async for values in whole_log(bus, SUPPORT):
            came += await take_back(deps, values)
    finally:
        await bus.stop()
        await deps.store.close()
    sys.stdout.write("".join(f"{outcome}: {number}\n" for outcome, number in sorted(came.items())))


async def take_back(deps: Deps, values: Sequence[bytes]) -> Counter[str]:
    """Take some records of support's own topic in again; how many became what."""
    said: defaultdict[str, list[bytes]] = defaultdict(list)
    for value in values:
        with suppress(Malformed):  # nothing that support said
            agency = read(value).envelope.agency
            if agency:
                said[agency].append(value)
    came = Counter[str]()
    for agency, events in said.items():
        came.update(type(one).__name__.lower() for one in await take_in(deps, agency, events, source="kafka"))
    return came
