"""How registry is put together: the list of its parts, in the order they start."""

from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI

from catalogue.load import load
from chassis.access import open_access
from chassis.auth import Keyring, add
from chassis.broker import Bus
from chassis.clock import clock_of
from chassis.health import Health, answers
from chassis.http import make_app, serving
from chassis.keys import Keys
from chassis.metrics import Metrics
from chassis.outbox import Relay, relaying
from chassis.process import Part
from chassis.store_mongo import MongoStore
from chassis.total_routes import total_routes
from chassis.totals import ControlTotals, comparing
from contracts.topics import REGISTRY, intake, receipts
from services.registry.access import access as key_routes
from services.registry.backup import KEPT
from services.registry.deps import Deps
from services.registry.events import GROUP, events, taking_in
from services.registry.finishing import finishing
from services.registry.routes import routes
from services.registry.settings import Settings
from services.registry.store import COLLECTION
from services.registry.totals import counted


async def wire(settings: Settings) -> Sequence[Part]:
    """The parts of a running service."""
    metrics = Metrics("registry")
    bus = Bus.of(settings, metrics, "registry")
    access = open_access(settings, clock_of(settings.clock_file))
    deps = dependencies(settings, bus, metrics, access.keys)
    agencies = [agency.code for agency in deps.plan.agencies]
    intakes, answers_to = [intake(code) for code in agencies], [receipts(code) for code in agencies]
    bus.listen(intakes, GROUP, taking_in(deps, bus.publish), max_records=settings.kafka_max_records)
    health = Health(settings.ready_within_seconds)
    health.ready_if("store", answers(deps.store.ping))
    health.ready_if("broker", answers(bus.ping))
    health.ready_if("hearing", bus.settled)
    health.live_if("hearing", lambda: bus.moving(settings.stuck_after_seconds))
    app = application(deps, access.keyring, health, settings.max_body_bytes)

    async def prepare() -> None:
        await deps.store.prepare(KEPT.indexes)
        await bus.create_topics([REGISTRY, *intakes, *answers_to])

    return [
        Part("store", start=prepare, stop=deps.store.close),
        access.part,
        bus.speaking(),
        relaying(deps.relay, health, settings),
        bus.hearing(),
        finishing(deps, health),
        comparing(deps.totals, health, settings),
        serving(app, settings.http_host, settings.http_port),
    ]


def dependencies(settings: Settings, bus: Bus, metrics: Metrics, keys: Keys) -> Deps:
    """Everything from outside, not yet connected."""
    store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
    clock = clock_of(settings.clock_file)
    return Deps(
        plan=load(settings.plan_folder),
        clock=clock,
        store=store,
        relay=Relay(store, [COLLECTION], bus.publish, metrics),
        metrics=metrics,
        keys=keys,
        totals=ControlTotals(store, clock, metrics, partial(counted, store)),
        workbook_limits=settings.workbook_limits,
        max_events=settings.max_events,
    )


def application(deps: Deps, keyring: Keyring, health: Health, max_body_bytes: int) -> FastAPI:
    """What answers over HTTP."""
    app = make_app(
        "Hợp Lực: registry", health=health, metrics=deps.metrics, keyring=keyring, max_body_bytes=max_body_bytes
    )
    totals = total_routes(deps.totals, REGISTRY.speaker)
    add(app.router, routes(deps), events(deps), totals, key_routes(deps))
    return app
