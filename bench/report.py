"""What was measured, as Markdown; `docs/benchmarks.md` is held to what the kept runs make.

``python -m bench.report`` prints the tables of the document.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_MB = 1_000_000
FOLDS = {
    "ours, exactly once": "ours, exactly once",
    "FastStream, a write per event": "FastStream, a write per event",
    "insert_many, a document per event": "inserting a document per event, raw",
    "Quix Streams, exactly once": "Quix Streams, exactly once",
    "Kafka Streams, exactly once": "Kafka Streams, exactly once",
}


def folds(measured: Mapping[str, Any]) -> str:
    """Rates as shares of the bare loop, by broker."""
    brokers = measured["fold"]
    shares = [found["share_of_bare_loop"] for found in brokers.values()]
    rows = [(shown, *(_share(found.get(name)) for found in shares)) for name, shown in FOLDS.items()]
    events = max(found["events"] for found in brokers.values())
    return _table((f"{events:,} events, to the bare loop", *brokers), rows)


def freshness(measured: Mapping[str, Any]) -> str:
    """From the receipt to the summary that has the event."""
    rows = [
        (
            f"{one['asked_per_second']:,}",
            f"{one['reached_per_second']:,}",
            f"{one['p50_seconds']}",
            f"{one['p99_seconds']}",
        )
        for one in measured["running"]["freshness"]
    ]
    return _table(("Events a second", "reached", "p50, s", "p99, s"), rows)


def summary(measured: Mapping[str, Any]) -> str:
    """Next to a ``$group`` over a document per event."""
    one = measured["running"]["summary"]
    names = (f"Summary of a quarter after {one['events']:,} events", "to a `$group` at read")
    return _table(names, [("time", f"{one['ratio']}")])


def services(measured: Mapping[str, Any]) -> str:
    """Seconds until ready, and memory then."""
    found = measured["running"]["services"]
    rows = [
        ("from start to ready, s", *(f"{one['ready_seconds']}" for one in found.values())),
        ("memory then, MB", *(f"{one['memory_bytes'] / _MB:.0f}" for one in found.values())),
    ]
    return _table(("Service", *found), rows)


def growth(reporting: Mapping[str, Any]) -> str:
    """What changes with the size of the ledger; times are ratios to those at the smallest size."""
    rows = [
        ("Cells, of all partitions", *(f"{cells:,}" for cells in reporting["cells"])),
        ("Cost of an event folded, to the smallest size", *map(str, reporting["fold_cost_to_smallest"])),
        *((name.capitalize(), *map(str, ratios)) for name, ratios in reporting["latency_to_smallest"].items()),
        ("Memory of the service, MB", *(f"{size / _MB:.0f}" for size in reporting["memory_bytes"])),
    ]
    return _table(("Events", *(f"{events:,}" for events in reporting["events"])), rows)


def loops(reporting: Mapping[str, Any]) -> str:
    """Next to a loop that reads the ledger's bytes and decodes each event, at the largest size."""
    rows = [
        ("folding, its rate", f"{reporting['fold_rate_to_bare_loop']}"),
        ("counting anew and comparing every figure, its rate", f"{reporting['rebuild_rate_to_bare_loop']}"),
        ("a restart, its time", f"{reporting['restart_to_bare_loop']}"),
        *((f"{name}, its time", f"{ratio}") for name, ratio in reporting["look_back_to_bare_loop"].items()),
    ]
    return _table((f"At {reporting['events'][-1]:,} events", "to the bare loop"), rows)


def tables(measured: Mapping[str, Any], reporting: Mapping[str, Any]) -> Mapping[str, str]:
    """All tables that can be made of what was measured, by name."""
    found = {}
    if "fold" in measured:
        found["The fold, next to others"] = folds(measured)
    if "running" in measured:
        found["Freshness"] = freshness(measured)
        found["A summary"] = summary(measured)
        found["Services"] = services(measured)
    if reporting:
        found["Reporting as its ledger grows"] = growth(reporting)
        found["The whole ledger"] = loops(reporting)
    return found


def kept() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The two runs that are committed."""
    return _read("baseline.json"), _read("reporting.json")


def whole(measured: Mapping[str, Any], reporting: Mapping[str, Any]) -> str:
    """The report of a run."""
    load = f"Load of the machine {measured['load_before']} before, {measured['load_after']} after."
    parts = [f"## {name}\n\n{table}" for name, table in tables(measured, reporting).items()]
    return "\n\n".join(["# Measured", load, "![plots](bench.svg)", *parts]) + "\n"


def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((_FOLDER / name).read_text())
    return found


def _share(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2g}"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (names, ("---",) * len(names), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    for table in tables(*kept()).values():
        print(table, end="\n\n")
