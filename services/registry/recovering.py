"""After the register was put back from a backup: what it has said since, and no longer knows, is taken from the log.

Without it the next change of a cooperative would get the number of one that others have heard already.
"""

import sys
from datetime import datetime

from msgspec.structs import replace

from chassis.broker import Bus
from chassis.clock import clock_of
from chassis.metrics import Metrics
from chassis.rereading import whole_log
from chassis.store import Store
from chassis.store_mongo import MongoStore
from contracts.envelope import Event, Malformed, read
from contracts.kinds import Retraction
from contracts.kinds.registry import (
    ActivityReported,
    CooperativeDivided,
    CooperativeEvaluated,
    CooperativeFact,
    CooperativeMerged,
)
from contracts.topics import REGISTRY
from services.registry import store as kept
from services.registry.model import Annulment, Change, Details, Numbers, Year
from services.registry.settings import Settings


async def recover(settings: Settings) -> None:
    """Take back what the log tells and the register lacks. Details and numbers stay as the backup had them: they are
    published nowhere. May be run again.

    Raises:
        ValueError: a change is on the log whose predecessor is neither there nor in the register.
    """
    store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
    bus = Bus.of(settings, Metrics("registry"), "registry-recovering")
    now, taken = clock_of(settings.clock_file).now(), 0
    try:
        await bus.connect()
        async for values in whole_log(bus, REGISTRY):
            for value in values:
                taken += await take_back(store, value, now)
        done = await forget_done(store)
    finally:
        await bus.stop()
        await store.close()
    sys.stdout.write(f"{taken} events taken back, {done} steps known as done\n")


async def take_back(store: Store, value: bytes, now: datetime) -> bool:
    """Whether the event was unknown, and is recorded now."""
    try:
        event = read(value)
    except Malformed:
        return False  # nothing that registry said
    code, _, what = event.envelope.subject.partition("/")
    match event.data:
        case CooperativeFact():
            return await _take_change(store, await kept.dossier_of(store, code), event, now)
        case Retraction(reason=reason) if what.isdecimal():
            return await _take_annulment(store, await kept.dossier_of(store, code), int(what), event, reason, now)
        case ActivityReported() | CooperativeEvaluated() | Retraction():
            return await _take_year(store, await kept.dossier_of(store, code), what, event, now)
        case _:
            return False


async def _take_annulment(
    store: Store, dossier: kept.Dossier, version: int, event: Event, reason: str, now: datetime
) -> bool:
    for entry in dossier.entries:
        if entry.change.data.version == version and entry.change.annulled is None:
            gone = Annulment(recorded_at=now, reason=reason)
            await kept.annul(
                store, dossier, replace(entry.change, annulled=gone), traceparent=event.envelope.traceparent
            )
            return True
    return False


async def _take_year(store: Store, dossier: kept.Dossier, name: str, event: Event, now: datetime) -> bool:
    told = [one for one in dossier.years if one.name == name]
    if any(one.revision >= event.envelope.revision for one in told):
        return False
    at, agency, revision = event.envelope.time, event.envelope.agency, event.envelope.revision
    if isinstance(event.data, ActivityReported | CooperativeEvaluated):
        year = Year(at=at, agency=agency, revision=revision, data=event.data)
    elif told and isinstance(event.data, Retraction):
        year = Year(at=at, agency=agency, revision=revision, data=told[-1].data, retracted=event.data.reason)
    else:
        return False  # what it takes back is nowhere
    await kept.tell(store, dossier, kept.Told(year=year, recorded_at=now), traceparent=event.envelope.traceparent)
    return True


async def _take_change(store: Store, dossier: kept.Dossier, event: Event, now: datetime) -> bool:
    state = dossier.state
    known = state.version if state else 0
    assert isinstance(event.data, CooperativeFact)
    if event.data.version <= known:
        return False
    if event.data.version > known + 1:
        raise ValueError(f"{event.envelope.id}: the register ends at {known}, and what lies between is not on the log")
    change = Change(
        at=event.envelope.time,
        agency=event.envelope.agency,
        data=event.data,  # type: ignore[arg-type]  # the kinds of this speaker are the facts
        numbers=state.numbers if state else Numbers(),
        details=state.details if state else Details(),
        shared=isinstance(event.data, CooperativeMerged | CooperativeDivided),
    )
    entry = kept.Entry(change=change, recorded_at=now)
    await kept.append(store, dossier, entry, traceparent=event.envelope.traceparent)
    return True


async def forget_done(store: Store) -> int:
    """Forget steps that were carried out after the backup: the cooperative that a division founds is there now. That
    one has left the register, its step finds by itself."""
    done = 0
    for code in await kept.unfinished(store):
        for step in (await kept.dossier_of(store, code)).pending:
            if step.register is not None and (await kept.dossier_of(store, step.code)).state is not None:
                await kept.carried_out(store, await kept.dossier_of(store, code), step)
                done += 1
    return done
