"""One child process of the stack: started, asked whether it is ready, stopped for certain."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local import child
from deploy.local.ports import HOST, free_port, is_free, listens

ROOT = Path(__file__).parents[2]
_POLL = 0.05
_TRIES = 3


@dataclass(frozen=True)
class Program:
    """What to run on a port. `ready_path` is the HTTP path that answers 200 once ready; empty: to listen is enough."""

    command: Sequence[str]
    environment: Mapping[str, str]
    ready_path: str = ""


class ChildDied(Exception):
    """A child ended that should not have, or did not become ready; the message ends with its log's last lines."""


class Child:
    """A program under a name, with one port for its whole life, whose output goes to a log file.

    Start it from the main thread: its life is tied to the thread's (see `deploy.local.child`).
    """

    def __init__(self, name: str, program: Callable[[int], Program], log: Path) -> None:
        self.name = name
        self.log = log
        self.port = 0
        self.wanted = False
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    @property
    def pid(self) -> int:
        """The process's id; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number if a signal ended it."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the program; it is not ready yet."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{self.name} must be started from the main thread: it dies with the thread")
        self.port = self.port or free_port()
        program = self._program(self.port)
        shim = [sys.executable, "-IS", child.__file__, str(os.getpid())]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*shim, *program.command],
                cwd=ROOT,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self.wanted = True
        self._begun = time.monotonic()

    def await_ready(self, within: float) -> None:
        """Wait until it is ready, at most so many seconds.

        A port that was taken between choosing and using it costs another try on another port.

        Raises:
            ChildDied: it ended, or took too long.
        """
        tries = 1
        while not self.is_ready():
            if not self.alive:
                if tries == _TRIES or is_free(self.port):
                    raise ChildDied(self.obituary())
                tries, self.port = tries + 1, 0
                self.start()
            elif time.monotonic() - self._begun > within:
                raise ChildDied(f"{self.name} (pid {self.pid}) is not ready after {within:.0f} s{self._last_lines()}")
            time.sleep(_POLL)

    def is_ready(self) -> bool:
        """Whether it runs, listens on its port, and says it is ready where it can say so."""
        if not self.alive or not listens(self.pid, self.port):
            return False
        path = self._program(self.port).ready_path
        return not path or _answers(self.port, path)

    def ask_to_end(self) -> None:
        self.wanted = False
        self._signal(signal.SIGTERM)

    def end(self, within: float) -> None:
        """Wait until it has ended; after so many seconds it is killed."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def kill(self) -> None:
        """kill -9, and see it gone."""
        self.end(within=0)

    def obituary(self) -> str:
        """How it ended, for people."""
        code = self.exit_code
        how = f"was killed by {signal.Signals(-code).name}" if code and code < 0 else f"ended with exit code {code}"
        return f"{self.name} (pid {self.pid}) {how}{self._last_lines()}"

    def _signal(self, number: signal.Signals) -> None:
        """To the whole process group, while its id is certainly still ours: until its leader is reaped."""
        if self._process is not None and self.alive:
            os.killpg(self._process.pid, number)

    def _last_lines(self, count: int = 25) -> str:
        with self.log.open(errors="replace") as log:
            lines = deque(log, maxlen=count)
        return f"; the last lines of {self.log}:\n" + "".join(f"  | {line.rstrip()}\n" for line in lines)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
