"""One node as a program of the launcher: its files, and the command that runs it."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from deploy.kafka import jars
from deploy.kafka.accounts import Accounts, write_secret
from deploy.kafka.config import Node, formatting, properties, running, written
from deploy.local.children import Program

# Java's argument files keep the passwords out of what everybody can see of a process. The node becomes the shell's
# process, so that it is the launcher's child.
_SCRIPT = 'test -e "$1/meta.properties" || "$0" "@$2" >/dev/null || exit; exec "$0" "@$3"'


def program(node: Node, nodes: Sequence[Node], accounts: Accounts | None = None) -> Program:
    """The node, whose empty log is made if there is none. Raises `jars.Missing`."""
    java, classpath = jars.java(), jars.classpath()
    node.folder.mkdir(parents=True, exist_ok=True)
    file, format_, run = (node.folder / name for name in ("server.properties", "format.args", "run.args"))
    file.write_text(written(properties(node, nodes, accounts.papers if accounts else None)))
    write_secret(format_, formatting(classpath, file, accounts.passwords if accounts else {}))
    run.write_text(running(classpath, file))
    return Program(("sh", "-c", _SCRIPT, java, str(node.data), str(format_), str(run)), os.environ)


@cache
def alone(port: int, folder: Path, told: int = 0) -> Program:
    """A single node that trusts everybody, in the place of the embedded broker."""
    node = Node(1, port, folder, told)
    return program(node, (node,))
