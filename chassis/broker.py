"""The bus: everything that is said and heard goes through here. A FastStream `KafkaBroker` inside."""

from collections.abc import Iterable, Sequence

from chassis.listening import BrokerUnavailable, Fatal, Listener, Place, Record, Span
from chassis.metrics import Metrics
from chassis.store import Message
from contracts.topics import Topic

__all__ = ["BrokerUnavailable", "Bus", "Fatal", "Listener", "Place", "Record", "Span"]


class Bus:
    """One process's connection to Kafka: `listen` first, then `start`, then `publish`; `failed` while it runs."""

    def __init__(
        self, bootstrap: str, metrics: Metrics, *, idempotence: bool = True, client_id: str = "hop-luc"
    ) -> None:
        raise NotImplementedError

    async def create_topics(self, topics: Iterable[Topic], *, replication: int = -1) -> None:
        """Make the topics that are not there yet."""
        raise NotImplementedError

    def listen(self, topics: Sequence[Topic], group: str, listener: Listener, *, max_records: int = 2000) -> None:
        """Let `listener` hear the topics as a member of the consumer group `group`."""
        raise NotImplementedError

    async def start(self) -> None:
        """Connect the producer and start every subscription."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop hearing, then stop speaking."""
        raise NotImplementedError

    async def publish(self, messages: Sequence[Message]) -> None:
        """Send the messages in order per key; returns when every one is acknowledged.

        Raises:
            BrokerUnavailable: at least one was not; send all of them again.
        """
        raise NotImplementedError

    async def failed(self) -> None:
        """Wait until a listener has failed for good, then raise its error."""
        raise NotImplementedError

    async def span(self, place: Place) -> Span:
        """The offsets the place holds now."""
        raise NotImplementedError
