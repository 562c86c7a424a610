"""The fold as Quix Streams would do it, in a process and an environment of its own (``requirements-bench.lock``).

``python bench/quix_fold.py BROKERS TOPIC EVENTS FOLDER``: of each fact the highest revision counts, and
its cell moves by the difference; exactly once. Prints events, the sum of all cells, and seconds from the first event to
the last one committed.
"""

import sys
import time
from typing import Any

from quixstreams import Application


def main(brokers: str, topic: str, events: int, folder: str) -> None:
    app = Application(
        broker_address=brokers,
        consumer_group="bench-quix",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=folder,
        loglevel="WARNING",
    )
    began, total = 0.0, 0

    def fold(event: dict[str, Any], state: Any) -> None:
        nonlocal began, total
        began = began or time.perf_counter()
        kind = event["type"].removesuffix(".retracted")
        fact, rank = f"{event['agency']} {kind} {event['subject']}", [event.get("revision", 1), event["id"]]
        known = state.get(fact)
        if known is not None:
            if known[0] >= rank:
                return
            state.set(known[1], state.get(known[1], 0) - known[2])
            total -= known[2]
        cell = f"{kind} {event['agency']} {event['time'][:7]}"
        amount = event["data"].get("amount", 1) if kind == event["type"] else 0
        state.set(cell, state.get(cell, 0) + amount)
        total += amount
        state.set(fact, [rank, cell, amount])

    frame = app.dataframe(app.topic(topic, value_deserializer="json", key_deserializer="str"))
    frame.update(fold, stateful=True)
    app.run(count=events)
    print(events, total, time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
