"""``python -m deploy.local up``: the whole system on this machine, until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from catalogue.load import WrongPlan
from deploy.local.children import ChildDied
from deploy.local.programs import SERVICES
from deploy.local.ready import remove_ready, write_ready
from deploy.local.scratch import FolderInUse
from deploy.local.stack import Stack
from deploy.local.supervise import Supervisor
from deploy.local.watch import write_targets

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 when asked to end, 1 when a child did not start or died, 2 for wrong arguments."""
    chosen = _arguments(arguments)
    stack = Stack(
        copies=dict(chosen.copies),
        clock_file=chosen.clock_file,
        data_dir=chosen.data_dir,
        plan_folder=chosen.plan,
    )
    for number in _ENDINGS:
        # nohup means what it says; but a shell's background jobs are born deaf to SIGINT and must still be stoppable.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        return _up(stack, chosen.ready_file, chosen.targets_file, restart=chosen.restart)
    except KeyboardInterrupt:
        return 0
    except (ChildDied, FolderInUse, WrongPlan) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        if chosen.ready_file:
            remove_ready(chosen.ready_file)
        stack.stop()


def _up(stack: Stack, ready_file: Path | None, targets_file: Path | None, *, restart: bool) -> int:
    def tell() -> None:
        if targets_file:
            write_targets(targets_file, stack.addresses)
        if ready_file:
            write_ready(ready_file, stack.describe())

    if ready_file:
        remove_ready(ready_file)
    stack.start()
    tell()
    _show(stack)
    Supervisor(stack, restart=restart, changed=tell).watch()


def _show(stack: Stack) -> None:
    places = {**stack.services, "kafka": stack.kafka_bootstrap, "mongodb": stack.mongodb_uri, "data": stack.data_dir}
    lines = "".join(f"  {name:<10} {place}\n" for name, place in places.items())
    print(f"ready; Ctrl-C stops everything\n{lines}", end="", flush=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="The embedded stack.")
    up = parser.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "up", help="start broker, store, mail sink and the services, and stay until Ctrl-C or SIGTERM"
    )
    up.add_argument("--ready-file", type=Path, metavar="FILE", help="JSON with URLs and keys, there while all is ready")
    up.add_argument("--targets-file", type=Path, metavar="FILE", help="JSON that tells Prometheus where to look")
    up.add_argument("--clock-file", type=Path, metavar="FILE", help="let the services live by this scaled clock")
    up.add_argument("--data-dir", type=Path, metavar="DIR", help="keep data and logs here (default: temporary)")
    up.add_argument("--plan", type=Path, metavar="DIR", help="the plan's folder (default: PLAN_FOLDER, or plan 177)")
    up.add_argument(
        "--copies",
        type=_copies,
        action="append",
        default=[],
        metavar="SERVICE=NUMBER",
        help="processes that share work",
    )
    up.add_argument("--restart", action="store_true", help="start a service that dies again, a few times")
    return parser.parse_args(arguments)


def _copies(said: str) -> tuple[str, int]:
    name, _, number = said.partition("=")
    if name not in SERVICES or not number.isdecimal() or int(number) < 1:
        raise argparse.ArgumentTypeError(f"{said!r} is not one of {', '.join(SERVICES)}, =, and a number from 1")
    return name, int(number)


if __name__ == "__main__":
    sys.exit(main())
