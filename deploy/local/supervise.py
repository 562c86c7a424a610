"""Watching a running stack: the first child that dies ends it, unless services may be started again."""

import os
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from deploy.local.children import Child, ChildDied
from deploy.local.programs import SERVERS
from deploy.local.stack import Stack

_POLL = 0.25
_RESTARTS = 5
_FIRST_PAUSE = 0.5
_CALM = 60.0


class Supervisor:
    """Starts a service again that died: at most five times in a row, after pauses of 0.5, 1, 2, 4 and 8 seconds.

    A service that then runs for a minute has its five tries back. The stack ends where a restart cannot help: a server
    that dies takes its state with it, and a service that exits with EX_CONFIG waits for a person.
    """

    def __init__(self, stack: Stack, *, restart: bool, changed: Callable[[], None]) -> None:
        """`changed` is called after every restart: process ids are new."""
        self._stack = stack
        self._restart = restart
        self._changed = changed
        self._deaths: dict[str, int] = {}
        self._begun: dict[str, float] = {}

    def watch(self) -> NoReturn:
        """Watch until a child's death ends the stack.

        Raises:
            ChildDied: that death.
        """
        while True:
            for child in self._stack.dead():
                self._bury(child)
            time.sleep(_POLL)

    def _bury(self, child: Child) -> None:
        obituary = child.obituary()
        if not self._restart or child.name in SERVERS or child.exit_code == os.EX_CONFIG:
            raise ChildDied(obituary)
        pause = self._pause(child.name)
        if pause is None:
            raise ChildDied(f"{obituary}it died {_RESTARTS} times in a row and is not started again")
        sys.stderr.write(f"{obituary}{child.name} is started again in {pause:g} s\n")
        time.sleep(pause)
        self._begun[child.name] = time.monotonic()
        try:
            self._stack.restart(child.name)
        except ChildDied:
            child.kill()  # it may hang; `watch` finds it dead either way
        else:
            self._changed()

    def _pause(self, name: str) -> float | None:
        """Seconds before the next start; None when there have been enough."""
        ran = time.monotonic() - self._begun.get(name, 0.0)
        deaths = self._deaths[name] = 1 if ran > _CALM else self._deaths.get(name, 0) + 1
        return None if deaths > _RESTARTS else _FIRST_PAUSE * 2.0 ** (deaths - 1)
