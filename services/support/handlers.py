"""What support does when it hears registry: remember which cooperatives there are."""

from collections.abc import Collection, Mapping, Sequence

from chassis.listening import Place, Record, Span
from contracts.envelope import Malformed, read
from contracts.kinds.registry import CooperativeFact
from services.support import store as kept
from services.support.deps import Deps
from services.support.fold import newest

GROUP = "support"


class Remembering:
    """The listener on registry's topic. It keeps no state: the newest of each cooperative is decided by the store."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def assigned(self, spans: Mapping[Place, Span]) -> Mapping[Place, int]:
        """Go on where the group has committed: hearing something again changes nothing."""
        return {}

    async def revoked(self, places: Collection[Place]) -> None:
        """Nothing is held."""

    async def hear(self, records: Sequence[Record]) -> None:
        """Remember what is told; put aside what is not an event of a cooperative's life."""
        facts: list[CooperativeFact] = []
        for record in records:
            try:
                facts.append(_fact(record.value))
            except Malformed as error:
                await self._deps.dead_letters.put(record, str(error), self._deps.clock.now())
        if facts:
            await kept.remember(self._deps.store, newest(facts).values())


def _fact(value: bytes) -> CooperativeFact:
    event = read(value)
    if not isinstance(event.data, CooperativeFact):
        raise Malformed("/type", f"`{event.kind.name}` không phải sự kiện của sổ đăng ký")
    return event.data
