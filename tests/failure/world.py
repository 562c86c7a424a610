"""Everything of a run that can fail: stack, cluster, connections, disk, clocks; and who starts again what ended."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.kafka.cluster import Cluster
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack
from tests.failure.clocks import Clocks
from tests.failure.disk import Disk
from tests.failure.peers import owner_of
from tests.failure.proxy import Link
from tests.failure.schedule import COPIES, PROCESSES, Broker

NODES = 3
_LOOK = 0.2
_SESSION_MS = "4000"  # shorter than some of the faults, so that a group gives up a member that comes back


class Broken(Exception):
    """The system did what it never may; the message says what."""


@dataclass
class World:
    """A running stack behind links; `links` are by ``broker`` (of a cluster ``broker-1`` to ``-3``) and ``store``."""

    stack: Stack
    cluster: Cluster | None
    links: dict[str, Link]
    clocks: Clocks
    disk: Disk
    endings: Counter[str] = field(default_factory=Counter)
    """How often a child ended by itself, by name and exit code."""

    def links_to(self, server: str) -> list[Link]:
        return [link for name, link in self.links.items() if name.partition("-")[0] == server]

    async def supervise(self) -> None:
        """Start again what ended by itself, as its supervisor would, but not what waits for a person.

        Raises:
            Broken: a service ended with EX_CONFIG, or a server without whose memory nothing can be proved.
        """
        while True:
            for child in self.stack.dead():
                self.endings[f"{child.name}: exit code {child.exit_code}"] += 1
                if child.exit_code == os.EX_CONFIG or child.name in ("broker", "smtp"):
                    raise Broken(child.obituary())
                self.stack.restart(child.name, wait=False)
            if self.cluster and (dead := self.cluster.dead()):
                raise Broken(dead[0].obituary())
            await asyncio.sleep(_LOOK)


@contextmanager
def running(broker: Broker, folder: Path) -> Iterator[World]:
    """A stack whose every connection to broker and store goes through a link."""
    with ExitStack() as open_:
        names = ["store", *(_nodes() if broker == "cluster" else ["broker"])]
        links = {name: open_.enter_context(Link()) for name in names}
        os.environ["BROKER"] = "embedded" if broker == "embedded" else "apache"
        cluster = _cluster(links, folder, open_) if broker == "cluster" else None
        disk, clocks = Disk(folder / "stack" / "store"), Clocks(folder)
        open_.callback(disk.close)
        stack = Stack(
            data_dir=folder / "stack",
            copies=COPIES,
            environment={"KAFKA_SESSION_TIMEOUT_MS": _SESSION_MS},
            own={service: {"CLOCK_FILE": str(clocks.file_of(service))} for service in SERVICES},
            fronts={name: link.port for name, link in links.items() if name in ("broker", "store")},
        )
        for name in links.keys() & {"broker", "store"}:
            links[name].upstream = partial(stack.port_of, name)
        for link in links.values():
            link.whose = partial(_whose, stack, link.port)
        yield World(open_.enter_context(stack), cluster, links, clocks, disk)


def _whose(stack: Stack, server: int, port: int) -> str:
    """The process that is connected to a link's port from another; the stack's own tools are nobody in particular."""
    return owner_of(port, server, {name: pid for name, pid in stack.pids.items() if name in PROCESSES})


def _nodes() -> list[str]:
    return [f"broker-{number}" for number in range(1, NODES + 1)]


def _cluster(links: dict[str, Link], folder: Path, open_: ExitStack) -> Cluster:
    mine = [links[name] for name in _nodes()]
    cluster = Cluster(NODES, safe=False, data_dir=folder / "kafka", fronts=[link.port for link in mine])
    for number, link in enumerate(mine):
        link.upstream = partial(_port_of, cluster, number)
    open_.enter_context(cluster)
    os.environ["KAFKA_BOOTSTRAP"] = cluster.bootstrap
    open_.callback(os.environ.pop, "KAFKA_BOOTSTRAP")
    return cluster


def _port_of(cluster: Cluster, number: int) -> int:
    return cluster.ports[number] if cluster.ports else 0
