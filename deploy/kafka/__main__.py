"""``python -m deploy.kafka up``: Apache Kafka on this machine until Ctrl-C; ``… grant``: ACLs for a running cluster."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aiokafka.errors import KafkaError

from catalogue.load import WrongPlan, load
from chassis.connection import Connection
from chassis.settings import ServiceSettings
from deploy.kafka.cluster import Cluster
from deploy.kafka.granting import grant
from deploy.kafka.grants import grants
from deploy.kafka.jars import Missing
from deploy.local.children import ChildDied
from deploy.local.scratch import FolderInUse
from deploy.local.stack import PLAN_FOLDER

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL = 0.25


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 when asked to end, or granted; 1 when it cannot be done; 2 for wrong arguments."""
    chosen = _arguments(arguments)
    try:
        return int(chosen.command(chosen))
    except KeyboardInterrupt:
        return 0
    except (Missing, ChildDied, FolderInUse, WrongPlan, KafkaError, TimeoutError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _up(chosen: argparse.Namespace) -> int:
    cluster = Cluster(chosen.nodes, safe=not chosen.plain, data_dir=chosen.data_dir, plan_folder=chosen.plan)
    for number in _ENDINGS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        cluster.start()
        _show(cluster)
        while not (dead := cluster.dead()):
            time.sleep(_POLL)
        raise ChildDied(dead[0].obituary())
    finally:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        cluster.stop()


def _show(cluster: Cluster) -> None:
    told = " \\\n    ".join(f"{name}={value}" for name, value in cluster.environment.items())
    print(f"Apache Kafka is ready; Ctrl-C stops it and removes its data\n  bootstrap  {cluster.bootstrap}")
    if cluster.accounts:
        print(f"  logins     {cluster.accounts.folder} (a file of its password for each name)")
    print(f"run the stack on it:\n  {told} \\\n    make run", flush=True)


def _grant(chosen: argparse.Namespace) -> int:
    """As the administrator that the environment's KAFKA_ settings name."""
    wanted = grants(agency.code for agency in load(chosen.plan).agencies)
    asyncio.run(grant(Connection.of(ServiceSettings()), wanted))
    print(f"{len(wanted)} grants are in force")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.kafka", description="Apache Kafka for Hợp Lực.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start a cluster on this machine and stay until Ctrl-C or SIGTERM")
    up.add_argument("--nodes", type=int, choices=(1, 3), default=1, help="one node, or three that copy each other")
    up.add_argument("--plain", action="store_true", help="without TLS, logins and ACLs")
    up.add_argument("--data-dir", type=Path, metavar="DIR", help="keep data and logs here (default: temporary)")
    up.set_defaults(command=_up)
    granting = commands.add_parser("grant", help="give the cluster that the KAFKA_ settings name its ACLs")
    granting.set_defaults(command=_grant)
    for command in (up, granting):
        command.add_argument("--plan", type=Path, default=PLAN_FOLDER, metavar="DIR", help="the plan's folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
