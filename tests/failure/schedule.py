"""Which faults happen when: the same for the same seed. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from deploy.local.programs import SERVICES

Broker = Literal["embedded", "apache", "cluster"]

COPIES = {"reporting": 2}
"""Of which service more than one process runs: what one leaves behind the other takes over, and gives back."""
PROCESSES = (*SERVICES, "reporting-2")
"""Everything of ours that runs, by the names that the stack gives copies."""

_FIRST, _LAST = 0.02, 0.95
_LONGEST = {
    "stop": 9.0,
    "kill": 2.0,
    "restart": 0.0,
    "cut": 2.0,
    "half-open": 6.0,
    "delay": 6.0,
    "fill": 4.0,
    "skew": 8.0,
}
_MOST_MINUTES = 30


@dataclass(frozen=True)
class Fault:
    """What is done to whom: when `at` of the traffic has its receipts (0 to 1), for so many seconds.

    `whom` is one of `PROCESSES`, ``store``, ``broker``, ``leader`` or ``follower``; of cut, delay and half-open it is
    the connections to that server, or of one process's to it: ``store of reporting``. `minutes` is how far a clock is
    off.
    """

    at: float
    what: str
    whom: str
    seconds: float
    minutes: int = 0

    def __str__(self) -> str:
        off = f" by {self.minutes:+d} min" if self.minutes else ""
        return f"at {self.at:4.0%} {self.what} {self.whom}{off} for {self.seconds:.1f} s"


def of(server: str, process: str) -> str:
    """One process's connections to a server, as a fault names them."""
    return f"{server} of {process}"


def possible(broker: Broker) -> list[tuple[str, str]]:
    """Everything that can be done, as (what, whom). An embedded broker keeps its log in memory, so it is only stopped
    for a while; on a cluster whoever leads and whoever follows at that moment is meant."""
    servers = {"embedded": [], "apache": ["broker"], "cluster": ["leader", "follower"]}[broker]
    stopped = servers or ["broker"]
    return [
        *((what, process) for process in PROCESSES for what in ("kill", "stop", "restart")),
        *(("skew", service) for service in SERVICES),
        *(("kill", server) for server in (*servers, "store")),
        *(("stop", server) for server in (*stopped, "store")),
        *((what, server) for server in ("broker", "store") for what in ("cut", "delay", "half-open")),
        *(
            (what, of(server, one))
            for server in ("broker", "store")
            for one in PROCESSES
            for what in ("cut", "half-open")
        ),
        ("fill", "store"),
    ]


def schedule(seed: int, broker: Broker, number: int) -> Sequence[Fault]:
    """So many faults in the order of their moments: everything possible once before anything twice."""
    chance = random.Random(f"faults of {seed}")
    chosen: list[tuple[str, str]] = []
    while len(chosen) < number:
        all_of_them = possible(broker)
        chance.shuffle(all_of_them)
        chosen += all_of_them
    return sorted((_fault(chance, *one) for one in chosen[:number]), key=lambda fault: fault.at)


def _fault(chance: random.Random, what: str, whom: str) -> Fault:
    minutes = chance.choice((-1, 1)) * chance.randint(1, _MOST_MINUTES) if what == "skew" else 0
    return Fault(chance.uniform(_FIRST, _LAST), what, whom, chance.uniform(0.0, _LONGEST[what]), minutes)
