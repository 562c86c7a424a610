"""How fast support takes events over HTTP, next to how fast its store takes the same events raw.

``python -m bench.intake``: rounds of batches of a thousand events over HTTP, each followed by a round of
``insert_many`` of a thousand documents, one per event, into the same store; prints events per second of both and
their ratio. Intake checks each event, and then writes fewer and larger documents.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from typing import Any

import httpx
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from deploy.local.stack import Stack

BATCH = 1_000


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


def rounds(number: int, batches: int) -> Iterator[list[list[dict[str, Any]]]]:
    """Rounds of batches; no event comes twice."""
    for turn in range(number):
        firsts = range(turn * batches * BATCH, (turn + 1) * batches * BATCH, BATCH)
        yield [[training(first + place) for place in range(BATCH)] for first in firsts]


def over_http(client: httpx.Client, batches: list[list[dict[str, Any]]]) -> float:
    """Events per second."""
    bodies = [json.dumps(batch).encode() for batch in batches]
    began = time.perf_counter()
    for body in bodies:
        answer = client.post("/v1/events", content=body, headers={"Content-Type": "application/cloudevents-batch+json"})
        assert answer.json()["accepted"] == BATCH, answer.text
    return len(batches) * BATCH / (time.perf_counter() - began)


def raw(collection: Any, batches: list[list[dict[str, Any]]]) -> float:
    """Documents per second, with the write concern that support asks for."""
    documents = [[{**event, "_id": event["id"]} for event in batch] for batch in batches]
    began = time.perf_counter()
    for batch in documents:
        collection.insert_many(batch)
    return len(batches) * BATCH / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=5, help="of a thousand events, in each round")
    asked = parser.parse_args()
    with Stack(services=("registry", "support")) as stack:
        key = stack.api_keys["SNV"]
        client = httpx.Client(
            base_url=stack.services["support"], headers={"Authorization": f"Bearer {key}"}, timeout=60
        )
        store: MongoClient[dict[str, Any]] = MongoClient(stack.mongodb_uri)
        collection = store["bench"].get_collection("events", write_concern=WriteConcern("majority", j=True))
        speeds = [(over_http(client, each), raw(collection, each)) for each in rounds(asked.rounds, asked.batches)]
        store.close()
    for http, inserted in speeds:
        print(f"intake {http:8,.0f} events/s   insert_many {inserted:8,.0f} documents/s   ratio {http / inserted:.2f}")
    print(f"median ratio {statistics.median(http / inserted for http, inserted in speeds):.2f}")


if __name__ == "__main__":
    main()
