"""Invented mergers, divisions and conversions. Who takes part in one does nothing else that is told of."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from catalogue.model import Plan
from deploy.local.demo.chance import Chance
from deploy.local.demo.cooperatives import BEFORE, Member, change_of, districts, entry, found, later
from deploy.local.demo.year import Change

_FIRST_NUMBER = 900
"""Its codes are beyond those of the others."""


def invent(plan: Plan, chance: Chance, each: int) -> list[Change]:
    """So many of each sort, every change after those that it follows from."""
    units = districts(plan)
    changes: list[Change] = []
    for number in range(_FIRST_NUMBER, _FIRST_NUMBER + 10 * each, 10):
        unit = units[number // 10 % len(units)]
        for form in ("htx", "tht"):
            one, other, divided = (_founded(chance, form, number + 5 * (form == "tht") + n, unit) for n in range(3))
            changes += _merged(one, other, chance, stops=False)
            changes += _divided(divided, chance, stops=False)
        one, other = (_founded(chance, "htx", number + n, unit) for n in (3, 4))
        changes += _merged(one, other, chance, stops=True)
        changes += _converted(_founded(chance, "tht", number + 8, unit), chance, stops=False)
        changes += _divided(_founded(chance, "htx", number + 9, unit), chance, stops=True)
        changes += _converted(_founded(chance, "tht", number + 9, unit), chance, stops=True)
    return sorted(changes, key=lambda change: change.at)


def _founded(chance: Chance, form: str, number: int, unit: str) -> Member:
    """Of agriculture, and large enough to be divided."""
    member = found(chance, form, number, unit, chance.instant(*BEFORE))
    return replace(member, sector="agriculture", members=member.members + 20)


def _merged(one: Member, other: Member, chance: Chance, *, stops: bool) -> Iterator[Change]:
    """The other goes into the one with everybody and all it has; it may have stopped before."""
    life = one.code
    yield from (_registered(one, life), _registered(other, life))
    one = later(one, chance)
    if stops:
        other = later(other, chance, active=False)
        yield _stopped(other, life)
    at = max(one.at, other.at)
    joined = {name: getattr(other, name) for name in ("members", "capital", "women", "minority", "workers")}
    one = replace(one, at=at, **{name: getattr(one, name) + number for name, number in joined.items()})
    told = {"absorbed": [other.code], "members": one.members, "capital": one.capital}
    changed = {f"{name}_change": number for name, number in joined.items()} | {"active": True}
    yield _by(one, "/mergers", "cooperative.amended", told, changed, life)
    gone = replace(other, at=at, version=other.version + 1)
    yield _follows(_by(gone, "", "cooperative.merged", {}, {"was_active": other.active, "into": one.code}, life))


def _divided(whole: Member, chance: Chance, *, stops: bool) -> Iterator[Change]:
    """Two halves are made of the whole; it may have stopped before."""
    yield _registered(whole, whole.code)
    if stops:
        whole = later(whole, chance, active=False)
        yield _stopped(whole, whole.code)
    whole = later(whole, chance)
    halves = [
        replace(
            whole,
            code=f"{whole.code}-{half}",
            name=f"{whole.name} {half}",
            version=1,
            active=True,
            members=(whole.members + half) // 2,
            capital=whole.capital // 2,
            women=whole.women // 2,
            minority=whole.minority // 2,
            workers=whole.workers // 2,
        )
        for half in (0, 1)
    ]
    founded = [{"code": half.code, "at": half.at.isoformat(), **entry(half)} for half in halves]
    gone = {"was_active": whole.active, "successors": tuple(half.code for half in halves)}
    yield _by(whole, "/divisions", "cooperative.divided", {"founded": founded}, gone, whole.code)
    yield from (_follows(_registered(half, whole.code)) for half in halves)


def _converted(group: Member, chance: Chance, *, stops: bool) -> Iterator[Change]:
    """A group goes on as a cooperative; it may have stopped before."""
    yield _registered(group, group.code)
    if stops:
        group = later(group, chance, active=False)
        yield _stopped(group, group.code)
    name = group.name.replace("Tổ hợp tác", "HTX")
    after = later(group, chance, form="htx", name=name)
    told = {"form": "htx", "name": name}
    changed = {"previous_form": "tht", "active": group.active}
    yield _by(after, "/conversions", "cooperative.converted", told, changed, group.code)


def _stopped(member: Member, life: str) -> Change:
    return _by(member, "/suspensions", "cooperative.suspended", {"reason": "Tạm ngừng sản xuất"}, {}, life)


def _registered(member: Member, life: str) -> Change:
    return _by(member, "", "cooperative.registered", {"code": member.code, **entry(member)}, {}, life)


def _by(member: Member, route: str, kind: str, body: dict[str, Any], more: dict[str, Any], life: str) -> Change:
    return replace(change_of(member, f"UBND-{member.unit}", route, kind, body, more), life=life)


def _follows(change: Change) -> Change:
    return replace(change, path=None)
