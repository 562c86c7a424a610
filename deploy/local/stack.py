"""The embedded stack as a Python object, for tests and the demo: ``with Stack() as stack: ask(stack.services)``."""

import os
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

from catalogue.load import load
from deploy.local import programs
from deploy.local.children import ROOT, Child, Program
from deploy.local.keys import where_credentials_are, write_credentials
from deploy.local.ports import HOST, free_port
from deploy.local.programs import SERVICES
from deploy.local.scratch import FolderInUse, Scratch
from deploy.local.smtp_sink import Inbox

PLAN_FOLDER = ROOT / "catalogue/plans/177-KH-UBND"
_GRACE = 25.0  # seconds; longer than a service gives one of its parts to drain


class Stack:
    """Broker, store, mail sink and services, as child processes of this one.

    A broker or store named by KAFKA_BOOTSTRAP or MONGODB_URI in the environment is used and not started. Must be
    started from the main thread. Everything blocks; nothing runs in the background, so it is for the caller to ask for
    the `dead`.
    """

    def __init__(
        self,
        *,
        services: Sequence[str] = SERVICES,
        copies: Mapping[str, int] | None = None,
        clock_file: Path | None = None,
        data_dir: Path | None = None,
        plan_folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        own: Mapping[str, Mapping[str, str]] | None = None,
        fronts: Mapping[str, int] | None = None,
        ready_within: float = 120.0,
    ) -> None:
        """`environment` is set for every service on top of this process's own, `own` for one service on top of that;
        `fronts` are the ports that are told in place of the `broker`'s and the `store`'s, where something stands in
        front of them; `ready_within` is seconds per child.

        `copies` says how many processes of a service share its work, where not one: ``reporting``, ``reporting-2``, …,
        behind a balancer at the service's address.
        """
        self._names = services
        self._copies = {name: number for name, number in (copies or {}).items() if number > 1}
        self._clock_file = clock_file
        self._data_dir = data_dir
        self._plan_folder = plan_folder or Path(os.environ.get("PLAN_FOLDER", PLAN_FOLDER))
        self._environment = dict(environment or {})
        self._own = dict(own or {})
        self._fronts = dict(fronts or {})
        self._ready_within = ready_within
        self._children: dict[str, Child] = {}
        self._scratch: Scratch | None = None
        self.api_keys: dict[str, str] = {}

    def start(self) -> None:
        """Start everything and wait until it is ready.

        Raises:
            ChildDied: a child ended or did not get ready; everything is stopped again.
            FolderInUse: the data folder given cannot be used.
            WrongPlan: the plan cannot be loaded.
        """
        agencies = [agency.code for agency in load(self._plan_folder).agencies]
        self._scratch = Scratch(self._data_dir)
        try:
            self._refuse_used_store()
            self.api_keys = write_credentials(self.data_dir, agencies)
            self._start_all(self._servers())
            balancers = {f"{name}-balancer": self._balancer(name) for name in self._names if name in self._copies}
            self._children.update(balancers)  # services are told each other's addresses before anybody listens there
            self._start_all({copy: self._service(copy) for name in self._names for copy in self.copies(name)})
            self._start_all(balancers)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the services, then the servers; remove the data folder unless it was given. Safe to call twice."""
        services = [child for name, child in self._children.items() if name not in programs.SERVERS]
        servers = [child for name, child in self._children.items() if name in programs.SERVERS]
        for group in (services, servers):
            for child in group:
                child.ask_to_end()
            for child in group:
                child.end(_GRACE)
        if self._scratch:
            self._scratch.close()
            self._scratch = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def kill(self, name: str) -> None:
        """kill -9 a child; returns when it is gone."""
        child = self._children[name]
        child.wanted = False
        child.kill()

    def restart(self, name: str, *, wait: bool = True) -> None:
        """Start a child again on its old port, killing it first if it lives, and wait until it is ready."""
        child = self._children[name]
        child.kill()
        child.start()
        if wait:
            child.await_ready(self._ready_within)

    def end(self, name: str) -> int | None:
        """Ask a child to end, as at a new release, and wait; how it ended."""
        child = self._children[name]
        child.ask_to_end()
        child.end(_GRACE)
        return child.exit_code

    def freeze(self, name: str, *, thaw: bool = False) -> None:
        """SIGSTOP a child, or let it go on: it is there, and does not answer."""
        os.kill(self._children[name].pid, signal.SIGCONT if thaw else signal.SIGSTOP)

    def add_copy(self, service: str) -> str:
        """Start one more copy of a service on the same database, and wait until it is ready; its name here."""
        name = f"{service}-{sum(_service_of(one) == service for one in self._names) + 1}"
        self._names = (*self._names, name)
        self._start_all({name: self._service(name)})
        return name

    def wipe_broker(self) -> None:
        """Start the stack's own broker again without its log, as after the loss of its disk."""
        self.kill("broker")
        shutil.rmtree(self._broker_folder / "data", ignore_errors=True)  # the embedded one has none
        self.restart("broker")

    def is_ready(self, name: str) -> bool:
        return self._children[name].is_ready()

    def dead(self) -> list[Child]:
        """Children that ended though nobody asked them to, servers first."""
        return [child for child in self._children.values() if child.wanted and not child.alive]

    def port_of(self, name: str) -> int:
        """The port that a child listens on; 0 before its first start."""
        return self._children[name].port if name in self._children else 0

    @property
    def services(self) -> dict[str, str]:
        """The base URL of each service; where there are copies, their balancer's."""
        children = {name: self._children.get(f"{name}-balancer") or self._children[name] for name in self._names}
        return {name: f"http://{HOST}:{child.port}" for name, child in children.items()}

    def copies(self, name: str) -> tuple[str, ...]:
        """The names of a service's processes."""
        return (name, *(f"{name}-{number}" for number in range(2, self._copies.get(name, 1) + 1)))

    @property
    def addresses(self) -> dict[str, str]:
        """The base URL of each process of a service, past the balancer, by the copy's name."""
        every = (copy for name in self._names for copy in self.copies(name))
        return {copy: f"http://{HOST}:{self._children[copy].port}" for copy in every}

    @property
    def kafka_bootstrap(self) -> str:
        front = self._fronts.get("broker")
        return os.environ.get("KAFKA_BOOTSTRAP") or programs.kafka_bootstrap(front or self._children["broker"].port)

    @property
    def mongodb_uri(self) -> str:
        if front := self._fronts.get("store"):
            return programs.mongodb_behind(front)
        return os.environ.get("MONGODB_URI") or programs.mongodb_uri(self._children["store"].port)

    @property
    def smtp(self) -> tuple[str, int]:
        return HOST, self._children["smtp"].port

    @property
    def data_dir(self) -> Path:
        if self._scratch is None:
            raise RuntimeError("the stack is not running")
        return self._scratch.path

    @property
    def _broker_folder(self) -> Path:
        return self.data_dir / "broker"

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.mail_dir)

    @property
    def pids(self) -> dict[str, int]:
        return {name: child.pid for name, child in self._children.items()}

    def exit_code(self, name: str) -> int | None:
        """How a child ended; None while it runs."""
        return self._children[name].exit_code

    def log_of(self, name: str) -> Path:
        return self._children[name].log

    def describe(self) -> dict[str, Any]:
        """What the ready file says."""
        host, port = self.smtp
        return {
            "services": self.services,
            "copies": self.addresses,
            "kafka_bootstrap": self.kafka_bootstrap,
            "mongodb_uri": self.mongodb_uri,
            "smtp": {"host": host, "port": port},
            "mail_dir": str(self.mail_dir),
            "api_keys": self.api_keys,
            "pids": self.pids,
            "data_dir": str(self.data_dir),
        }

    def _refuse_used_store(self) -> None:
        forgets = programs.is_embedded() and not os.environ.get("KAFKA_BOOTSTRAP")
        store = self.data_dir / "store"
        if store.exists() and any(store.iterdir()) and forgets:
            raise FolderInUse(
                f"{self.data_dir} holds the store of an earlier run, whose log is gone with its in-memory broker: "
                "give a new folder, or a broker that kept the log (KAFKA_BOOTSTRAP, or always BROKER=apache)"
            )

    def _servers(self) -> dict[str, Child]:
        servers = {"smtp": self._child("smtp", partial(programs.sink, maildir=self.mail_dir))}
        if not os.environ.get("KAFKA_BOOTSTRAP"):
            servers["broker"] = self._child("broker", self._broker)
        if not os.environ.get("MONGODB_URI"):
            servers["store"] = self._child("store", partial(programs.store, folder=self.data_dir / "store"))
        return servers

    def _broker(self, port: int) -> Program:
        return programs.broker(port, self._broker_folder, self._fronts.get("broker", 0))

    def _service(self, name: str) -> Child:
        service = _service_of(name)
        return self._child(
            name, lambda port: programs.service(service, port, {**self._surroundings(), **self._own.get(service, {})})
        )

    def _balancer(self, name: str) -> Child:
        def shares(port: int) -> Program:
            return programs.balancer(port, [self._children[copy].port for copy in self.copies(name)])

        balancer = self._child(f"{name}-balancer", shares)
        balancer.port = free_port()
        return balancer

    def _child(self, name: str, program: Callable[[int], Program]) -> Child:
        logs = self.data_dir / "logs"
        logs.mkdir(exist_ok=True)
        return Child(name, program, logs / f"{name}.log")

    def _surroundings(self) -> dict[str, str]:
        known = {
            "KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "MONGODB_URI": self.mongodb_uri,
            "PLAN_FOLDER": str(self._plan_folder.resolve()),
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(self.smtp[1]),
            **where_credentials_are(self.data_dir),
        }
        if "broker" in self._children:
            known |= programs.broker_settings()
        if "reporting" in self._children:
            known["SUBMIT_URL"] = f"{self.services['reporting']}/periods/{{period}}/report"
        if self._clock_file:
            known["CLOCK_FILE"] = str(self._clock_file.resolve())
        return known | self._environment

    def _start_all(self, children: Mapping[str, Child]) -> None:
        self._children.update(children)
        for child in children.values():
            child.start()
        for child in children.values():
            child.await_ready(self._ready_within)


def _service_of(name: str) -> str:
    """Which service a child is a copy of."""
    return name.partition("-")[0]
