"""What of support's database is backed up, in the order of reading: held events before what they wait for."""

from chassis.backup import Kept
from chassis.deadletters import COLLECTION as LETTERS
from chassis.deadletters import INDEXES as LETTER_INDEXES
from chassis.heartbeat import COLLECTION as HEARTBEATS
from chassis.totals import COLLECTION as TOTALS
from services.support.store import BATCHES, COLLECTIONS, COOPERATIVES

KEPT = Kept(
    "support",
    {**COLLECTIONS, LETTERS: LETTER_INDEXES, HEARTBEATS: ()},
    (TOTALS, BATCHES, COOPERATIVES, LETTERS),
    derived={HEARTBEATS: "a beat is of its moment"},
)
