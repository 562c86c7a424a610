"""``python -m services.reporting`` runs the service; ``… prepare`` makes its topics and indexes ahead of it.

After a broker was lost (docs/runbooks/log-behind-store.md): ``… adopt-log`` takes the broker's present log for the
right one, ``… resend`` lets the service say all again. ``… prove 2021-Q2 II.3.b/people`` counts a figure anew from
the bytes of the events behind it and compares it with what readers are shown. ``… rebuild`` counts the whole ledger
anew (docs/runbooks/catalogue-changed.md). ``… backup FILE`` and ``… restore FILE`` are for its store
(docs/runbooks/backup-and-restore.md).
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from catalogue.windows import CALENDARS, Period
from chassis.backup import backing_up, restoring
from chassis.listening import Place
from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from contracts.topics import REGISTRY, SUPPORT
from services.reporting import rebuild as anew
from services.reporting.backup import KEPT
from services.reporting.batches import adopt_log
from services.reporting.provenance.proving import Proof, prove_signed, prove_told
from services.reporting.settings import Settings
from services.reporting.store import COLLECTIONS, OUTBOXES
from services.reporting.wiring import dependencies, wire


async def adopt(settings: Settings) -> None:
    """Begin a new epoch of every partition; the service must be stopped."""
    deps = dependencies(settings)
    places = [Place(topic.name, number) for topic in (REGISTRY, SUPPORT) for number in range(topic.partitions)]
    await adopt_log(deps.store, places)
    await deps.store.close()


async def prove(settings: Settings, period: str, indicator: str) -> None:
    """Print a figure as its events' bytes make it: in both calendars, and as signed where the period is.

    Raises:
        ValueError: there is no such period or indicator, or readers are shown, or signed, another.
    """
    deps = dependencies(settings)
    try:
        found, of = deps.plan.indicator_by_code.get(indicator), Period.parse(period)
        if found is None:
            raise ValueError(f"{indicator!r} is no indicator of plan {deps.plan.code}")
        for calendar in CALENDARS:
            _check(f"{period} {indicator} {calendar}", found.unit, await prove_told(deps, of, calendar, found))
        signed = await prove_signed(deps, of, found)
        if signed is not None:
            _check(f"{period} {indicator} signed", found.unit, signed)
    finally:
        await deps.store.close()


def _check(name: str, unit: str, proof: Proof) -> None:
    sys.stdout.write(f"{name}: {proof.anew} {unit}, from {proof.events} events\n")
    if proof.told != proof.anew:
        raise ValueError(f"{name}: readers are shown {proof.told}")


async def rebuild(settings: Settings) -> None:
    """Count the ledger anew; no signed figure may come out otherwise."""
    await rebuild_accepting(settings, "")


async def rebuild_accepting(settings: Settings, indicators: str) -> None:
    """Count the ledger anew; signed figures of these indicators (with commas between them) may come out otherwise.

    Raises:
        ValueError: it is not approved.
    """
    deps = dependencies(settings)
    try:
        await deps.store.prepare(COLLECTIONS)
        result = await anew.rebuild(deps, indicators.split(","), _progress)
        sys.stdout.write("".join(f"{line}\n" for line in anew.words(result)))
        if not result.approved:
            raise ValueError("the new count is not approved")
    finally:
        await deps.store.close()


def _progress(result: anew.Rebuilt) -> None:
    sys.stderr.write(f"{result.events} events\n")


COMMANDS: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "prepare": preparing(wire),
    "adopt-log": adopt,
    "resend": resending(OUTBOXES),
    "prove": prove,
    "rebuild": rebuild,
    "rebuild-accepting": rebuild_accepting,
    "backup": backing_up(KEPT),
    "restore": restoring(KEPT),
}
sys.exit(main("reporting", Settings, wire, COMMANDS))
