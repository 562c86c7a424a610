"""The stack's data folder: temporary unless given, and never left behind, not even by a launcher that was killed.

The launcher holds a lock on its folder. The kernel lets go of the lock when the launcher ends, however it ends, so the
next launcher knows which folders are nobody's.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "hop-luc-"
_LOCK = "launcher.lock"


class FolderInUse(Exception):
    """The data folder given cannot be used; the message says why and what to do."""


class Scratch:
    """A data folder held by this process until `close`."""

    def __init__(self, given: Path | None) -> None:
        """Raises `FolderInUse` where another stack holds the given folder."""
        sweep()
        self._temporary = given is None
        if given is None:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        else:
            self.path = given.resolve()
            self.path.mkdir(parents=True, exist_ok=True)
        self._lock = _hold(self.path)

    def close(self) -> None:
        """Remove the folder if it is temporary, and let go of it."""
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def sweep() -> None:
    """Remove the temporary folders of launchers that are gone."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError, FolderInUse):
            held = _lock(lock)
            shutil.rmtree(lock.parent, ignore_errors=True)
            os.close(held)


def _hold(folder: Path) -> int:
    # Locked under another name first: a sweeper must never find the lock file unlocked.
    if (folder / _LOCK).exists():
        return _lock(folder / _LOCK)
    fresh = folder / f"{_LOCK}.{os.getpid()}"
    fresh.touch(0o600)
    held = _lock(fresh)
    fresh.rename(folder / _LOCK)
    return held


def _lock(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FolderInUse(f"{file.parent} is in use by another stack: stop it or give another folder") from None
    return descriptor
