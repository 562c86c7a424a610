"""``python -m services.notify`` runs the service; ``… prepare`` makes its topics and indexes ahead of it.

After a broker was lost ``… resend`` lets it say all again. ``… backup FILE`` and ``… restore FILE`` are for its
store (docs/runbooks/backup-and-restore.md).
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from chassis.backup import backing_up, restoring
from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.notify.backup import KEPT
from services.notify.settings import Settings
from services.notify.store import OUTBOXES
from services.notify.wiring import wire

COMMANDS: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "prepare": preparing(wire),
    "resend": resending(OUTBOXES),
    "backup": backing_up(KEPT),
    "restore": restoring(KEPT),
}
sys.exit(main("notify", Settings, wire, COMMANDS))
