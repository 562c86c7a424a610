"""What the agencies' systems say in a run: events, corrections, retractions, repetitions, mistakes; and reports.

The same for the same seed. Pure.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contracts.kinds import RETRACTED

Event = dict[str, Any]
Way = Literal["http", "kafka"]

HTX = tuple(f"HTX-F{number:02d}" for number in range(24))
"""Cooperatives that are registered before anything else."""
SIGNED = 60
"""Classes of the first quarter, which is signed before the rest is said."""
_LARGEST = {"http": 800, "kafka": 400}


@dataclass(frozen=True)
class Speaker:
    """An agency's system, on which way it speaks, and its share of the events."""

    agency: str
    way: Way
    share: float


SPEAKERS = (
    Speaker("SNV", "http", 0.5),
    Speaker("NHNN", "http", 0.2),
    Speaker("SCT", "kafka", 0.3),
)


def source_of(agency: str) -> str:
    return f"urn:{agency.lower()}:failure"


def said_before() -> list[Event]:
    """What SNV says of the first quarter."""
    return [_class(number, random.Random(number), "2021-02") for number in range(SIGNED)]


def stream(seed: int, speaker: Speaker, events: int) -> list[list[Event]]:
    """The events of one system in batches, in the order it says them."""
    chance = random.Random(f"{speaker.agency} of {seed}")
    said = _mistaken(chance, speaker, _repeated(chance, _lives(chance, speaker, events)))
    batches: list[list[Event]] = []
    first = 0
    while first < len(said):
        size = chance.randint(1, _LARGEST[speaker.way])
        batches.append(said[first : first + size])
        first += size
    return batches


def reporting(seed: int, agencies: Sequence[str]) -> list[tuple[float, str, str]]:
    """When which agency hands in its report, as a share of the traffic, and its document's number: two of three do."""
    chance = random.Random(f"reports of {seed}")
    handing_in = chance.sample(list(agencies), len(agencies) * 2 // 3)
    return sorted((chance.uniform(0.0, 0.9), agency, f"{n}/BC-{agency}") for n, agency in enumerate(handing_in, 1))


def _lives(chance: random.Random, speaker: Speaker, events: int) -> list[Event]:
    """Facts and what becomes of them later: one in eight is corrected, one in sixteen taken back."""
    facts = {"SNV": _classes, "NHNN": _loans, "SCT": _fairs}[speaker.agency](chance)
    said: list[tuple[float, Event]] = []
    place = 0.0
    while len(said) < events:
        fact, other = next(facts)
        said.append((place, fact))
        revision, later = 1, place
        while chance.random() < 0.125:
            revision, later = revision + 1, later + chance.expovariate(1 / 300)
            said.append((later, revised(fact, revision, data=other)))
        if chance.random() < 0.0625 and speaker.agency != "NHNN":
            said.append((later + chance.expovariate(1 / 300), retracted(fact, revision + 1)))
        place += 1.0
    said.sort(key=lambda one: one[0])
    return [event for _, event in said[:events]]


def revised(fact: Event, revision: int, data: dict[str, Any]) -> Event:
    """The fact stated again, otherwise."""
    name = fact["id"].rpartition("/")[0]
    return {**fact, "id": f"{name}/{revision}", "revision": revision, "data": data}


def retracted(fact: Event, revision: int) -> Event:
    """The fact taken back."""
    return {
        **revised(fact, revision, {"reason": "Nhập trùng với văn bản khác"}),
        "type": f"{fact['type']}{RETRACTED}",
    }


def _repeated(chance: random.Random, said: list[Event]) -> list[Event]:
    """One in fifty is said once more, some time later."""
    again = [(place + chance.expovariate(1 / 500), event) for place, event in enumerate(said) if chance.random() < 0.02]
    whole = sorted([*enumerate(map(float, range(len(said))))], key=lambda one: one[1])
    mixed = [(at, said[number]) for number, at in whole] + again
    return [event for _, event in sorted(mixed, key=lambda one: one[0])]


def _mistaken(chance: random.Random, speaker: Speaker, said: list[Event]) -> list[Event]:
    """One in two hundred is no event of the plan: refused, and never counted."""
    wrong: list[Event] = []
    for event in said:
        wrong.append(event)
        if chance.random() < 0.005:
            wrong.append(
                {**event, "id": f"{event['id']}/wrong-{len(wrong)}", "type": f"{speaker.agency.lower()}.unheard"}
            )
    return wrong


def _event(agency: str, kind: str, subject: str, time: str, data: dict[str, Any]) -> Event:
    return {
        "specversion": "1.0",
        "id": f"{subject}/1",
        "source": source_of(agency),
        "type": kind,
        "subject": subject,
        "time": time,
        "revision": 1,
        "data": data,
    }


def _class(number: int, chance: random.Random, month: str) -> Event:
    data = {"people": chance.randint(1, 60), "audience": "officials", "topic": "state-management"}
    time = f"{month}-{1 + number % 28:02d}T09:00:00+07:00"
    return _event("SNV", "training.held", f"class-{number}", time, data)


def _classes(chance: random.Random) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Classes of the second quarter, and every tenth of the first, which is signed."""
    number = SIGNED
    while True:
        fact = _class(number, chance, "2021-02" if chance.random() < 0.1 else "2021-04")
        yield fact, {**fact["data"], "people": chance.randint(1, 60)}
        number += 1


def _loans(chance: random.Random) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Loans: each granted, then paid out; what was paid out is corrected, and never to more than was granted."""
    number = 0
    while True:
        amount = chance.randrange(1_000_000, 900_000_000)
        data = {"cooperative": chance.choice(HTX), "loan": f"F{number}", "programme": "decree-55-2015"}
        granted = {**data, "amount": amount, "purpose": "expansion", "branch": "LS-1"}
        paid = {**data, "amount": chance.randrange(1, amount)}
        time = f"2021-04-{1 + number % 28:02d}T09:00:00+07:00"
        yield _event("NHNN", "loan.granted", f"loan-{number}/granted", time, granted), granted
        yield (
            _event("NHNN", "loan.disbursed", f"loan-{number}/disbursed", time, paid),
            {**paid, "amount": chance.randrange(1, amount)},
        )
        number += 1


def _fairs(chance: random.Random) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Trade fairs with some cooperatives; a correction names others."""
    number = 0
    while True:
        time = f"2021-05-{1 + number % 28:02d}T09:00:00+07:00"
        first, other = (
            {"cooperatives": chance.sample(HTX, chance.randint(1, 2)), "form": "fair", "stands": chance.randrange(50)}
            for _ in range(2)
        )
        yield _event("SCT", "trade_promotion.held", f"fair-{number}", time, first), other
        number += 1
