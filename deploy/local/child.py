"""Becomes another program, which the kernel kills as soon as the launcher is gone (Linux only).

Run as a file, before the program: ``python -IS child.py LAUNCHER_PID PROGRAM ARGUMENT...``. It is its own step because
only the child itself can ask for this, and code run between fork and exec of a threaded parent may deadlock.

The kernel watches the *thread* that started the child, so children must be started from the launcher's main thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with(launcher: int) -> None:
    """Ask the kernel to kill this process when its parent ends; end at once if the parent is no longer the launcher."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != launcher:
        sys.exit("the launcher ended before its child began")


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - becoming the program is the point
