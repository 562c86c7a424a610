"""The events behind a figure told one after the other: none is kept in memory but where corrections stand. Pure."""

from services.reporting.ledger import Committed
from services.reporting.model import Row
from services.reporting.past import Change, Source, Wanted, changes


class Corrected:
    """A first walk along the ledger takes note of the figure's facts that were stated more than once, and of which
    statement holds. On a second one, over the same batches, each batch tells its events that hold."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._holds: dict[str, tuple[str, int]] = {}

    def take(self, committed: Committed) -> None:
        """Walk along one batch for the first time."""
        for change in changes(committed):
            fact = change.source.entry.fact
            if fact in self._holds or any(self._wanted(row.key) for row in change.removed):
                self._holds[fact] = _place(change)

    def events(self, committed: Committed) -> list[tuple[Source, list[Row]]]:
        """The events of one batch that hold and have wanted rows, each with these."""
        return [
            (change.source, rows)
            for change in changes(committed)
            if self._holds.get(change.source.entry.fact, _place(change)) == _place(change)
            and (rows := [row for row in change.added if self._wanted(row.key)])
        ]


def _place(change: Change) -> tuple[str, int]:
    return change.source.batch, change.source.number
