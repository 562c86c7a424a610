"""How notify keeps its rounds and what it heard of reports.

A round claims the ids of its reminders, so that no two rounds, and so no two copies of notify, ever have the same one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from chassis.store import Document, Message, Store
from services.notify.model import Restated, Round, Said

ROUNDS = "rounds"
REPORTS = "reports"
RESTATED = "restated"
COLLECTIONS = {ROUNDS: ("period",), REPORTS: (), RESTATED: ()}
OUTBOXES = (ROUNDS,)


class Kept(msgspec.Struct, frozen=True):
    """A round as it is stored, and the version it is stored at."""

    round: Round
    version: int


async def put_round(store: Store, round: Round, version: int, messages: Sequence[Message] = ()) -> Kept:
    """Write a round over the given version of it; 0 makes it.

    Raises:
        Stale: another copy of notify wrote it meanwhile.
        Taken: another round has one of its reminders.
    """
    body = msgspec.to_builtins(round)
    claims = [] if version else [reminder.id for reminder in round.reminders]  # a document keeps its claims
    stored = await store.put(ROUNDS, round.id, body, expected=version, messages=messages, claims=claims)
    return Kept(round, stored)


async def rounds(store: Store, period: str | None = None) -> list[Kept]:
    """All rounds, or those of a period."""
    where = {"period": period} if period else {}
    return [_kept(document) for document in await store.find(ROUNDS, where)]


async def keep_reports(store: Store, said: Iterable[Said]) -> None:
    """Of each report keep what the highest revision says."""
    await store.keep_newest(REPORTS, ((each.id, each.revision, msgspec.to_builtins(each)) for each in said))


async def reports(store: Store) -> dict[str, Said]:
    """What is known of each report."""
    found: dict[str, Said] = {}
    for document in await store.find(REPORTS):
        found[document.id] = _convert(document.body, Said)
    return found


async def keep_restated(store: Store, said: Iterable[Restated]) -> None:
    """Keep what was said of signed figures; the same again changes nothing."""
    await store.keep_newest(RESTATED, ((each.id, 1, msgspec.to_builtins(each)) for each in said))


async def restated(store: Store) -> list[Restated]:
    """All that was said of signed figures."""
    return [_convert(document.body, Restated) for document in await store.find(RESTATED)]


def _kept(document: Document) -> Kept:
    return Kept(_convert(document.body, Round), document.version)


def _convert(body: dict[str, Any], to: Any) -> Any:
    return msgspec.convert(body, to)
