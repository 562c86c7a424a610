"""What reporting costs as its ledger grows: summaries, memory, a restart, looking back, counting anew.

``python -m bench.reporting``: an invented year, copied until there are so many events, is folded into the ledger of
the embedded store by reporting's own fold; at 10,000, 100,000 and 1,000,000 events reporting is started on it and asked
over HTTP. Everything is measured in one run and told as a ratio to something measured beside it, because machines
differ: latencies to those at the smallest size, rates to a bare loop that reads the same ledger and decodes its events.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.ledger import Filling, bare_loop, rebuilding
from chassis.clock import SystemClock
from deploy.local.stack import Stack

BASELINE = Path(__file__).parent / "reporting.json"
SIZES = (10_000, 100_000, 1_000_000)
_ASKED = 15
_PATHS = {
    "summary of a quarter": "/v1/periods/2021-Q2/summary",
    "summary of a year": "/v1/periods/2021/summary",
    "summary by agency": "/v1/periods/2021-Q2/summary?by=agency",
    "register": "/v1/periods/2021-Q2/register",
    "page": "/periods/2021-Q2",
}
_LOOKS = {
    "provenance": "/v1/periods/2021/provenance?indicator=II.3.b/people",
    "as of": "/v1/periods/2021-Q2/summary?as_of={moment}",
}


@dataclass
class Measured:
    """What was seen at one size; seconds and bytes."""

    events: int
    cells: int
    rss: int = 0
    restart: float = 0.0
    latency: dict[str, float] = field(default_factory=dict)
    looks: dict[str, float] = field(default_factory=dict)


def measure(stack: Stack, events: int, cells: int) -> Measured:
    """Start reporting on the ledger as it is, and ask it."""
    found = Measured(events, cells)
    began = time.perf_counter()
    stack.restart("reporting")
    found.restart = time.perf_counter() - began
    headers = {"Authorization": f"Bearer {stack.api_keys['leader']}"}
    with httpx.Client(base_url=stack.services["reporting"], headers=headers, timeout=300) as client:
        for name, path in _PATHS.items():
            client.get(path).raise_for_status()
            found.latency[name] = statistics.median(_times(client, path, _ASKED))
        found.rss = _rss(stack.pids["reporting"])
        moment = SystemClock().now().strftime("%Y-%m-%dT%H:%M:%SZ")  # all was folded before, and it is past when asked
        for name, path in _LOOKS.items():
            found.looks[name] = min(_times(client, path.format(moment=moment), 2))
    stack.kill("reporting")
    return found


def _times(client: httpx.Client, path: str, times: int) -> Iterator[float]:
    for _ in range(times):
        began = time.perf_counter()
        client.get(path).raise_for_status()
        yield time.perf_counter() - began


def _rss(pid: int) -> int:
    fields = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in fields if line.startswith("VmRSS:"))


def run(stack: Stack, sizes: tuple[int, ...], told: Callable[[str], None]) -> Mapping[str, Any]:
    """Everything, in order; the ratios."""
    with asyncio.Runner() as loop:
        filling = loop.run(Filling.open(stack.mongodb_uri))
        seen, rates = list[Measured](), list[float]()
        for size in sizes:
            rate = loop.run(filling.fill(size))
            rates.append(rate)
            told(f"{size:>9,} events folded into {filling.cells:,} cells, {rate:8,.0f} events/s on the way")
            seen.append(measure(stack, size, filling.cells))
            told(_line(seen[-1]))
        before = loop.run(bare_loop(filling.deps))
        anew, identical = loop.run(rebuilding(filling.deps))
        bare = (before + loop.run(bare_loop(filling.deps))) / 2  # what else the machine does meets both
        told(f"bare loop {bare:8,.0f} events/s   fold {rate:8,.0f}   counting anew {anew:8,.0f}   same: {identical}")
        loop.run(filling.deps.store.close())
    return _ratios(seen, bare, rates, anew, identical)


def _line(of: Measured) -> str:
    asked = "  ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in of.latency.items())
    looks = "  ".join(f"{name} {seconds:.1f} s" for name, seconds in of.looks.items())
    return f"          {asked}\n          {looks}  restart {of.restart:.1f} s  memory {of.rss / 1e6:,.0f} MB"


def _ratios(seen: list[Measured], bare: float, rates: list[float], anew: float, identical: bool) -> Mapping[str, Any]:
    first, last = seen[0], seen[-1]
    return {
        "events": [one.events for one in seen],
        "cells": [one.cells for one in seen],
        "latency_to_smallest": {
            name: [round(one.latency[name] / first.latency[name], 2) for one in seen] for name in _PATHS
        },
        "look_back_to_bare_loop": {
            name: round(seconds / (last.events / bare), 2) for name, seconds in last.looks.items()
        },
        "memory_bytes": [one.rss for one in seen],
        "memory_bytes_per_event": round((last.rss - first.rss) / max(1, last.events - first.events)),
        "restart_to_bare_loop": round(last.restart / (last.events / bare), 2),
        "fold_cost_to_smallest": [round(rates[0] / rate, 2) for rate in rates],
        "fold_rate_to_bare_loop": round(rates[-1] / bare, 3),
        "rebuild_rate_to_bare_loop": round(anew / bare, 3),
        "rebuilt_identical": identical,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reporting", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many events, smallest first")
    parser.add_argument("--keep", action="store_true", help=f"write the ratios to {BASELINE.name}, the baseline")
    asked = parser.parse_args()
    with Stack(services=("reporting",)) as stack:
        stack.kill("reporting")
        ratios = run(stack, tuple(asked.sizes), lambda line: print(line, flush=True))
    print(json.dumps(ratios, indent=1))
    if BASELINE.exists():
        print("baseline:", BASELINE.read_text())
    if asked.keep:
        BASELINE.write_text(json.dumps(ratios, indent=1) + "\n")


if __name__ == "__main__":
    main()
