"""The papers told so far, remembered as far as the register asks for them.

A statement is never changed once it is kept, and none goes while the service runs (a backup is put back into a database
that nobody serves). So those that are remembered are all there are, exactly as long as there are as many.
"""

from collections.abc import Iterable, Mapping, Sequence

from chassis.store import Document, Store
from services.reporting import statements
from services.reporting.fold import Counting
from services.reporting.register.model import PaperTold
from services.reporting.register.tasks import told_of


class Papers:
    """What is read of the papers of one store; more than ``most`` are read anew each time."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._known: Mapping[str, PaperTold] = {}  # by the statements' ids, and in their order; never changed in place

    async def told(self, store: Store, counting: Counting) -> Sequence[PaperTold]:
        """Every event about a paper, in the order of the statements' ids. One read where all or none of them are
        remembered, else three, or four where one was kept later than another that was heard later."""
        known = self._known
        if known and not await _complete(store, known):
            newest = max(told.heard_at for told in known.values())
            known = _with(known, await statements.papers(store, since=newest), counting)
            if not await _complete(store, known):
                known = {}
        if not known:
            known = _with({}, await statements.papers(store), counting)
        self._known = known if len(known) <= self._most else {}
        return tuple(known.values())


async def _complete(store: Store, known: Mapping[str, PaperTold]) -> bool:
    return await statements.count_papers(store) == len(known)


def _with(known: Mapping[str, PaperTold], found: Iterable[Document], counting: Counting) -> Mapping[str, PaperTold]:
    new = {one.id: told_of(*statements.heard(one), counting) for one in found if one.id not in known}
    return dict(sorted({**known, **new}.items()))
