"""What so many events a year would need, computed from what was measured; `docs/scaling.md` is held to it.

``python -m bench.scaling`` prints the table of the document. Costs come from the baselines, assumptions are named here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_GB = 1_000_000_000


@dataclass(frozen=True)
class Assumed:
    """What nobody has measured. Shares are of one."""

    events_a_year: int = 100_000
    """Of one province: ten times the invented year of the demo."""
    years: int = 5
    """Kept at hand: the years of one plan, 2021 to 2025."""
    busiest_day: float = 0.1
    """Share of a year's events: agencies tell before a deadline."""
    busiest_hour: float = 1 / 3
    """Share of that day's."""
    used: float = 0.5
    """How much of what was measured is relied on."""
    copies: int = 3
    """Of everything stored, in broker and store."""
    node_memory: int = 64 * _GB
    partitions: int = 8
    """Of support's topic as it is; they are never lowered."""


@dataclass(frozen=True)
class Costs:
    """What was measured on one machine of two processors that broker, store and services share."""

    chain: float
    """Events a second from HTTP to the summary, one copy of each service."""
    fold: float
    """Events a second that one copy of reporting folds from Apache Kafka."""
    stored: int
    """Bytes an event at rest in support and in reporting."""
    logged: int
    """Bytes an event in the log: no more than support keeps of it."""
    held: int
    """Bytes an event in the memory of whichever copy has its partition."""


@dataclass(frozen=True)
class Need:
    name: str
    events_a_year: int
    peak: float
    partitions: int
    machines: int
    memory: float
    memory_nodes: int
    storage_a_year: float


SIZES: Mapping[str, int] = {"one province": 1, "34 provinces": 34, "a hundred times 34": 3_400}


def costs_of(baseline: Mapping[str, Any], reporting: Mapping[str, Any]) -> Costs:
    """Out of the two committed baselines."""
    running, bytes_ = baseline["running"], baseline["running"]["bytes_per_event"]
    return Costs(
        chain=max(one["reached_per_second"] for one in running["freshness"]),
        fold=baseline["fold"]["apache"]["per_second"]["ours, exactly once"],
        stored=sum(bytes_.values()),
        logged=bytes_["support.batches"],
        held=reporting["memory_bytes_per_event"],
    )


def need(name: str, provinces: int, costs: Costs, assumed: Assumed) -> Need:
    """What so many provinces would need."""
    events = assumed.events_a_year * provinces
    peak = events * assumed.busiest_day * assumed.busiest_hour / 3_600
    memory = events * assumed.years * costs.held
    return Need(
        name=name,
        events_a_year=events,
        peak=peak,
        partitions=max(assumed.partitions, ceil(peak / (costs.fold * assumed.used))),
        machines=max(1, ceil(peak / (costs.chain * assumed.used))),
        memory=memory / _GB,
        memory_nodes=max(1, ceil(memory / (assumed.node_memory * assumed.used))),
        storage_a_year=events * (costs.stored + costs.logged) * assumed.copies / _GB,
    )


def table(needs: Sequence[Need]) -> str:
    """As Markdown."""
    rows: list[tuple[str, ...]] = [
        ("", *(one.name for one in needs)),
        ("---", *("---" for _ in needs)),
        ("Events a year", *(f"{one.events_a_year:,}" for one in needs)),
        ("Events a second in the busiest hour", *(f"{one.peak:,.1f}" for one in needs)),
        ("Partitions of support's topic", *(f"{one.partitions}" for one in needs)),
        ("Machines as measured, for the peak", *(f"{one.machines}" for one in needs)),
        ("Memory of all copies of reporting, five years, GB", *(f"{one.memory:,.1f}" for one in needs)),
        ("Nodes of 64 GB for that", *(f"{one.memory_nodes}" for one in needs)),
        ("Stored a year, three copies, GB", *(f"{one.storage_a_year:,.1f}" for one in needs)),
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def computed() -> str:
    """The table of the committed baselines."""
    baseline, reporting = (json.loads((_FOLDER / name).read_text()) for name in ("baseline.json", "reporting.json"))
    costs = costs_of(baseline, reporting)
    return table([need(name, provinces, costs, Assumed()) for name, provinces in SIZES.items()])


if __name__ == "__main__":
    print(computed())
