"""What a service that hears from Kafka must be: the contract between `chassis.broker.Bus` and a listener. No I/O."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}"


class Span(NamedTuple):
    """The offsets a place holds: `first` is the oldest kept record's, `end` the one the next record will get."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """One Kafka record exactly as it lies in the log: nothing decoded, nothing checked.

    `timestamp` is the broker's or producer's, in milliseconds since the epoch: transport time, never business time.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp: int = 0

    @property
    def place(self) -> Place:
        return Place(self.topic, self.partition)


class Listener(Protocol):
    """Hears the records of the places assigned to it. The three methods never run at the same time."""

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """These places are ours from now on, and nothing is heard of them before this returns.

        Returns the offset to hear next, for places whose position the listener's own store knows; any other starts
        at the group's committed offset, or at the oldest record if there is none. Raise `Fatal` to refuse the log.
        A span is as it was before this was called: another copy may have heard more since, and the log have grown.
        """
        ...

    async def revoked(self, places: Collection[Place]) -> None:
        """These places are somebody else's now (or we stop): drop what is held in memory for them."""
        ...

    async def hear(self, records: Sequence[Record]) -> None:
        """One fetched batch, in order within each place, perhaps of several places.

        When this returns, the offsets are committed. When it raises, the whole batch comes again after a pause: it
        must be safe to hear any record more than once.
        """
        ...


class Fatal(Exception):
    """A refusal to go on: trying again cannot help, a person must act. The message says what to do about it."""


class BrokerUnavailable(Exception):
    """Kafka did not acknowledge in time. What was sent may or may not be in the log: send it again."""
