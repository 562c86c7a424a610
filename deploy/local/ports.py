"""Free ports, and whether a process listens on one."""

import random
import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"
_LISTEN = "0A"  # include/net/tcp_states.h


def free_port() -> int:
    """A port of the loopback address that nobody listens on now. It may be taken before it is used: see `is_free`.

    It lies below the ports that systems give to outgoing connections (from 32768 or 49152): one of those could take the
    port of a service while it is being restarted.
    """
    return next(port for port in iter(_any_port, None) if is_free(port))


def is_free(port: int) -> bool:
    """Whether the port can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def listens(pid: int, port: int) -> bool:
    """Whether the process itself listens on the port.

    A connection that is accepted proves nothing: another stack may have taken the port a moment before. Outside Linux
    that is all there is to ask.
    """
    if sys.platform != "linux":
        with socket.socket() as probe:
            return probe.connect_ex((HOST, port)) == 0
    ours = {f"socket:[{inode}]" for inode in _listening(port)}
    return bool(ours) and any(_target(entry) in ours for entry in Path(f"/proc/{pid}/fd").glob("*"))


def _any_port() -> int:
    return random.randrange(15_000, 30_000)


def _listening(port: int) -> set[str]:
    """Inodes of the sockets that listen on the port, from the kernel's table (proc(5), /proc/net/tcp)."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port}


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:  # closed, or the process ended, since we listed it
        return ""
