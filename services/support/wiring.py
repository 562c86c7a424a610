"""How support is put together: the list of its parts, in the order they start."""

from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI

from catalogue.load import load
from chassis.access import open_access
from chassis.auth import Keyring, add
from chassis.broker import Bus
from chassis.clock import clock_of
from chassis.deadletters import DeadLetters
from chassis.health import Health, answers
from chassis.heartbeat import Heart, beating
from chassis.http import make_app, serving
from chassis.letters import minding
from chassis.metrics import Metrics
from chassis.outbox import Relay, relaying
from chassis.process import Part
from chassis.store_mongo import MongoStore
from chassis.totals import ControlTotals, comparing
from contracts.topics import REGISTRY, SUPPORT, SUPPORT_BEATS, intake, receipts
from services.support.backup import KEPT
from services.support.deps import Deps
from services.support.handlers import GROUP, INTAKE_GROUP, Remembering, judging, taking_in
from services.support.holding import holding
from services.support.ids import BatchIds
from services.support.routes import routes
from services.support.settings import Settings
from services.support.store import BATCHES
from services.support.totals import counted


async def wire(settings: Settings) -> Sequence[Part]:
    """The parts of a running service."""
    metrics = Metrics("support")
    bus = Bus.of(settings, metrics, "support")
    deps = dependencies(settings, bus, metrics)
    bus.listen([REGISTRY], GROUP, Remembering(deps), max_records=settings.kafka_max_records)
    agencies = [agency.code for agency in deps.plan.agencies]
    intakes, answers_to = [intake(code) for code in agencies], [receipts(code) for code in agencies]
    bus.listen(intakes, INTAKE_GROUP, taking_in(deps, bus.publish), max_records=settings.kafka_max_records)
    health = Health(settings.ready_within_seconds)
    health.ready_if("store", answers(deps.store.ping))
    health.ready_if("broker", answers(bus.ping))
    health.ready_if("hearing", bus.settled)
    health.live_if("hearing", lambda: bus.moving(settings.stuck_after_seconds))
    access = open_access(settings, deps.clock)
    app = application(deps, access.keyring, health)

    async def prepare() -> None:
        await deps.store.prepare(KEPT.indexes)
        topics = [REGISTRY, SUPPORT, SUPPORT_BEATS, *intakes, *answers_to]
        await bus.create_topics(topics)

    heart = Heart(deps.store, deps.relay, metrics, tells=SUPPORT_BEATS)
    return [
        Part("store", start=prepare, stop=deps.store.close),
        access.part,
        bus.speaking(),
        relaying(deps.relay, health, settings),
        bus.hearing(),
        holding(deps, health),
        comparing(deps.totals, health, settings),
        minding(deps.dead_letters, settings),
        beating(heart, settings.heartbeat_seconds, metrics),
        serving(app, settings.http_host, settings.http_port),
    ]


def dependencies(settings: Settings, bus: Bus, metrics: Metrics) -> Deps:
    """Everything from outside, not yet connected."""
    store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
    plan, clock = load(settings.plan_folder), clock_of(settings.clock_file)
    return Deps(
        plan=plan,
        clock=clock,
        store=store,
        relay=Relay(store, [BATCHES], bus.publish, metrics),
        dead_letters=DeadLetters(
            store,
            metrics,
            clock,
            judge=judging(plan, clock, settings),
            publish=bus.replay,
            max_replays=settings.max_replays,
        ),
        metrics=metrics,
        totals=ControlTotals(store, clock, metrics, partial(counted, store)),
        settings=settings,
        batch_ids=BatchIds(),
    )


def application(deps: Deps, keyring: Keyring, health: Health) -> FastAPI:
    """What answers over HTTP."""
    app = make_app(
        "Hợp Lực: support",
        health=health,
        metrics=deps.metrics,
        keyring=keyring,
        max_body_bytes=deps.settings.max_body_bytes,
    )
    add(app.router, routes(deps))
    return app
