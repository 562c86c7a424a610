"""What a running stack shows: how fresh figures are, what a summary costs, how services start and what they hold."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import bson
import httpx
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from bench.intake import training
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack

_TICK, _POLL, _KEPT_UP = 0.2, 0.05, 0.95
_FIGURE = "II.3.b/classes"
_SUMMARY = "/v1/periods/2021-Q2/summary"


class Watching:
    """Asks for the figure again and again; when it first told of so many events."""

    def __init__(self, stack: Stack) -> None:
        self._headers = {"Authorization": f"Bearer {stack.api_keys['leader']}"}
        self._url = stack.services["reporting"] + _SUMMARY
        self._ended = Event()
        self.seen: list[tuple[float, int]] = []
        self._thread = Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        with httpx.Client(headers=self._headers, timeout=60) as client:
            while not self._ended.wait(_POLL):
                told = client.get(self._url).raise_for_status().json()
                figures = (one for task in told["tasks"] for one in task["indicators"])
                self.seen.append((time.perf_counter(), next(o["value"] for o in figures if o["code"] == _FIGURE)))

    def end(self, events: int, within: float) -> bool:
        """Whether it came to tell of so many; nothing more is asked."""
        deadline = time.perf_counter() + within
        while time.perf_counter() < deadline and (not self.seen or self.seen[-1][1] < events):
            time.sleep(_POLL)
        self._ended.set()
        self._thread.join()
        return bool(self.seen) and self.seen[-1][1] >= events


def freshness(stack: Stack, first: int, rate: int, seconds: int) -> Mapping[str, float]:
    """Send so many classes a second, in batches, and tell from each receipt to the summary that has it (seconds)."""
    size, sent, receipts = int(rate * _TICK), first, list[tuple[float, int]]()
    batches = round(seconds / _TICK)
    headers = {
        "Authorization": f"Bearer {stack.api_keys['SNV']}",
        "Content-Type": "application/cloudevents-batch+json",
    }
    watching = Watching(stack)
    with httpx.Client(base_url=stack.services["support"], headers=headers, timeout=60) as client:
        began = time.perf_counter()
        for number in range(batches):
            time.sleep(max(0.0, began + number * _TICK - time.perf_counter()))
            body = json.dumps([training(sent + one) for one in range(size)]).encode()
            client.post("/v1/events", content=body).raise_for_status()
            sent += size
            receipts.append((time.perf_counter(), sent))
        spent = max(time.perf_counter() - began, batches * _TICK)
    assert watching.end(sent, 120), "not every event came into the figure"
    late = sorted(next(at for at, told in watching.seen if told >= many) - when for when, many in receipts)
    reached = (sent - first) / spent
    return {
        "asked_per_second": rate,
        "reached_per_second": round(reached),
        "sustained": reached >= _KEPT_UP * rate,
        "p50_seconds": round(statistics.median(late), 3),
        "p99_seconds": round(late[min(len(late) - 1, int(0.99 * len(late)))], 3),
        "events": sent - first,
    }


def reading(stack: Stack, events: int) -> Mapping[str, float]:
    """A summary, next to a ``$group`` at read over a document per event in the same store (medians)."""
    headers = {"Authorization": f"Bearer {stack.api_keys['leader']}"}
    client: MongoClient[dict[str, Any]] = MongoClient(stack.mongodb_uri)
    collection = client["bench"].get_collection("per_event", write_concern=WriteConcern("majority", j=True))
    for first in range(0, events, 1_000):
        numbers = range(first, min(events, first + 1_000))
        collection.insert_many([{"period": "2021-Q2", "kind": n % 90, "agency": n % 30, "amount": n} for n in numbers])
    sums = {"_id": {"kind": "$kind", "agency": "$agency"}, "events": {"$sum": 1}, "amount": {"$sum": "$amount"}}
    pipeline: list[Mapping[str, Any]] = [{"$match": {"period": "2021-Q2"}}, {"$group": sums}]
    with httpx.Client(base_url=stack.services["reporting"], headers=headers, timeout=60) as asking:
        summary = _median(lambda: asking.get(_SUMMARY).raise_for_status(), 15)
    grouped = _median(lambda: list(collection.aggregate(pipeline)), 5)
    client.close()
    return {
        "events": events,
        "summary_seconds": round(summary, 4),
        "group_seconds": round(grouped, 4),
        "ratio": round(summary / grouped, 3),
    }


def stored(stack: Stack, events: int) -> Mapping[str, float]:
    """Bytes that an event costs at rest, before the store compresses: in support, and in reporting's ledger."""
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as client:
        sizes = {
            f"{database}.{name}": sum(len(bson.encode(one)) for one in client[f"hop_luc_{database}"][name].find())
            for database, name in (("support", "batches"), ("reporting", "ledger"))
        }
    return {name: round(size / events) for name, size in sizes.items()}


def starting(stack: Stack) -> Iterator[tuple[str, float, int]]:
    """Of each service: seconds from its start until it is ready, and its memory in bytes then."""
    for name in SERVICES:
        began = time.perf_counter()
        stack.restart(name)
        spent = time.perf_counter() - began
        fields = Path(f"/proc/{stack.pids[name]}/status").read_text().splitlines()
        yield name, round(spent, 2), next(int(one.split()[1]) * 1024 for one in fields if one.startswith("VmRSS:"))


def _median(ask: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)
