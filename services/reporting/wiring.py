"""How reporting is put together: the list of its parts, in the order they start."""

import asyncio
import logging
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
from chassis.heartbeat import Carried, Heart
from chassis.http import make_app, serving
from chassis.letters import minding
from chassis.metrics import Metrics
from chassis.outbox import Relay, relaying
from chassis.process import Part
from chassis.store import StoreUnavailable
from chassis.store_mongo import MongoStore
from contracts.envelope import read
from contracts.topics import REGISTRY, REPORTING, REPORTING_BEATS, SUPPORT, SUPPORT_BEATS
from services.reporting.backup import KEPT
from services.reporting.deps import Deps
from services.reporting.fold import Counting, entry_of
from services.reporting.gauges import gauging
from services.reporting.handlers import Folding
from services.reporting.obstacles import ageing
from services.reporting.rebuild import counted
from services.reporting.reports.files import FileLimits
from services.reporting.restating import Restating
from services.reporting.routes import routes
from services.reporting.settings import Settings
from services.reporting.store import OUTBOXES

GROUP = "reporting"
_log = logging.getLogger(__name__)


async def wire(settings: Settings) -> Sequence[Part]:
    """The parts of a running service."""
    deps = dependencies(settings)
    folding = Folding(deps)
    heart = Heart(deps.store, deps.relay, deps.metrics, tells=REPORTING_BEATS)
    deps.bus.listen(
        (REGISTRY, SUPPORT, SUPPORT_BEATS),
        GROUP,
        Carried(folding, SUPPORT_BEATS, heart.heard("folded", said="said")),
        max_records=settings.kafka_max_records,
        gather_ms=settings.gather_ms,
    )
    health = Health(settings.ready_within_seconds)
    health.ready_if("store", answers(deps.store.ping))
    health.ready_if("broker", answers(deps.bus.ping))
    health.ready_if("folding", deps.bus.settled)
    health.live_if("folding", lambda: deps.bus.moving(settings.stuck_after_seconds))
    access = open_access(settings, deps.clock)
    app = application(deps, folding, access.keyring, health, settings.max_body_bytes)

    async def prepare() -> None:
        await deps.store.prepare(KEPT.indexes)
        topics = (REGISTRY, SUPPORT, SUPPORT_BEATS, REPORTING, REPORTING_BEATS)
        await deps.bus.create_topics(topics)

    async def write_cells() -> None:
        while True:
            await asyncio.sleep(settings.cells_every_seconds)
            await folding.flush()

    return [
        Part("store", start=prepare, stop=deps.store.close),
        access.part,
        deps.bus.speaking(),
        relaying(deps.relay, health, settings),
        Part("counting", start=partial(counted, deps)),
        deps.bus.hearing(),
        Part("cells", run=write_cells),
        Part("restating", run=partial(_restating, Restating(deps), settings.restate_every_seconds)),
        minding(deps.dead_letters, settings),
        gauging(deps, settings.gauges_seconds),
        ageing.minding(deps, settings.gauges_seconds),
        serving(app, settings.http_host, settings.http_port),
    ]


async def _restating(restating: Restating, every: float) -> None:
    while True:
        try:
            await restating.look()
        except StoreUnavailable as error:
            _log.warning("signed figures: could not be looked at: %s", error)
        await asyncio.sleep(every)


def application(deps: Deps, folding: Folding, keyring: Keyring, health: Health, max_body_bytes: int) -> FastAPI:
    """Everything reporting answers over HTTP."""
    app = make_app(
        "Hợp Lực: reporting",
        health=health,
        metrics=deps.metrics,
        keyring=keyring,
        max_body_bytes=max_body_bytes,
        home="/",
    )
    add(app.router, routes(deps, folding))
    return app


def dependencies(settings: Settings) -> Deps:
    """Everything from outside, not yet connected."""
    plan = load(settings.plan_folder)
    metrics = Metrics("reporting")
    store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
    bus = Bus.of(settings, metrics, "reporting")
    counting, clock = Counting(plan), clock_of(settings.clock_file)
    return Deps(
        plan=plan,
        counting=counting,
        clock=clock,
        store=store,
        bus=bus,
        relay=Relay(store, OUTBOXES, bus.publish, metrics),
        dead_letters=DeadLetters(
            store,
            metrics,
            clock,
            judge=lambda record: entry_of(read(record.value), counting),
            publish=bus.replay,
            max_replays=settings.max_replays,
        ),
        metrics=metrics,
        files=FileLimits(settings.attachments_most, settings.attachment_max_bytes, settings.max_body_bytes),
        address=settings.public_address,
    )
