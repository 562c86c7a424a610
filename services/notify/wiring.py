"""How notify is put together: the list of its parts, in the order they start."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from catalogue.load import load
from chassis.access import open_access
from chassis.auth import add
from chassis.broker import Bus
from chassis.clock import clock_of
from chassis.deadletters import DeadLetters
from chassis.health import Health, Verdict, answers
from chassis.heartbeat import Carried, Heart
from chassis.http import make_app, serving
from chassis.letters import minding
from chassis.metrics import Metrics
from chassis.outbox import Relay, relaying
from chassis.process import Part
from chassis.store_mongo import MongoStore
from contracts.envelope import read
from contracts.topics import NOTIFY, REPORTING, REPORTING_BEATS
from services.notify.backup import KEPT
from services.notify.contacts import load_contacts
from services.notify.deps import Deps
from services.notify.fold import heard_of
from services.notify.handlers import ReportListener
from services.notify.letters import Letterhead
from services.notify.looking import Looking
from services.notify.model import Rules
from services.notify.post import SmtpPost
from services.notify.routes import routes
from services.notify.settings import Settings
from services.notify.store import OUTBOXES


async def wire(settings: Settings) -> Sequence[Part]:
    """The parts of a running service."""
    metrics = Metrics("notify")
    bus = Bus.of(settings, metrics, "notify")
    deps = dependencies(settings, bus, metrics)
    listener = ReportListener(deps)
    looking = Looking(deps, listener, timedelta(seconds=settings.look_every_seconds))
    heart = Heart(deps.store, deps.relay, metrics)
    # A group of its own for each copy and each start: every one hears every report.
    bus.listen(
        (REPORTING, REPORTING_BEATS),
        f"notify-{uuid4().hex[:8]}",
        Carried(listener, REPORTING_BEATS, heart.heard("heard", said="passed-on"), only_new=True),
        max_records=settings.kafka_max_records,
        name="notify",
    )
    health = Health(settings.ready_within_seconds)
    health.ready_if("store", answers(deps.store.ping))
    health.ready_if("broker", answers(bus.ping))
    health.ready_if("reports", lambda: Verdict(listener.caught_up.is_set(), "heard which reports are in"))
    health.live_if("hearing", lambda: bus.moving(settings.stuck_after_seconds))
    health.live_if("looking", looking.pulse.within(settings.stuck_after_seconds))
    access = open_access(settings, deps.clock)
    app = make_app(
        "Hợp Lực: notify",
        health=health,
        metrics=metrics,
        keyring=access.keyring,
        max_body_bytes=settings.max_body_bytes,
    )
    add(app.router, routes(deps, looking))

    async def prepare() -> None:
        await deps.store.prepare(KEPT.indexes)
        await bus.create_topics((REPORTING, REPORTING_BEATS, NOTIFY))
        await listener.load()
        await looking.load()

    return [
        Part("store", start=prepare, stop=deps.store.close),
        access.part,
        bus.speaking(),
        relaying(deps.relay, health, settings),
        bus.hearing(),
        Part("looking", run=looking.run, stop=looking.stop),
        minding(deps.dead_letters, settings),
        serving(app, settings.http_host, settings.http_port),
    ]


def dependencies(settings: Settings, bus: Bus, metrics: Metrics) -> Deps:
    """Everything from outside, not yet connected."""
    store = MongoStore.open(settings.mongodb_uri, settings.mongodb_database, settings.store_driver)
    clock = clock_of(settings.clock_file)
    return Deps(
        plan=load(settings.plan_folder),
        rules=Rules(
            opens_at=settings.reminders_open_at,
            leave_after=timedelta(days=settings.leave_after_days),
            in_use_since=settings.in_use_since or date.min,
            lease=timedelta(seconds=settings.lease_seconds),
        ),
        head=Letterhead(sender=settings.mail_sender, domain=settings.mail_domain, submit_url=settings.submit_url),
        contacts=load_contacts(settings.contacts_file),
        clock=clock,
        store=store,
        relay=Relay(store, OUTBOXES, bus.publish, metrics),
        post=SmtpPost(
            settings.smtp_host,
            settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            timeout=settings.smtp_timeout_seconds,
        ),
        dead_letters=DeadLetters(
            store,
            metrics,
            clock,
            judge=lambda record: heard_of(read(record.value)),
            publish=bus.replay,
            max_replays=settings.max_replays,
        ),
        metrics=metrics,
    )
