"""The rounds this process knows: read at the start, written by it, and read again when another copy was faster."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from chassis.store import Message, Stale, Store, Taken
from contracts.kinds.notify import Stage
from services.notify import store as kept
from services.notify.model import STAGES, Round
from services.notify.store import Kept


class Book:
    """A picture of the store's rounds. It may be old; the store's versions and claims are what decides."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rounds: dict[str, Kept] = {}
        self._reminded: set[str] = set()

    async def load(self) -> None:
        """Read every round."""
        self._hold(await kept.rounds(self._store))

    @property
    def reminded(self) -> Container[str]:
        """Ids of the reminders that are in a round, whatever became of them."""
        return self._reminded

    @property
    def planned(self) -> dict[Stage, int]:
        """How many reminders of each stage are planned and neither sent nor dropped."""
        counts: dict[Stage, int] = dict.fromkeys(STAGES, 0)
        for held in self._rounds.values():
            counts[held.round.stage] += sum(reminder.state == "planned" for reminder in held.round.reminders)
        return counts

    def waiting(self, now: datetime) -> list[Kept]:
        """Rounds with something left to send, which nobody is sending now."""
        return [held for held in self._rounds.values() if held.round.open and held.round.try_at <= now]

    async def put(self, round: Round, version: int, messages: Sequence[Message] = ()) -> Kept | None:
        """Write a round over the given version of it, 0 to make it; None where another copy of notify was faster.

        Raises:
            StoreUnavailable: it may be written or not.
        """
        try:
            written = await kept.put_round(self._store, round, version, messages)
        except (Stale, Taken):
            self._hold(await kept.rounds(self._store, round.period))
            return None
        self._hold([written])
        return written

    def _hold(self, rounds: Iterable[Kept]) -> None:
        for each in rounds:
            self._rounds[each.round.id] = each
            self._reminded.update(reminder.id for reminder in each.round.reminders)
