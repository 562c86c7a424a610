"""Draws what a run measured: ``python bench/plot.py FROM.json TO.svg``, in the environment that has matplotlib."""

import json
import sys
from pathlib import Path

from matplotlib import pyplot


def main(source: str, target: str) -> None:
    measured = json.loads(Path(source).read_text())
    panels = list(measured.get("fold", {}).items())
    figure, places = pyplot.subplots(max(1, len(panels)), 1, figsize=(9, 3 * max(1, len(panels))), squeeze=False)
    for place, (broker, found) in zip(places[:, 0], panels, strict=False):
        rates = sorted((rate, name) for name, rate in found["per_second"].items() if isinstance(rate, int))
        place.barh([name for _, name in rates], [rate for rate, _ in rates])
        place.set_xscale("log")
        place.set_title(f"{broker}: events a second, {found['events']:,} events")
    figure.tight_layout()
    figure.savefig(target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
