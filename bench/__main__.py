"""All that is measured quickly, in one run: ``python -m bench [PART …]``.

``fold``: events folded exactly once, on both brokers, next to others on the same topic. ``running``: freshness,
summaries next to a ``$group``, bytes at rest, start and memory of the services. Writes ``out/bench.json``, the report
``out/bench.md`` and, where there is matplotlib, ``out/bench.svg``; ``--keep`` replaces the baseline,
`bench/baseline.json`, and its picture.
"""

import argparse
import json
import os
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from bench import folding, report, running
from deploy.kafka import jars
from deploy.local.stack import Stack

BASELINE = Path(__file__).with_name("baseline.json")
GROWTH = Path(__file__).with_name("reporting.json")
OUT, PICTURE = Path("out"), Path("docs/benchmarks.svg")
PARTS = ("fold", "running")
RATES = (500, 5_000)
told = partial(print, flush=True)


def fold(events: int) -> dict[str, Any]:
    """Rates by broker, and each as a share of the bare loop's."""
    found: dict[str, Any] = {}
    for broker in ("embedded", "apache"):
        try:
            if broker == "apache":
                jars.java(), jars.classpath()
        except jars.Missing as missing:
            told(f"{broker}: skipped: {missing}")
            continue
        rates = folding.run(broker, events, min(events, 1_000), told)
        bare = float(rates["bare decode loop"])
        shares = {name: round(rate / bare, 4) for name, rate in rates.items() if isinstance(rate, float)}
        told(f"{broker}: shares of the bare loop {shares}")
        whole = {name: round(rate) if isinstance(rate, float) else rate for name, rate in rates.items()}
        found[broker] = {"events": events, "per_second": whole, "share_of_bare_loop": shares}
    return found


def run(seconds: int) -> dict[str, Any]:
    """On one stack of all services, of the embedded broker."""
    os.environ["BROKER"] = "embedded"
    found: dict[str, Any] = {"freshness": []}
    with Stack() as stack:
        sent = 0
        for rate in RATES:
            one = running.freshness(stack, sent, rate, seconds)
            sent += int(one["events"])
            found["freshness"].append(one)
            told(f"freshness {one}")
        found["summary"] = running.reading(stack, sent)
        found["bytes_per_event"] = running.stored(stack, sent)
        found["services"] = {
            name: {"ready_seconds": spent, "memory_bytes": memory} for name, spent, memory in running.starting(stack)
        }
        for name in ("summary", "bytes_per_event", "services"):
            told(f"{name} {found[name]}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; none: all")
    parser.add_argument("--events", type=int, default=20_000, help="events to fold (default: 20,000)")
    parser.add_argument("--seconds", type=int, default=10, help="of each rate (default: 10)")
    parser.add_argument("--keep", action="store_true", help="write what was measured to bench/baseline.json")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    if wrong := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(wrong))}")
    found: dict[str, Any] = {"load_before": round(os.getloadavg()[0], 1), "processors": os.cpu_count()}
    if "fold" in parts:
        found["fold"] = fold(asked.events)
    if "running" in parts:
        found["running"] = run(asked.seconds)
    found["load_after"] = round(os.getloadavg()[0], 1)
    OUT.mkdir(exist_ok=True)
    for file in (OUT / "bench.json", *([BASELINE] if asked.keep else [])):
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps(known | found, indent=1, ensure_ascii=False) + "\n")
    (OUT / "bench.md").write_text(report.whole(json.loads((OUT / "bench.json").read_text()), report.kept()[1]))
    if folding.QUIX.exists():
        for source, target in ((OUT / "bench.json", OUT / "bench.svg"), *([(BASELINE, PICTURE)] if asked.keep else [])):
            subprocess.run([folding.QUIX, "bench/plot.py", source, GROWTH, target], check=True)
    told(f"load of the machine {found['load_before']} before, {found['load_after']} after; written to {OUT}/bench.md")


if __name__ == "__main__":
    main()
