"""What may not grow: how many documents are written for so many events, on the way in, out and into the ledger."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from catalogue.model import Plan
from chassis.listening import Place, Record, Span
from chassis.store import Body, Unsent
from chassis.store_memory import MemoryStore
from contracts.topics import SUPPORT
from services.reporting.handlers import Folding
from tests.services.reporting.standing import deps_on
from tests.services.support.standing import standing

PLACE = Place(SUPPORT.name, 0)
SIZES = (10, 1_000)


class Writing(MemoryStore):
    """Counts the documents that are written, by collection; `put_all` puts one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: Counter[str] = Counter()

    async def put(self, collection: str, id: str, body: Body, **options: Any) -> int:
        self.writes[collection] += 1
        return await super().put(collection, id, body, **options)

    async def keep_newest(self, collection: str, documents: Iterable[tuple[str, int, Body]]) -> None:
        given = list(documents)
        self.writes[collection] += len(given)
        await super().keep_newest(collection, given)

    async def sent(self, collection: str, items: Iterable[Unsent]) -> None:
        given = list(items)
        self.writes[f"{collection}, acknowledged"] += len(given)
        await super().sent(collection, given)


def classes(number: int) -> list[dict[str, Any]]:
    """Classes that Sở Nội vụ held in one month."""
    return [
        {
            "specversion": "1.0",
            "id": f"w-{one}",
            "source": "urn:snv",
            "type": "training.held",
            "subject": f"class-{one}",
            "time": "2021-04-05T09:00:00+07:00",
            "data": {"people": 1, "audience": "officials", "topic": "law"},
        }
        for one in range(number)
    ]


@pytest.mark.parametrize(("size", "documents"), [(10, 1), (500, 1), (1_000, 2)])
async def test_events_taken_in_are_a_document_for_each_five_hundred_and_the_relay_marks_each_once(
    plan: Plan, size: int, documents: int
) -> None:
    store = Writing()
    support = standing(plan, store)
    assert (await support.send(*classes(size)))["accepted"] == size
    assert store.writes == {"batches": documents}
    assert len(await support.events()) == size
    assert store.writes == {"batches": documents, "batches, acknowledged": documents}
    await support.http.aclose()


@pytest.mark.parametrize("size", SIZES)
async def test_a_batch_folded_is_one_document_and_its_cells_as_many_as_buckets(plan: Plan, size: int) -> None:
    support, store = standing(plan), Writing()
    await support.send(*classes(size))
    await support.events()
    folding = Folding(deps_on(plan, store))
    await folding.assigned({PLACE: Span(0, size)})
    store.writes.clear()
    await folding.hear([Record(*PLACE, number, None, one.value) for number, one in enumerate(support.said)])
    assert store.writes == {"ledger": 1}
    await folding.flush()
    assert store.writes == {"ledger": 1, "cells": 1}
    await support.http.aclose()
