"""What real traffic is like: said twice, late, broken, and bytes on a topic that nobody can read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from catalogue.model import Plan
from catalogue.windows import local_day
from contracts.kinds import RETRACTED
from contracts.topics import REGISTRY, SUPPORT
from deploy.local.demo.chance import FIRST_DAY, LAST_DAY, Chance
from deploy.local.demo.needs import next_batch
from deploy.local.demo.year import Garbage, Saying


def delayed(sayings: Iterable[Saying], chance: Chance, share: float) -> list[Saying]:
    """Some arrive days after the batch they belong to, behind events that happened later."""
    return [_later(one, chance.randint(2, 20)) if chance.random() < share else one for one in sayings]


def repeated(sayings: Sequence[Saying], chance: Chance, share: float) -> list[Saying]:
    """Some are sent again some days later, word for word."""
    again = chance.sample(list(sayings), round(len(sayings) * share))
    return [_later(one, chance.randint(1, 30)) for one in again]


def _later(saying: Saying, days: int) -> Saying:
    """In a batch at least so many days later."""
    return replace(saying, sent=next_batch(saying.agency, saying.sent + timedelta(days=days)))


def broken(plan: Plan, sayings: Sequence[Saying], chance: Chance, count: int) -> list[Saying]:
    """Events that must be refused, each in one of the ways that clerks and programs find."""
    ways = (_without_time, _amount_as_text, _unknown_kind, _in_the_future, _foreign_agency)
    found = []
    for number in range(count):
        original = chance.choice(sayings)
        event = {**original.event, "id": f"hong-{number}", "subject": f"hong-{number}"}
        way = number % (len(ways) + 1)
        found.append(
            replace(original, event=ways[way](event), sound=False)
            if way < len(ways)
            else replace(original, agency=_stranger(plan, original, chance), event=event, sound=False)
        )
    return found


def _stranger(plan: Plan, saying: Saying, chance: Chance) -> str:
    """An agency whose tasks have nothing to do with what is said."""
    kind, day = saying.event["type"].removesuffix(RETRACTED), local_day(saying.sent)
    return chance.choice([one.code for one in plan.agencies_on(day) if not plan.may_say(one.code, kind, day)])


def _without_time(event: dict[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name != "time"}


def _amount_as_text(event: dict[str, Any]) -> Mapping[str, Any]:
    return {**event, "type": "training.held", "data": {"people": "ba mươi"}}


def _unknown_kind(event: dict[str, Any]) -> Mapping[str, Any]:
    return {**event, "type": "training.hed"}


def _in_the_future(event: dict[str, Any]) -> Mapping[str, Any]:
    return {**event, "time": "2035-01-01T08:00:00+07:00"}


def _foreign_agency(event: dict[str, Any]) -> Mapping[str, Any]:
    return {**event, "agency": "BTC"}


def garbage(chance: Chance, count: int) -> list[Garbage]:
    """Bytes straight onto the canonical topics, past every check."""
    values = (b"", b"{", b"\xff\xfe\x00garbage", b"[]", b'{"specversion":"1.0"}', chance.randbytes(64))
    return sorted(
        (
            Garbage(
                chance.instant(FIRST_DAY, LAST_DAY),
                (SUPPORT, REGISTRY)[number % 2].name,
                values[number % len(values)],
                (("traceparent", b"\xff\xfe"), ("", chance.randbytes(8))),
            )
            for number in range(count)
        ),
        key=lambda one: one.sent,
    )
