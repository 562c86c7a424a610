"""Whether a figure that people read is what its events make it: the cells that pages are answered from, or the signed
consolidation, against the events' bytes.

Which events hold is taken from the ledger's columns; what they are worth, from their bytes. ``rebuild`` counts the
columns anew too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from catalogue.model import Indicator
from catalogue.windows import Calendar, Period, window
from services.reporting import store as kept
from services.reporting.deps import Deps
from services.reporting.figures import Question, buckets, values
from services.reporting.ledger import Committed
from services.reporting.past import within
from services.reporting.proofs import Sought, events_of, known_by, signed_values, trace
from services.reporting.worth import Pairs, of_rows

_ATTEMPTS = 10


@dataclass(frozen=True)
class Proof:
    """A figure as readers are told it, the same counted anew from the bytes of its events, and their number."""

    told: int
    anew: int
    events: int


async def prove_told(deps: Deps, period: Period, calendar: Calendar, indicator: Indicator) -> Proof:
    """The figure that the page and the summary of a period show, with the events that its cells have heard.

    Raises:
        ValueError: the cells were written again and again while they were read.
    """
    question = Question(window(period, calendar))
    cells, heard = await _shown(deps, question)
    told = values(deps.plan, question, cells)[indicator.code]
    return await _proof(deps, told, question, indicator, _heard_by_cells(heard))


async def prove_signed(deps: Deps, period: Period, indicator: Indicator) -> Proof | None:
    """The figure as it was signed, with the events behind the consolidation; nothing where the period is not signed, or
    was signed without this indicator."""
    frozen = await kept.consolidation_of(deps.store, period.code)
    told = signed_values(frozen).get(indicator.code) if frozen and frozen.signature else None
    if told is None:
        return None
    return await _proof(deps, told, Question(window(period, "administrative")), indicator, known_by(None, frozen))


async def _shown(deps: Deps, question: Question) -> tuple[Pairs, dict[str, int]]:
    """The cells that readers are answered from, and how many records of each partition they come of."""
    for _ in range(_ATTEMPTS):
        heard = await kept.cells_heard(deps.store, deps.counting)
        cells = await kept.read_cells(deps.store, buckets(question.window), deps.counting)
        if heard == await kept.cells_heard(deps.store, deps.counting):
            return cells, heard
    raise ValueError("the cells were written again and again while they were read: try again")


def _heard_by_cells(heard: dict[str, int]) -> Callable[[Committed], bool]:
    """Whether a batch is in the cells: readers' cells are written some time after what they come of. All of a partition
    that has no cells is wanted, so that cells which were lost are missed."""
    so_far: dict[str, int] = {}

    def wanted(committed: Committed) -> bool:
        place, batch = committed.place, committed.batch
        so_far[place] = so_far.get(place, 0) + batch.end - batch.first
        return so_far[place] <= heard.get(place, so_far[place])

    return wanted


async def _proof(
    deps: Deps, told: int, question: Question, indicator: Indicator, known: Callable[[Committed], bool]
) -> Proof:
    wanted = within(question.window, indicator)
    traced = await trace(deps, Sought(indicator, wanted, known))
    events = await events_of(deps, (source for source, _ in traced.events))
    rows = [row for event in events for row in deps.counting.rows(event) if wanted(row.key)]
    return Proof(told, of_rows(indicator, rows).value, len(events))
