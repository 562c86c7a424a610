"""What of registry's databases is backed up: the register, and the keys, which only registry makes."""

from chassis.backup import Kept
from chassis.keys import COLLECTIONS as KEY_COLLECTIONS
from chassis.keys import KEYS, USES
from chassis.totals import COLLECTION as TOTALS
from services.registry.store import COLLECTION, COLLECTIONS

# Merging and dividing move steps from one cooperative's document to another's.
KEPT = Kept("registry", COLLECTIONS, (TOTALS, COLLECTION), settled=frozenset({COLLECTION}))

# Replacing a key makes one and ends another.
ACCESS = Kept(
    "access",
    KEY_COLLECTIONS,
    (KEYS, USES),
    settled=frozenset({KEYS}),
    database=lambda settings: settings.access_database,
)
