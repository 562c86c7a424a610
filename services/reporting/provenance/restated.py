"""What changed a signed period since, as people read it: figure by figure, event by event. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.envelope import Event
from services.reporting.past import Change, Restated
from services.reporting.proof_views import ChangeView, change_view, name_of
from services.reporting.worth import Worth, of_rows


class Told(NamedTuple):
    """A change of one figure."""

    of: Restated
    change: Change


@dataclass(frozen=True)
class Line:
    """An event that changed a figure: what its fact was worth of it before, and since."""

    change: ChangeView
    before: Worth
    after: Worth


def told(restated: Sequence[Restated]) -> list[Told]:
    """Every change of every figure, in the order in which a page lists them: by figure, then as they were heard."""
    return [
        Told(one, change)
        for one in restated
        for change in sorted(one.changes, key=lambda change: (change.source.heard_at, name_of(change)))
    ]


def lines(page: Sequence[Told], events: Mapping[str, Event]) -> Iterator[tuple[Restated, list[Line]]]:
    """The changes of a page by figure; ``events`` are those that made them, by `name_of`."""
    found: dict[str, tuple[Restated, list[Line]]] = {}
    for of, change in page:
        counted = {part.code for part in of.indicator.counted}
        view = change_view(change, counted, events.get(name_of(change)))
        before, after = (
            of_rows(of.indicator, [row for row in rows if row.indicator in counted])
            for rows in (change.removed, change.added)
        )
        found.setdefault(of.indicator.code, (of, []))[1].append(Line(view, before, after))
    yield from found.values()
