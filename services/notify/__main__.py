"""``python -m services.notify`` runs the service."""

import sys

from chassis.process import main
from services.notify.settings import Settings
from services.notify.wiring import wire

sys.exit(main("notify", Settings, wire))
