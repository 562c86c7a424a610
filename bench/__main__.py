"""Events folded exactly once, on both brokers, next to others on the same topic: ``python -m bench``.

Writes ``out/bench.json`` and, where there is matplotlib, ``out/bench.svg``; ``--keep`` writes `bench/baseline.json`.
"""

import argparse
import json
import os
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from bench import folding
from deploy.kafka import jars

BASELINE = Path(__file__).with_name("baseline.json")
OUT = Path("out")
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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="events to fold (default: 20,000)")
    parser.add_argument("--keep", action="store_true", help="write what was measured to bench/baseline.json")
    asked = parser.parse_args()
    found: dict[str, Any] = {"load_before": round(os.getloadavg()[0], 1), "processors": os.cpu_count()}
    found["fold"] = fold(asked.events)
    found["load_after"] = round(os.getloadavg()[0], 1)
    OUT.mkdir(exist_ok=True)
    for file in (OUT / "bench.json", *([BASELINE] if asked.keep else [])):
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps(known | found, indent=1, ensure_ascii=False) + "\n")
    if folding.QUIX.exists():
        subprocess.run([folding.QUIX, "bench/plot.py", OUT / "bench.json", OUT / "bench.svg"], check=True)
    told(f"load of the machine {found['load_before']} before, {found['load_after']} after; written to {OUT}/bench.json")


if __name__ == "__main__":
    main()
