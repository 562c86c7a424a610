"""Whose a connection is: the process that speaks from a port of this machine, as Linux tells it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_LOCAL, _REMOTE, _INODE = 1, 2, 9  # columns of /proc/net/tcp


def owner_of(port: int, server: int, pids: Mapping[str, int]) -> str:
    """The name of the process that is connected from a port to a server's port; "" if it is none of these."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port, server)}
    return next((name for name, pid in pids.items() if sockets & _open_files(pid)), "")


def _inodes(port: int, server: int) -> list[str]:
    rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return [row[_INODE] for row in rows if (_port(row[_LOCAL]), _port(row[_REMOTE])) == (port, server)]


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _open_files(pid: int) -> set[str]:
    """What a process has open; nothing of one that has ended."""
    files = set()
    with suppress(FileNotFoundError, ProcessLookupError):
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                files.add(str(file.readlink()))
    return files
