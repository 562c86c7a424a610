"""``python -m services.registry`` runs the service; ``… prepare`` makes its topics and indexes ahead of it;
``… resend`` lets it say all again after a broker was lost.
"""

import sys

from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.registry.settings import Settings
from services.registry.store import COLLECTION
from services.registry.wiring import wire

sys.exit(main("registry", Settings, wire, {"prepare": preparing(wire), "resend": resending([COLLECTION])}))
