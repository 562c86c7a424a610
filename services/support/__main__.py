"""``python -m services.support`` runs the service; ``… prepare`` makes its topics and indexes ahead of it;
``… resend`` lets it say all again after a broker was lost.
"""

import sys

from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.support.settings import Settings
from services.support.store import BATCHES
from services.support.wiring import wire

sys.exit(main("support", Settings, wire, {"prepare": preparing(wire), "resend": resending([BATCHES])}))
