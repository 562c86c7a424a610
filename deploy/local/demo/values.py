"""Values for an event's fields, from the field's type and name: plausible, and matching the term's conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import inspect

from contracts.kinds import KINDS
from deploy.local.demo.chance import Chance
from deploy.local.demo.needs import Need


@dataclass(frozen=True)
class Scene:
    """Where events happen: chance, since when each cooperative may be spoken of, the districts."""

    chance: Chance
    usable: Mapping[str, datetime]
    districts: tuple[str, ...]

    def cooperatives(self, at: datetime, unit: str | None, count: int) -> list[str]:
        """Different cooperatives that are in the register by then: a unit's own, or anywhere in the province."""
        known = [code for code, since in self.usable.items() if since <= at]
        own = [code for code in known if f"-{unit}-" in code] if unit else known
        return self.chance.sample(own or known, min(count, len(own or known)))


def _a_few(chance: Chance) -> int:
    return chance.randint(1, 5)


_AMOUNTS: Mapping[str, Callable[[Chance], int]] = {
    "people": lambda chance: chance.roughly(35),
    "amount": lambda chance: chance.money(120_000_000),
    "capital": lambda chance: chance.money(15_000_000),
    "cost": lambda chance: chance.money(25_000_000),
    "value": lambda chance: chance.money(400_000_000),
    "sales": lambda chance: chance.money(180_000_000),
    "area": lambda chance: chance.roughly(25_000),
    "mass": lambda chance: chance.roughly(9_000),
    "days": lambda chance: chance.roughly(4),
    "materials": lambda chance: chance.roughly(120),
    "stars": lambda chance: chance.choice((3, 3, 3, 4, 5)),
}


_PARTS_OF_PEOPLE = ("women", "minority", "leaders", "managers")
_TEXTS = {"title": "Nội dung minh họa", "product": "Sản phẩm minh họa", "partner": "Đối tác minh họa"}


def data_of(need: Need, at: datetime, scene: Scene, **fixed: Any) -> dict[str, Any]:
    """Data of the term's kind that the term takes."""
    chance, data = scene.chance, dict(fixed)
    for field in fields_of(need.term.kind):
        name = field.name
        if name in data or name == "note":
            continue
        if name in need.term.where:
            data[name] = chance.choice(need.term.where[name])
        elif name == "unit":
            data |= _place(need.unit, scene)
        elif field.required or name == need.term.field or name == "cooperatives" or chance.random() < 0.7:
            data[name] = _value(name, field.type, at, need.unit, scene)
    for name in _PARTS_OF_PEOPLE:
        if name in data and "people" in data:
            data[name] = chance.randint(0, data["people"])
    return data


def _place(unit: str | None, scene: Scene) -> dict[str, Any]:
    """A district's own unit, or now and then some district for an agency of the province."""
    if unit is not None:
        return {} if scene.chance.random() < 0.5 else {"unit": unit}
    return {"unit": scene.chance.choice(scene.districts)} if scene.chance.random() < 0.6 else {}


@cache
def fields_of(kind: str) -> tuple[inspect.Field, ...]:
    described: inspect.Type = inspect.type_info(KINDS[kind].shape)
    assert isinstance(described, inspect.StructType)
    return described.fields


def _value(name: str, kind: inspect.Type, at: datetime, unit: str | None, scene: Scene) -> Any:
    chance = scene.chance
    match _bare(kind):
        case inspect.BoolType():
            return chance.random() < 0.4
        case inspect.LiteralType(values=values):
            return chance.choice(list(values))
        case inspect.IntType():
            return _AMOUNTS.get(name, _a_few)(chance)
        case inspect.VarTupleType():
            return scene.cooperatives(at, unit, chance.randint(1, 4))
        case inspect.StrType() if name == "cooperative":
            return scene.cooperatives(at, unit, 1)[0]
        case inspect.StrType():
            return _TEXTS.get(name, f"{name}-{chance.randint(1, 9)}")
        case other:
            raise TypeError(f"no value for {name}: {other}")


def _bare(kind: inspect.Type) -> inspect.Type:
    """Without what only describes: metadata, and None as an alternative."""
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _bare(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
    return kind
