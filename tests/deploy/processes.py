"""Looking at processes, and running the launcher as another program would."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from deploy.local.children import ROOT
from tests.kit.wait import until


def exists(pid: int) -> bool:
    """Whether the process is there and not just waiting for its parent to notice its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    """The processes whose parent it is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


class Launcher:
    """``python -m deploy.local up`` in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True)
        self.ready_file = folder / "ready.json"
        self.output = folder / "output"
        command = [sys.executable, "-m", "deploy.local", "up", "--ready-file", str(self.ready_file), *options]
        # Its temporary folders lie in ours, so that a test sees exactly them.
        environment = {**os.environ, "TMPDIR": str(folder)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    async def ready(self) -> dict[str, Any]:
        """What the ready file says, once it is there."""
        await until(lambda: self.ready_file.exists() or self._ended(), within=150, what="the stack is ready")
        return self.told()

    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.ready_file.read_text()))

    def scratch(self) -> list[Path]:
        """The temporary folders that there are."""
        return list(self.output.parent.glob("hop-luc-*"))

    def _ended(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        return False


@contextmanager
def launched(folder: Path, *options: str) -> Iterator[Launcher]:
    """A launcher that does not outlive the test."""
    launcher = Launcher(folder, *options)
    try:
        yield launcher
    finally:
        with suppress(ProcessLookupError):
            launcher.process.send_signal(signal.SIGKILL)
        launcher.process.wait()
