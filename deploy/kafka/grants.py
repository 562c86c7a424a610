"""Who may do what on the cluster. What is not granted here is refused. No I/O.

An agency's system writes its own intake topic and reads its own receipts. A service writes its own topic, reads what it
hears, and makes those topics if they are missing. It also writes what it hears: a dead letter is replayed by writing
its record to the end of its own place (`chassis.deadletters`); registry has no dead letters. Who adds copies of
services while records wait only looks how far a group has come.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from contracts.topics import (
    INTAKES,
    NOTIFY,
    RECEIPTS,
    REGISTRY,
    REPORTING,
    REPORTING_BEATS,
    SUPPORT,
    SUPPORT_BEATS,
    Topic,
    intake,
    receipts,
)

Operation = Literal["read", "write", "create", "describe"]
"""Reading and writing a topic, and reading as a group, include looking at them, which is all that `describe` is."""


class Grant(NamedTuple):
    """A principal may do this with the topic or group of this name, or with all whose name begins so."""

    principal: str
    operation: Operation
    resource: Literal["topic", "group"]
    name: str
    prefixed: bool = False


@dataclass(frozen=True)
class Work:
    """What a service has to do with Kafka. Topics of agencies are written and read by two services."""

    says: tuple[Topic, ...]
    hears: tuple[Topic, ...]
    groups: tuple[str, ...]
    beats: tuple[Topic, ...] = ()  # heard as well, and never replayed
    replays: bool = True
    takes_in: bool = False
    group_is_prefix: bool = False


WORK = {
    "registry": Work((REGISTRY,), (), ("registry-intake",), replays=False, takes_in=True),
    "support": Work((SUPPORT, SUPPORT_BEATS), (REGISTRY,), ("support", "support-intake"), takes_in=True),
    "reporting": Work((REPORTING, REPORTING_BEATS), (REGISTRY, SUPPORT), ("reporting",), beats=(SUPPORT_BEATS,)),
    "notify": Work((NOTIFY,), (REPORTING,), ("notify-",), beats=(REPORTING_BEATS,), group_is_prefix=True),
}

SCALED: Mapping[str, tuple[Topic, ...]] = {name: WORK[name].hears for name in ("support", "reporting")}
"""The groups whose lag says how many copies of a service there are, and the topics that it is measured on."""


def principal_of(service: str) -> str:
    """The name a service logs in with. An agency logs in with its code."""
    return f"hop-luc-{service}"


SCALER = principal_of("keda")
"""Whom KEDA logs in as (deploy/k8s/base/scaling.yaml)."""


def grants(agencies: Iterable[str]) -> list[Grant]:
    """Everything that services, these agencies and KEDA may do."""
    services = [grant for service, work in WORK.items() for grant in _of_service(principal_of(service), work)]
    return [*services, *_of_scaler(), *(grant for agency in agencies for grant in _of_agency(agency))]


def _of_service(me: str, work: Work) -> Iterator[Grant]:
    yield from _of_topics(me, "write", (*work.says, *(work.hears if work.replays else ())))
    yield from _of_topics(me, "read", (*work.hears, *work.beats))
    yield from _of_topics(me, "create", (*work.says, *work.hears, *work.beats))
    for group in work.groups:
        yield Grant(me, "read", "group", group, work.group_is_prefix)
    if work.takes_in:
        yield from _of_intakes(me, work.replays)


def _of_topics(me: str, operation: Operation, topics: Iterable[Topic]) -> Iterator[Grant]:
    return (Grant(me, operation, "topic", topic.name) for topic in topics)


def _of_intakes(me: str, replays: bool) -> Iterator[Grant]:
    yield Grant(me, "create", "topic", INTAKES, prefixed=True)
    yield Grant(me, "read", "topic", INTAKES, prefixed=True)
    if replays:
        yield Grant(me, "write", "topic", INTAKES, prefixed=True)
    yield Grant(me, "create", "topic", RECEIPTS, prefixed=True)
    yield Grant(me, "write", "topic", RECEIPTS, prefixed=True)


def _of_scaler() -> Iterator[Grant]:
    for group in SCALED:
        yield Grant(SCALER, "describe", "group", group)
    yield from _of_topics(SCALER, "describe", dict.fromkeys(topic for topics in SCALED.values() for topic in topics))


def _of_agency(agency: str) -> Iterator[Grant]:
    yield Grant(agency, "write", "topic", intake(agency).name)
    yield Grant(agency, "read", "topic", receipts(agency).name)
    # Its system may be several programs, each with a group of its own.
    yield Grant(agency, "read", "group", f"{agency}.", prefixed=True)
