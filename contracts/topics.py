"""The topics: one of canonical events per service, keyed by `contracts.envelope.key_of` the subject.

Partitions bound how many copies of a consumer can share the work, and can't be lowered; order holds within a key.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A Kafka topic: name, number of partitions, and the only service that writes to it."""

    name: str
    partitions: int
    speaker: str


REGISTRY = Topic("coop.registry.v1", 4, "registry")
SUPPORT = Topic("coop.support.v1", 8, "support")
REPORTING = Topic("coop.reporting.v1", 2, "reporting")
NOTIFY = Topic("coop.notify.v1", 1, "notify")

TOPICS = (REGISTRY, SUPPORT, REPORTING, NOTIFY)
