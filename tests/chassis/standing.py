"""What the chassis' tests stand on: a listener that remembers, and a consumer that behaves as badly as aiokafka's."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from aiokafka import TopicPartition

from chassis.fetched import Batch, Patience
from chassis.hearing import Hearing
from chassis.listening import Place, Record, Span
from chassis.metrics import Metrics
from tests.kit.wait import until


class Memory:
    """A listener that writes down what happens, and fails when it is told to."""

    def __init__(self, told: Mapping[Place, int] | None = None) -> None:
        self.told = told or {}
        self.held: dict[Place, Span] = {}
        self.heard: list[Record] = []
        self.attempts: list[Sequence[Record]] = []
        self.errors: list[BaseException] = []
        self.refusals: list[Exception] = []

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        if self.refusals:
            raise self.refusals.pop(0)
        self.held.update(spans)
        return {place: offset for place, offset in self.told.items() if place in spans}

    async def revoked(self, places: Collection[Place]) -> None:
        for place in places:
            del self.held[place]

    async def hear(self, records: Sequence[Record]) -> None:
        await asyncio.sleep(0)
        self.attempts.append(records)
        if self.errors:
            raise self.errors.pop(0)
        self.heard.extend(records)

    def values(self) -> list[bytes]:
        return [record.value for record in self.heard]

    def offsets(self, place: Place) -> list[int]:
        return [record.offset for record in self.heard if record.place == place]


class Startled(Memory):
    """Fails at every batch in which a place comes for the first time, whichever places a fetch brings together."""

    def __init__(self) -> None:
        super().__init__()
        self.met: set[Place] = set()
        self.failures = 0

    async def hear(self, records: Sequence[Record]) -> None:
        if new := {record.place for record in records} - self.met:
            self.met |= new
            self.failures += 1
            raise ValueError(f"{new}")
        await super().hear(records)


class Log:
    """The broker, the client and what the client asks of it: places with so many records each."""

    def __init__(self, **ends: int) -> None:
        self.ends = {Place("t", int(name[1:])): end for name, end in ends.items()}
        self.position: dict[Place, int] = {}
        self.kept: dict[Place, int] = {}
        self.paused: set[Place] = set()
        self.high: dict[Place, int] = {}
        self.commit_error: Exception | None = None
        self.holes: set[int] = set()
        self.written = 0
        """When every record was written, milliseconds since 1970; 0 where the log does not say."""

    def seek(self, at: TopicPartition, offset: int) -> None:
        self.position[Place(*at)] = offset

    def pause(self, *at: TopicPartition) -> None:
        self.paused |= {Place(*place) for place in at}

    def resume(self, *at: TopicPartition) -> None:
        self.paused -= {Place(*place) for place in at}

    def highwater(self, at: TopicPartition) -> int | None:
        return self.high.get(Place(*at))

    async def committed(self, at: TopicPartition) -> int | None:
        return self.kept.get(Place(*at))

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if self.commit_error is not None:
            raise self.commit_error
        self.kept.update({Place(*at): offset for at, offset in offsets.items()})

    async def spans(self, places: Collection[Place]) -> Mapping[Place, Span]:
        return {place: Span(0, self.ends[place]) for place in places}

    async def listed_ends(self, places: Collection[Place]) -> Mapping[Place, int]:
        return {place: self.ends[place] for place in places}

    async def next_at(self, place: Place, offset: int) -> int:
        return next(at for at in range(offset, self.ends[place]) if at not in self.holes)

    def fetch(self, most: int = 1000) -> list[Record]:
        """What the client hands over; its position is past it at once."""
        fetched: list[Record] = []
        for place in sorted(self.position.keys() - self.paused):
            offsets = range(self.position[place], min(self.ends[place], self.position[place] + most))
            fetched += [
                Record(*place, offset, None, b"", timestamp=self.written)
                for offset in offsets
                if offset not in self.holes
            ]
            self.position[place] = max(self.position[place], offsets.stop)
        return fetched


class House:
    """A hearing on a log, with its listener and what it failed of."""

    def __init__(self, log: Log, listener: Memory, patience: Patience) -> None:
        self.log, self.listener = log, listener
        self.failures: list[Exception] = []
        self.metrics = Metrics("test")
        self.hearing = Hearing("g", listener, log, self.failures.append, self.metrics, patience)  # type: ignore[arg-type]
        self.hearing.consumer = lambda: log

    async def assign(self, *places: Place) -> None:
        await self.hearing.on_partitions_assigned({TopicPartition(*place) for place in places})

    async def revoke(self) -> None:
        await self.hearing.on_partitions_revoked(set())
        self.log.position.clear()

    async def turn(self, most: int = 1000) -> None:
        """Once round the fetching loop."""
        if records := self.log.fetch(most):
            await self.hearing.hear(Batch(self.hearing.term, records))

    def settled(self) -> bool:
        return self.hearing.settled().well


def house(log: Log, listener: Memory | None = None, failures: int = 3) -> House:
    return House(log, listener or Memory(), Patience(failures, first=0.001, longest=0.002))


async def settled(log: Log, listener: Memory | None = None, failures: int = 3) -> House:
    made = house(log, listener, failures)
    await made.assign(*log.ends)
    await until(made.settled)
    return made
