"""``python -m services.notify`` runs the service; ``… resend`` lets it say all again after a broker was lost."""

import sys

from chassis.process import main
from chassis.resending import resending
from services.notify.settings import Settings
from services.notify.store import OUTBOXES
from services.notify.wiring import wire

sys.exit(main("notify", Settings, wire, {"resend": resending(OUTBOXES)}))
