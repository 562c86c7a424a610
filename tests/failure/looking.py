"""Looking at what stands when a run has come to rest: through the services' answers, and at the log itself."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from catalogue.load import load
from contracts.topics import REGISTRY, SUPPORT, Topic
from deploy.local.stack import PLAN_FOLDER, Stack
from services.notify.decide import PERHAPS_SENT
from tests.failure.agencies import Desk
from tests.failure.evidence import PERHAPS, Evidence, Standing
from tests.kit.wait import until

SIGNED, TOLD = "2021-Q1", ("2021-Q2", "2021-H1")
"""The period that is signed before the traffic, and those whose reports are awaited while it lasts."""
_WITHIN = 240.0
_DEPTH = re.compile(r"^hopluc_outbox_depth\{[^}]*\} ([0-9.]+)$", re.MULTILINE)


def duties() -> dict[str, list[str]]:
    """Who owes a report, by period."""
    plan = load(PLAN_FOLDER)
    return {period: [one.agency for one in plan.duties_for(period) if one.role == "report"] for period in TOLD}


async def folded(desk: Desk, events: int) -> None:
    """Until the ledger has so many events and all of the log, each partition at one copy."""

    async def whole() -> bool:
        told = await _ledger(desk)
        return (
            told["partitions"] == REGISTRY.partitions + SUPPORT.partitions
            and told["events"] >= events
            and not told["lag"]
        )

    await until(whole, within=_WITHIN, what=f"{events} events are folded")


async def _ledger(desk: Desk) -> Counter[str]:
    """What the copies hold between them."""
    sums = Counter[str]()
    for one in await desk.get_of_each("reporting", "/v1/ledger"):
        sums["partitions"] += len(one["partitions"])
        sums.update({name: one[name] for name in ("events", "duplicates", "lag")})
    return sums


async def figures(desk: Desk, period: str, field: str = "value") -> dict[str, int]:
    """Every indicator's value of a period, or its signed value. Whoever is asked first writes down what he has folded,
    so the last one that is asked tells of all of it."""
    summary = (await desk.get_of_each("reporting", f"/v1/periods/{period}/summary"))[-1]
    return {one["code"]: one[field] for task in summary["tasks"] for one in task["indicators"]}


async def standing(
    desk: Desk, stack: Stack, evidence: Evidence, before: tuple[Mapping[str, int], Mapping[str, Any]]
) -> Standing:
    """What stands; `before` is what the first quarter's signed figures and consolidation were when it was signed."""
    said = await _records(stack, SUPPORT)
    registered = await _records(stack, REGISTRY)
    notified = await desk.get("notify", "/v1/notifications?limit=1000")
    assert notified["next"] is None, "one page holds them all"
    reported = {(one.agency, one.period) for one in evidence.reports}
    owing = {(agency, period) for period, agencies in duties().items() for agency in agencies} - reported
    return Standing(
        published=Counter(f"{one['agency']} {one['id']}" for one in said),
        registered=Counter(one["subject"].partition("/")[0] for one in registered),
        ledger=await _ledger(desk),
        figures={period: await figures(desk, period) for period in (SIGNED, TOLD[0])},
        signed=await figures(desk, SIGNED, "signed"),
        signed_before=before[0],
        consolidation=await desk.get("reporting", f"/v1/periods/{SIGNED}/consolidation"),
        consolidation_before=before[1],
        reports={one: await _versions(desk, *one) for one in reported},
        reminders={_name(one): _state(one) for one in notified["notifications"] if one["stage"] != "restated"},
        letters=letters(stack),
        owing=frozenset(f"{agency}.{period}.overdue" for agency, period in owing),
        outboxes={process: await waiting(url) for process, url in stack.addresses.items()},
    )


def letters(stack: Stack) -> Counter[str]:
    """How often each reminder arrived, by its Message-ID's left part. News of restated figures has no end at which all
    of it is there, since a later look may note more: of that only what came twice is told."""
    arrived = Counter(letter["Message-ID"].strip("<").partition("@")[0] for letter in stack.inbox.letters())
    return Counter({name: times for name, times in arrived.items() if ".restated-" not in name or times > 1})


async def waiting(url: str) -> int:
    """How many messages are not said yet, by a process's metrics."""
    async with httpx.AsyncClient(timeout=10) as http:
        told = (await http.get(f"{url}/metrics")).text
    return int(sum(float(depth) for depth in _DEPTH.findall(told)))


async def _versions(desk: Desk, agency: str, period: str) -> dict[int, str | None]:
    told = await desk.get("reporting", f"/v1/reports/{agency}/{period}")
    return {one["version"]: one["document"] for one in told["versions"]}


def _name(reminder: Mapping[str, str]) -> str:
    return reminder["id"].replace("/", ".")


def _state(reminder: Mapping[str, str]) -> str:
    return PERHAPS if PERHAPS_SENT in reminder["problem"] else reminder["state"]


async def _records(stack: Stack, topic: Topic) -> Iterable[dict[str, Any]]:
    """Everything that lies on a topic, read to its end by a client of its own."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        read: list[dict[str, Any]] = []
        while found := await consumer.getmany(timeout_ms=3_000, max_records=5_000):
            read += [msgspec.json.decode(one.value) for records in found.values() for one in records]
        return read
    finally:
        await consumer.stop()
