"""``python -m services.support`` runs the service; ``… prepare`` makes its topics and indexes ahead of it.

After a broker was lost ``… resend`` lets it say all again. ``… backup FILE`` and ``… restore FILE`` are for its
store, ``… recover FILE`` takes from the log what the store put back lacks (docs/runbooks/backup-and-restore.md).
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from chassis.backup import backing_up, restoring
from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.support.backup import KEPT
from services.support.recovering import recover
from services.support.settings import Settings
from services.support.store import BATCHES
from services.support.wiring import wire

COMMANDS: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "prepare": preparing(wire),
    "resend": resending([BATCHES]),
    "backup": backing_up(KEPT),
    "restore": restoring(KEPT),
    "recover": recover,
}
sys.exit(main("support", Settings, wire, COMMANDS))
