"""What a node of Apache Kafka is told: its server.properties, and the arguments of the Java that runs it. It names
paths and opens none.

Each node is broker and controller in one. It has a port for clients; controllers and brokers among themselves use the
next two, on loopback addresses of their own, so that nobody else's port can be in the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CLIENTS, CONTROLLERS, BROKERS = "127.0.0.1", "127.0.0.2", "127.0.0.3"
SUPER_USER = "hop-luc-admin"
NODE_NAME = "hop-luc-node"
"""What a node's certificate calls it; nodes know each other by it."""

_CLUSTER = "aG9wLWx1Yy1sYW5nc29uMQ"
_HEAP = "320m"
_JVM = (f"-Xmx{_HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true")
_LOGS = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")


@dataclass(frozen=True)
class Node:
    """One of a cluster: its number from 1, the port of its clients, and the folder that is its alone. `told` is the
    port that clients are told, where something stands in front of it."""

    number: int
    port: int
    folder: Path
    told: int = 0

    @property
    def data(self) -> Path:
        return self.folder / "data"


@dataclass(frozen=True)
class Papers:
    """PEM files: a node's key and certificates in one, and the authority's certificate."""

    certificate: Path
    authority: Path


def properties(node: Node, nodes: Sequence[Node], papers: Papers | None) -> dict[str, str]:
    """What a node of these is told; with papers everything is encrypted and everybody has to log in."""
    return {**_place(node, nodes), **_sizes(len(nodes)), **(_safe(papers) if papers else _plain())}


def written(settings: Mapping[str, str]) -> str:
    """As a properties file."""
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def running(classpath: str, file: Path) -> str:
    """Java's argument file to run a node."""
    return _arguments([*_JVM, *_LOGS, "-cp", classpath, "kafka.Kafka", str(file)])


def formatting(classpath: str, file: Path, passwords: Mapping[str, str]) -> str:
    """Java's argument file to make a node's empty log, which knows the names and passwords (SCRAM-SHA-512)."""
    logins = [f"SCRAM-SHA-512=[name={name},password={password}]" for name, password in passwords.items()]
    accounts = [argument for login in logins for argument in ("--add-scram", login)]
    tool = ("kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", str(file))
    return _arguments([*_JVM, *_LOGS, "-cp", classpath, *tool, *accounts])


def _arguments(arguments: Sequence[str]) -> str:
    return "".join('"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for argument in arguments)


def _place(node: Node, nodes: Sequence[Node]) -> dict[str, str]:
    clients, brokers = f"CLIENTS://{CLIENTS}:{node.port}", f"BROKERS://{BROKERS}:{node.port + 2}"
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.number),
        "controller.quorum.voters": ",".join(f"{one.number}@{CONTROLLERS}:{one.port + 1}" for one in nodes),
        "listeners": f"{clients},{brokers},CONTROLLERS://{CONTROLLERS}:{node.port + 1}",
        "advertised.listeners": f"CLIENTS://{CLIENTS}:{node.told or node.port},{brokers}",
        "controller.listener.names": "CONTROLLERS",
        "inter.broker.listener.name": "BROKERS",
        "log.dirs": str(node.data),
    }


def _sizes(nodes: int) -> dict[str, str]:
    """Three copies of which two must have a record, where there are three nodes; quick to notice who is gone."""
    copies, in_sync = str(min(nodes, 3)), str(min(nodes, 2))
    return {
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "500",
        "replica.lag.time.max.ms": "5000",
        "log.retention.ms": "-1",
        "num.network.threads": "2",
        "num.io.threads": "4",
    }


def _plain() -> dict[str, str]:
    return {"listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLERS:PLAINTEXT,BROKERS:PLAINTEXT"}


def _safe(papers: Papers) -> dict[str, str]:
    """Clients log in with name and password over TLS, nodes with their certificates. What no ACL allows is refused."""
    return {
        "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLERS:SSL,BROKERS:SSL",
        "listener.name.clients.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.clients.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(papers.certificate),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(papers.authority),
        "listener.name.brokers.ssl.client.auth": "required",
        "listener.name.controllers.ssl.client.auth": "required",
        "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{NODE_NAME};User:{SUPER_USER}",
    }
