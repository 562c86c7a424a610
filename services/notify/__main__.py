"""``python -m services.notify`` runs the service; ``… prepare`` makes its topics and indexes ahead of it;
``… resend`` lets it say all again after a broker was lost.
"""

import sys

from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.notify.settings import Settings
from services.notify.store import OUTBOXES
from services.notify.wiring import wire

sys.exit(main("notify", Settings, wire, {"prepare": preparing(wire), "resend": resending(OUTBOXES)}))
