"""What a kind's fields are, read off its class: for the documents, the examples and whoever makes forms. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import NODEFAULT, inspect

from contracts.kinds import Kind
from contracts.labels import label_of


@dataclass(frozen=True)
class Field:
    """One field of a kind's data: its Vietnamese title, its unit, whether it must be there, its bare type.

    ``default`` is what it is worth where it is left out, ``NODEFAULT`` where it may not be. ``labels`` are the codes it
    may hold, each with its Vietnamese name; empty where it holds something else.
    """

    name: str
    title: str
    unit: str
    required: bool
    default: Any
    type: inspect.Type
    labels: Mapping[str, str]


def fields_of(kind: Kind) -> Sequence[Field]:
    """The fields in the order they are declared, those of the shape that alike kinds share first."""
    described: inspect.Type = inspect.type_info(kind.shape)
    assert isinstance(described, inspect.StructType)
    return [_field(kind, field) for field in described.fields]


def _field(kind: Kind, field: inspect.Field) -> Field:
    bare, title, unit = _unwrapped(field.type)
    assert field.default_factory is NODEFAULT, f"{field.name}: a default that is made anew is not known here"
    return Field(field.name, title, unit, field.required, field.default, bare, _labels(kind, field.name, bare))


def _labels(kind: Kind, name: str, bare: inspect.Type) -> Mapping[str, str]:
    """A code that has no label yet stands for itself; a test names it."""
    codes = [str(value) for value in bare.values] if isinstance(bare, inspect.LiteralType) else []
    return {code: label_of(kind.name, name, code) or code for code in codes}


def _unwrapped(kind: inspect.Type) -> tuple[inspect.Type, str, str]:
    """The type without what describes it and without None; the outermost title and unit win."""
    title = unit = ""
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.UnionType):
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
            continue
        told = kind.extra_json_schema or {}
        title, unit = title or told.get("title", ""), unit or told.get("x-unit", "")
        kind = kind.type
    return kind, title, unit
