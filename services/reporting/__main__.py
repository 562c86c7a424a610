"""``python -m services.reporting`` runs the service.

After a broker was lost (docs/runbooks/log-behind-store.md): ``… adopt-log`` takes the broker's present log for the
right one, ``… resend`` lets the service say all again. ``… prove 2021-Q2 II.3.b/people`` counts a figure anew from
nothing but the bytes of the events behind it.
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from catalogue.windows import CALENDARS, Period
from chassis.listening import Place
from chassis.process import main
from chassis.resending import resending
from contracts.topics import REGISTRY, SUPPORT
from services.reporting import proofs
from services.reporting.settings import Settings
from services.reporting.store import OUTBOXES, adopt_log
from services.reporting.wiring import dependencies, wire


async def adopt(settings: Settings) -> None:
    """Begin a new epoch of every partition; the service must be stopped."""
    deps = dependencies(settings)
    places = [Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions)]
    await adopt_log(deps.store, places)
    await deps.store.close()


async def prove(settings: Settings, period: str, indicator: str) -> None:
    """Print the figure as it is told and as its events make it, in both calendars.

    Raises:
        ValueError: there is no such period or indicator, or the two differ.
    """
    deps = dependencies(settings)
    try:
        found, of = deps.plan.indicator_by_code.get(indicator), Period.parse(period)
        if found is None:
            raise ValueError(f"{indicator!r} is no indicator of plan {deps.plan.code}")
        for calendar in CALENDARS:
            told, proved, events = await proofs.prove(deps, of, calendar, found)
            sys.stdout.write(f"{period} {indicator} {calendar}: {proved} {found.unit}, from {events} events\n")
            if told != proved:
                raise ValueError(f"the figure is told as {told}")
    finally:
        await deps.store.close()


COMMANDS: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "adopt-log": adopt,
    "resend": resending(OUTBOXES),
    "prove": prove,
}
sys.exit(main("reporting", Settings, wire, COMMANDS))
