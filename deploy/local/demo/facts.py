"""Invented events of the agencies, made from the plan itself: every owner speaks every term of every indicator."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from catalogue.model import Plan
from contracts.kinds import RETRACTED
from deploy.local.demo.chance import FIRST_DAY, LAST_DAY, Chance
from deploy.local.demo.loans import LOAN_KINDS, lives
from deploy.local.demo.needs import BATCH_DAYS, MIDSUMMER, needs, saying
from deploy.local.demo.values import Scene, data_of
from deploy.local.demo.year import Saying

_SETTLED = timedelta(days=8)
"""How long a cooperative has been in the register before an agency speaks of it."""


def _ending_kinds(plan: Plan) -> frozenset[str]:
    """Kinds that end what another kind began: they come later and are fewer."""
    terms = (term for task in plan.tasks for indicator in task.indicators for term in indicator.terms)
    return frozenset(term.kind for term in terms if term.sign < 0)


def invent(plan: Plan, chance: Chance, usable: Mapping[str, datetime], wanted: int) -> list[Saying]:
    """About so many events, first versions only, in the order of their instants."""
    scene = Scene(chance, {code: at + _SETTLED for code, at in usable.items()}, _districts(plan))
    asked = needs(plan)
    loans = list(lives(asked, scene, max(3, wanted // 130)))
    others = [need for need in asked if need.term.kind not in LOAN_KINDS]
    each = max(1.0, (wanted - len(loans)) / len(others))
    ending, sayings, count = _ending_kinds(plan), loans, 0
    for need in others:
        ends = need.term.kind in ending
        for _ in range(_how_many(chance, each * (0.5 if ends else 1.0))):
            count += 1
            at = chance.instant(MIDSUMMER if ends else FIRST_DAY, LAST_DAY if ends else date(2021, 12, 28))
            subject = f"{need.term.kind}-{need.agency}-{count}"
            sayings.append(saying(need.agency, need.term.kind, subject, at, data_of(need, at, scene)))
    return sorted(sayings, key=lambda saying: str(saying.event["time"]))


def _how_many(chance: Chance, each: float) -> int:
    return max(1, int(each) + (chance.random() < each % 1))


def second_thoughts(first: list[Saying], chance: Chance, corrected: float, retracted: float) -> list[Saying]:
    """Corrections and retractions of some events, each at a higher revision and some days later."""
    later = []
    for original in first:
        event, draw = original.event, chance.random()
        if draw >= corrected + retracted:
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
        name: value + chance.randint(1, 5) if isinstance(value, int) and name in ("people", "amount", "cost") else value
        for name, value in data.items()
    }


def _districts(plan: Plan) -> tuple[str, ...]:
    return tuple(unit.code for unit in plan.units_on(FIRST_DAY) if unit.level == "district")
