"""How fast support takes events over HTTP, next to how fast its store takes the same events raw.

``python -m bench.intake``: rounds of batches of a thousand events over HTTP, each followed by a round of
``insert_many`` of a thousand documents, one per event, into the same store; prints events per second of both and
their ratio. Of classes held, intake checks each event and then writes fewer and larger documents; of loans granted, it
writes a document for each, since a loan is an account.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from deploy.local.stack import Stack

BATCH = 1_000
HTX = "HTX-BENCH"


def training(number: int) -> dict[str, Any]:
    """A class that Sở Nội vụ held, invented."""
    return {
        "specversion": "1.0",
        "id": f"bench-{number}",
        "source": "urn:bench",
        "type": "training.held",
        "subject": f"training-bench-{number}",
        "time": f"2021-04-{1 + number % 28:02d}T09:00:00+07:00",
        "data": {"people": number % 40, "audience": "officials", "topic": "state-management"},
    }


def loan(number: int) -> dict[str, Any]:
    """A loan that the State Bank's branch tells of, invented."""
    return {
        "specversion": "1.0",
        "id": f"bench-{number}",
        "source": "urn:bench",
        "type": "loan.granted",
        "subject": f"loan-bench-{number}/granted",
        "time": f"2021-04-{1 + number % 28:02d}T09:00:00+07:00",
        "data": {
            "cooperative": HTX,
            "loan": f"bench-{number}",
            "programme": "decree-55-2015",
            "amount": 1_000_000 + number,
            "purpose": "expansion",
            "branch": "LS-1",
        },
    }


KINDS: dict[str, tuple[str, Callable[[int], dict[str, Any]]]] = {"classes": ("SNV", training), "loans": ("NHNN", loan)}


def rounds(event: Callable[[int], dict[str, Any]], number: int, batches: int) -> Iterator[list[list[dict[str, Any]]]]:
    """Rounds of batches; no event comes twice."""
    for turn in range(number):
        firsts = range(turn * batches * BATCH, (turn + 1) * batches * BATCH, BATCH)
        yield [[event(first + place) for place in range(BATCH)] for first in firsts]


def over_http(client: httpx.Client, key: str, batches: list[list[dict[str, Any]]]) -> float:
    """Events per second."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents-batch+json"}
    bodies = [json.dumps(batch).encode() for batch in batches]
    began = time.perf_counter()
    for body in bodies:
        answer = client.post("/v1/events", content=body, headers=headers)
        assert answer.json()["accepted"] == BATCH, answer.text
    return len(batches) * BATCH / (time.perf_counter() - began)


def raw(collection: Any, kind: str, batches: list[list[dict[str, Any]]]) -> float:
    """Documents per second, with the write concern that support asks for."""
    documents = [[{**event, "_id": f"{kind}-{event['id']}"} for event in batch] for batch in batches]
    began = time.perf_counter()
    for batch in documents:
        collection.insert_many(batch)
    return len(batches) * BATCH / (time.perf_counter() - began)


def enter(stack: Stack) -> None:
    """Register the cooperative that the loans are granted to, and wait until support has heard of it."""
    body = {
        "code": HTX,
        "form": "htx",
        "name": "HTX đo tốc độ",
        "sector": "agriculture",
        "members": 9,
        "capital": 500_000_000,
        "unit": "178",
        "at": "2021-03-02T08:00:00+07:00",
    }
    headers = {"Authorization": f"Bearer {stack.api_keys['UBND-178']}"}
    httpx.post(f"{stack.services['registry']}/v1/cooperatives", json=body, headers=headers).raise_for_status()
    first = {"Authorization": f"Bearer {stack.api_keys['NHNN']}"}
    deadline = time.monotonic() + 30
    while httpx.post(f"{stack.services['support']}/v1/events", json=loan(-1), headers=first).json()["held"]:
        httpx.delete(f"{stack.services['support']}/v1/held/{loan(-1)['id']}", headers=first)
        assert time.monotonic() < deadline, "support has not heard of the cooperative"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=5, help="of a thousand events, in each round")
    asked = parser.parse_args()
    with Stack(services=("registry", "support")) as stack:
        enter(stack)
        client = httpx.Client(base_url=stack.services["support"], timeout=60)
        store: MongoClient[dict[str, Any]] = MongoClient(stack.mongodb_uri)
        collection = store["bench"].get_collection("events", write_concern=WriteConcern("majority", j=True))
        for kind, (agency, event) in KINDS.items():
            key = stack.api_keys[agency]
            speeds = [
                (over_http(client, key, each), raw(collection, kind, each))
                for each in rounds(event, asked.rounds, asked.batches)
            ]
            for http, inserted in speeds:
                print(
                    f"{kind}: intake {http:8,.0f} events/s   insert_many {inserted:8,.0f} documents/s   "
                    f"ratio {http / inserted:.2f}"
                )
            print(f"{kind}: median ratio {statistics.median(http / inserted for http, inserted in speeds):.2f}")
        store.close()


if __name__ == "__main__":
    main()
