"""Draws what runs measured: ``python bench/plot.py BENCH.json REPORTING.json TO.svg``, in the environment that has
matplotlib."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib import pyplot

Panel = Callable[[Any], None]


def fold_of(broker: str, found: dict[str, Any]) -> Panel:
    def draw(place: Any) -> None:
        rates = sorted((rate, name) for name, rate in found["per_second"].items() if isinstance(rate, int))
        place.barh([name for _, name in rates], [rate for rate, _ in rates])
        place.set_xscale("log")
        place.set_title(f"{broker}: events a second, {found['events']:,} events")

    return draw


def freshness_of(found: list[dict[str, Any]]) -> Panel:
    def draw(place: Any) -> None:
        names = [f"{one['reached_per_second']:,} a second" for one in found]
        for name in ("p99", "p50"):
            place.barh(names, [one[f"{name}_seconds"] for one in found], label=name)
        place.legend()
        place.set_title("seconds from the receipt to the summary")

    return draw


def growth_of(found: dict[str, Any]) -> Panel:
    def draw(place: Any) -> None:
        place.plot(found["events"], found["fold_cost_to_smallest"], marker="s", label="cost of an event folded")
        for name, ratios in found["latency_to_smallest"].items():
            place.plot(found["events"], ratios, marker="o", label=name)
        place.set_xscale("log")
        place.set_ylim(bottom=0)
        place.legend()
        place.set_title("as the ledger grows, to the smallest size")

    return draw


def memory_of(found: dict[str, Any]) -> Panel:
    def draw(place: Any) -> None:
        place.plot(found["events"], [size / 1e6 for size in found["memory_bytes"]], marker="o")
        place.set_xscale("log")
        place.set_ylim(bottom=0)
        place.set_title("memory of reporting, MB")

    return draw


def main(bench: str, reporting: str, target: str) -> None:
    measured, grown = (json.loads(Path(source).read_text()) for source in (bench, reporting))
    panels = [fold_of(broker, found) for broker, found in measured.get("fold", {}).items()]
    if "running" in measured:
        panels.append(freshness_of(measured["running"]["freshness"]))
    panels += [growth_of(grown), memory_of(grown)]
    figure, places = pyplot.subplots(len(panels), 1, figsize=(9, 3 * len(panels)), squeeze=False)
    for place, draw in zip(places[:, 0], panels, strict=True):
        draw(place)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
