"""A cluster of one or three nodes as a Python object: ``with Cluster(nodes=3) as cluster: use(cluster.bootstrap)``."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from catalogue.load import load
from chassis.connection import Connection
from chassis.leaving import left
from deploy.kafka.accounts import Accounts
from deploy.kafka.config import CLIENTS, SUPER_USER, Node
from deploy.kafka.granting import grant
from deploy.kafka.grants import grants
from deploy.kafka.issuing import open_accounts
from deploy.kafka.node import program
from deploy.local.children import Child, ChildDied, Program
from deploy.local.ports import free_port
from deploy.local.scratch import Scratch
from deploy.local.stack import PLAN_FOLDER

_TRIES = 3
_READY_WITHIN = 90.0
_GRACE = 30.0
_PAUSE = 0.1


class Cluster:
    """Nodes of Apache Kafka as children of this process; they end with it. To be started from the main thread."""

    def __init__(
        self,
        nodes: int = 1,
        *,
        safe: bool = True,
        data_dir: Path | None = None,
        plan_folder: Path = PLAN_FOLDER,
        fronts: Sequence[int] = (),
    ) -> None:
        """`safe`: TLS, a login for every service and each of the plan's agencies, and ACLs. `fronts` are the ports that
        clients are told, where something stands in front of each node."""
        self._count = nodes
        self._safe = safe
        self._data_dir = data_dir
        self._plan_folder = plan_folder
        self._fronts = fronts
        self._scratch: Scratch | None = None
        self._children: list[Child] = []
        self.accounts: Accounts | None = None

    def start(self) -> None:
        """Start the nodes and wait until all of them serve.

        Raises:
            Missing: Java, or the jars and Maven, are not there.
            ChildDied: a node ended or did not get ready; everything is stopped again.
            FolderInUse: the data folder given cannot be used.
        """
        self._scratch = Scratch(self._data_dir)
        try:
            agencies = [agency.code for agency in load(self._plan_folder).agencies]
            if self._safe:
                self.accounts = open_accounts(self.data_dir, agencies)
            self._start_nodes()
            asyncio.run(self._open(agencies))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the nodes; remove the data folder unless it was given. Safe to call twice."""
        self._end_all()
        if self._scratch:
            self._scratch.close()
            self._scratch = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def data_dir(self) -> Path:
        if self._scratch is None:
            raise RuntimeError("the cluster is not running")
        return self._scratch.path

    @property
    def bootstrap(self) -> str:
        return ",".join(f"{CLIENTS}:{port}" for port in self._fronts or self.ports)

    @property
    def ports(self) -> list[int]:
        """The ports that the nodes listen on; none before the start."""
        return [child.port for child in self._children]

    @property
    def environment(self) -> Mapping[str, str]:
        """What `make run` has to be told to use the cluster."""
        return {"KAFKA_BOOTSTRAP": self.bootstrap, **(self.accounts.environment() if self.accounts else {})}

    def connection(self, principal: str = SUPER_USER) -> Connection:
        """The cluster as a principal sees it; without logins all are alike."""
        return self.accounts.connection(self.bootstrap, principal) if self.accounts else Connection(self.bootstrap)

    def kill(self, number: int) -> None:
        """kill -9 a node, by its number from 1; returns when it is gone."""
        child = self._children[number - 1]
        child.wanted = False
        child.kill()

    def restart(self, number: int) -> None:
        """Start a node again on its old port with its log, killing it first if it lives, and wait until it serves."""
        self.kill(number)
        child = self._children[number - 1]
        child.start()
        child.await_ready(_READY_WITHIN)

    def freeze(self, number: int, *, thaw: bool = False) -> None:
        """SIGSTOP a node, or let it go on: it is there, and does not answer."""
        os.kill(self._children[number - 1].pid, signal.SIGCONT if thaw else signal.SIGSTOP)

    def dead(self) -> list[Child]:
        """Nodes that ended though nobody asked them to."""
        return [child for child in self._children if child.wanted and not child.alive]

    async def leader(self, topic: str, partition: int) -> int:
        """The number of the node that leads a partition; -1: none does."""
        [told] = await self._ask("describe_topics", [topic])
        return int(next(one["leader"] for one in told["partitions"] if one["partition"] == partition))

    async def in_sync(self, topic: str, partition: int) -> int:
        """How many copies of a partition are in sync."""
        [told] = await self._ask("describe_topics", [topic])
        return len(next(one["isr"] for one in told["partitions"] if one["partition"] == partition))

    async def _open(self, agencies: Sequence[str]) -> None:
        """Wait until every node takes part, then say who may do what."""
        async with asyncio.timeout(_READY_WITHIN):
            while True:
                if await self._complete():
                    break
                await asyncio.sleep(_PAUSE)
        if self.accounts:
            await grant(self.connection(), grants(agencies))

    async def _complete(self) -> bool:
        return len((await self._ask("describe_cluster"))["brokers"]) == self._count

    async def _ask(self, question: str, *about: Any) -> Any:
        """Ask any node that answers; the client chooses one, and may choose a dead one."""
        async with asyncio.timeout(_READY_WITHIN):
            while True:
                admin = AIOKafkaAdminClient(**self.connection().options())
                try:
                    await admin.start()
                    return await getattr(admin, question)(*about)
                except (KafkaError, OSError):
                    await asyncio.sleep(_PAUSE)
                finally:
                    await left(admin.close())

    def _start_nodes(self) -> None:
        for tries in range(1, _TRIES + 1):
            ports = [free_port() for _ in range(self._count)]
            folders = [self.data_dir / f"node-{number}" for number in range(1, self._count + 1)]
            told = self._fronts or ports
            nodes = [Node(n, *each) for n, each in enumerate(zip(ports, folders, told, strict=True), start=1)]
            self._children = [self._child(node, nodes) for node in nodes]
            try:
                for child in self._children:
                    child.start()
                for child in self._children:
                    child.await_ready(_READY_WITHIN)
            except ChildDied:
                if tries == _TRIES:
                    raise
                self._end_all()
            else:
                return

    def _child(self, node: Node, nodes: Sequence[Node]) -> Child:
        name = f"kafka-{node.number}"

        def run(port: int) -> Program:
            if port != node.port:  # the others know it by its port
                raise ChildDied(f"{name}: port {node.port} was taken by another program")
            return program(node, nodes, self.accounts)

        child = Child(name, cache(run), self.data_dir / f"{name}.log")
        child.port = node.port
        return child

    def _end_all(self) -> None:
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.end(_GRACE)
