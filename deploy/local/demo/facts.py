"""Invented events of the agencies, made from the plan itself: every owner speaks every term of every indicator."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from catalogue.model import Plan
from contracts.kinds import RETRACTED
from deploy.local.demo.chance import FIRST_DAY, Chance
from deploy.local.demo.endings import Open, beginnings
from deploy.local.demo.loans import LOAN_KINDS, lives
from deploy.local.demo.needs import BATCH_DAYS, Need, needs, saying
from deploy.local.demo.values import Scene, data_of
from deploy.local.demo.year import Saying

_LAST_BUSINESS = date(2021, 12, 28)
_SLIPS = {"people": 1, "amount": 100_000, "cost": 100_000}
"""What a clerk gets wrong, by how much of its unit."""
_SETTLED = timedelta(days=8)
"""How long a cooperative has been in the register before an agency speaks of it."""


def invent(plan: Plan, chance: Chance, usable: Mapping[str, datetime], wanted: int) -> list[Saying]:
    """About so many events, first versions only, in the order of their instants."""
    scene = Scene(chance, {code: at + _SETTLED for code, at in usable.items()}, _districts(plan))
    asked, kinds = needs(plan), beginnings(plan)
    sayings = list(lives(asked, scene, max(3, wanted // 130)))
    others = [need for need in asked if need.term.kind not in LOAN_KINDS]
    each = max(1.0, (wanted - len(sayings)) / len(others))
    for need in others:
        if need.term.kind not in kinds:
            sayings += _said(need, _how_many(chance, each), len(sayings), scene)
    begun = Open(sayings, kinds, scene)
    for need in others:
        if need.term.kind in kinds:
            sayings += begun.endings(need, _how_many(chance, each / 2))
    return sorted(sayings, key=lambda saying: str(saying.event["time"]))


def _said(need: Need, count: int, number: int, scene: Scene) -> Iterator[Saying]:
    for one in range(number, number + count):
        at = scene.chance.instant(FIRST_DAY, _LAST_BUSINESS)
        subject = f"{need.term.kind}-{need.agency}-{one + 1}"
        yield saying(need.agency, need.term.kind, subject, at, data_of(need, at, scene))


def _how_many(chance: Chance, each: float) -> int:
    return max(1, int(each) + (chance.random() < each % 1))


def second_thoughts(
    plan: Plan, first: list[Saying], chance: Chance, corrected: float, retracted: float
) -> list[Saying]:
    """Corrections and retractions of some events, each at a higher revision and some days later.

    What begins or ends something stays as it is: the one may never be more than the other.
    """
    later = []
    kinds = beginnings(plan)
    agreeing = LOAN_KINDS.union(kinds, *kinds.values())
    for original in first:
        event, draw = original.event, chance.random()
        if draw >= corrected + retracted or event["type"] in agreeing:
            continue
        if draw < corrected:
            kind, data = event["type"], _corrected(event["data"], chance)
        else:
            kind, data = event["type"] + RETRACTED, {"reason": "Nhập nhầm (dữ liệu minh họa)"}
        at = datetime.fromisoformat(event["time"])
        again = saying(original.agency, kind, event["subject"], at, data, revision=2)
        later.append(Saying(original.sent + timedelta(days=BATCH_DAYS), again.agency, again.event))
    return later


def _corrected(data: Mapping[str, Any], chance: Chance) -> dict[str, Any]:
    """The same with its amounts changed a little, as a clerk mends a slip."""
    return {
        name: value + chance.randint(1, 5) * _SLIPS[name] if name in _SLIPS else value for name, value in data.items()
    }


def _districts(plan: Plan) -> tuple[str, ...]:
    return tuple(unit.code for unit in plan.units_on(FIRST_DAY) if unit.level == "district")
