"""A small file system of its own for the store, which can be filled up: a tmpfs in a namespace of this process.

Nobody has to be root where the kernel lets anybody make namespaces. Nothing is left behind: the mount goes with the
last process that sees it.
"""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

_INSIDE = "HOP_LUC_OWN_MOUNTS"
_MEGABYTE = 1 << 20
_SIZE = 768 * _MEGABYTE
_LEFT = 64 * 1024
_TRIES = 20
_WAYS = (("--mount",), ("--user", "--map-root-user", "--mount"))


def step_inside() -> None:
    """Become the same command within mounts of its own, where that is possible; returns where it is not, or is done."""
    if os.environ.get(_INSIDE) or not (unshare := shutil.which("unshare")):
        return
    for way in _WAYS:
        if subprocess.run([unshare, *way, "true"], capture_output=True, check=False).returncode == 0:
            _become([unshare, *way, "--propagation", "private", sys.executable, "-m", "tests.failure", *sys.argv[1:]])


def _become(command: list[str]) -> NoReturn:
    os.environ[_INSIDE] = "1"
    os.execv(command[0], command)  # noqa: S606 - becoming it is the point


class Disk:
    """The store's folder; `limited` says whether it is a file system of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._filler = folder / "filler"
        self.limited = bool(os.environ.get(_INSIDE)) and self._mount(folder)

    def fill(self) -> None:
        """Leave next to nothing free; the store may be taking some of it meanwhile."""
        with self._filler.open("wb") as file:
            for _ in range(_TRIES):
                state = os.statvfs(self._folder)
                free = state.f_bavail * state.f_frsize
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, max(1, free - _LEFT))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                else:
                    return

    def free(self) -> None:
        """Take away what fills it."""
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file system, so that its folder can be removed."""
        if self.limited:
            subprocess.run(["umount", "--lazy", str(self._folder)], capture_output=True, check=False)

    @staticmethod
    def _mount(folder: Path) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
