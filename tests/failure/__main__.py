"""``python -m tests.failure``: exit code 0 if every run is proved, 1 if anything is wrong, with what and the seed."""

import argparse
import logging
import sys
from collections.abc import Sequence

from tests.failure.disk import step_inside
from tests.failure.run import run
from tests.failure.schedule import possible


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds one after another; the first that is not proved ends it."""
    chosen = _arguments(arguments)
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        faults = chosen.faults or len(possible(chosen.broker))
        outcome = run(seed, chosen.broker, chosen.events, faults)
        print(outcome.told, flush=True)
        if outcome.wrong:
            print(f"seed {seed} is NOT proved:", *(f"  {one}" for one in outcome.wrong), sep="\n", flush=True)
            return 1
        print(f"seed {seed} is proved: nothing lost, nothing twice, every receipt true", flush=True)
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.failure", description="Fail on purpose, and prove.")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds in a row (default: %(default)s)")
    parser.add_argument("--events", type=int, default=50_000, help="events of each run (default: %(default)s)")
    parser.add_argument("--faults", type=int, default=0, help="faults of each run (default: everything possible once)")
    parser.add_argument("--broker", choices=("embedded", "apache", "cluster"), default="embedded")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    step_inside()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # that connections fail is the point
    sys.exit(main())
