"""What each service backs up is all that it keeps, read in an order in which nothing knows of what is missing."""

import pytest

from chassis.backup import Kept
from chassis.deadletters import COLLECTION as LETTERS
from services.notify.backup import KEPT as NOTIFY
from services.registry.backup import ACCESS
from services.registry.backup import KEPT as REGISTRY
from services.reporting.backup import KEPT as REPORTING
from services.support.backup import KEPT as SUPPORT


@pytest.mark.parametrize("kept", [REGISTRY, ACCESS, SUPPORT, REPORTING, NOTIFY], ids=lambda kept: kept.owner)
def test_every_collection_is_backed_up_or_made_anew(kept: Kept) -> None:
    assert set(kept.collections) | set(kept.derived) == set(kept.indexes)
    assert not set(kept.collections) & set(kept.derived)
    assert kept.settled <= set(kept.collections)


@pytest.mark.parametrize(
    ("kept", "refers", "referred"),
    [
        (REPORTING, "restated", "consolidations"),  # what changed since a signature
        (REPORTING, "consolidations", "reports"),  # a consolidation freezes reports
        (REPORTING, "consolidations", "ledger"),  # and names positions of the ledger
        (REPORTING, "obstacles", "statements"),  # what is done about an obstacle that was raised
        (REPORTING, "reports", "old_reports"),  # what a report replaces is kept before it
        (REPORTING, "reports", "attachments"),  # and so are its files
        (REPORTING, "ledger", "statements"),  # what is shown by itself is kept before the ledger takes its batch
        (REPORTING, "countings", "ledger"),  # an approved count names positions
        (REPORTING, "countings", "recounted"),  # and promises the rows that were counted anew
        (REPORTING, "logs", "ledger"),  # a batch is of an epoch that its partition has begun
        (REPORTING, "ledger", LETTERS),  # a batch passes by what lies in the dead letters
        (SUPPORT, "batches", "cooperatives"),  # what waits may be found told, never told what waits no more
        (SUPPORT, "totals", "batches"),  # totals are compared with what is kept
    ],
)
def test_what_refers_is_read_before_what_it_refers_to(kept: Kept, refers: str, referred: str) -> None:
    assert kept.collections.index(refers) < kept.collections.index(referred)
