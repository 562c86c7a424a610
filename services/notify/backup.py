"""What of notify's database is backed up."""

from chassis.backup import Kept
from chassis.deadletters import COLLECTION as LETTERS
from chassis.deadletters import INDEXES as LETTER_INDEXES
from services.notify.store import COLLECTIONS, REPORTS, RESTATED, ROUNDS

KEPT = Kept("notify", {**COLLECTIONS, LETTERS: LETTER_INDEXES}, (ROUNDS, REPORTS, RESTATED, LETTERS))
