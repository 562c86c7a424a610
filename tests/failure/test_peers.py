"""Whose a connection is."""

import os
import socket
import subprocess
import sys

from deploy.local.ports import HOST
from tests.failure.peers import owner_of

_ENDED = 2**22 + 1
"""No process: Linux numbers none so high."""


def test_a_connection_belongs_to_the_process_that_opened_it() -> None:
    with socket.create_server((HOST, 0)) as server, socket.create_connection(server.getsockname()) as client:
        mine, there = client.getsockname()[1], server.getsockname()[1]
        assert owner_of(mine, there, {"ended": _ENDED, "me": os.getpid()}) == "me"


def test_another_process_and_another_server_make_it_nobodys() -> None:
    with socket.create_server((HOST, 0)) as server, socket.create_connection(server.getsockname()) as client:
        mine, there = client.getsockname()[1], server.getsockname()[1]
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
            assert owner_of(mine, there, {"other": other.pid}) == ""
            other.communicate(b"\n")
        assert owner_of(mine, there + 1, {"me": os.getpid()}) == ""
