"""The topics: one of canonical events per service, keyed by `contracts.envelope.key_of` the subject; and for each
agency one that its own system writes to, and one with the receipts; and two on which only heartbeats travel.

Partitions bound how many copies of a consumer can share the work, and can't be lowered; order holds within a key.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A Kafka topic: name, number of partitions, and the only service (or agency) that writes to it."""

    name: str
    partitions: int
    speaker: str


REGISTRY = Topic("coop.registry.v1", 4, "registry")
SUPPORT = Topic("coop.support.v1", 8, "support")
REPORTING = Topic("coop.reporting.v1", 2, "reporting")
NOTIFY = Topic("coop.notify.v1", 1, "notify")

SUPPORT_BEATS = Topic("coop.support.beat.v1", 1, "support")
REPORTING_BEATS = Topic("coop.reporting.beat.v1", 1, "reporting")
"""Heartbeats, which are no events (`contracts.heartbeat`): from support to reporting, from reporting to notify."""

TOPICS = (REGISTRY, SUPPORT, REPORTING, NOTIFY)

INTAKES, RECEIPTS = "intake.", "receipts."
"""How the names of agencies' topics begin, and no other's."""


def intake(agency: str) -> Topic:
    """What an agency's system says. The broker's ACL lets only that system write, so the topic proves the speaker."""
    return Topic(f"{INTAKES}{agency}.v1", 1, agency)


def receipts(agency: str) -> Topic:
    """What became of each record of the agency's intake topic; for that agency's system to read."""
    return Topic(f"{RECEIPTS}{agency}.v1", 1, SUPPORT.speaker)


def is_intake(topic: str) -> bool:
    """Whether an agency's system writes to it."""
    return topic.startswith(INTAKES)


def agency_of(topic: str) -> str:
    """Whose intake topic it is."""
    return topic.removeprefix(INTAKES).removesuffix(".v1")
