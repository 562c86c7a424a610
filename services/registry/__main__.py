"""``python -m services.registry`` runs the service; ``… prepare`` makes its topics and indexes ahead of it.

After a broker was lost ``… resend`` lets it say all again. ``… backup FILE`` and ``… restore FILE`` are for its
store, ``… backup-keys`` and ``… restore-keys`` for the keys; ``… recover`` takes from the log what the store
put back lacks (docs/runbooks/backup-and-restore.md).
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from chassis.backup import backing_up, restoring
from chassis.preparing import preparing
from chassis.process import main
from chassis.resending import resending
from services.registry.backup import ACCESS, KEPT
from services.registry.recovering import recover
from services.registry.settings import Settings
from services.registry.store import COLLECTION
from services.registry.wiring import wire

COMMANDS: Mapping[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "prepare": preparing(wire),
    "resend": resending([COLLECTION]),
    "backup": backing_up(KEPT),
    "restore": restoring(KEPT),
    "backup-keys": backing_up(ACCESS),
    "restore-keys": restoring(ACCESS),
    "recover": recover,
}
sys.exit(main("registry", Settings, wire, COMMANDS))
