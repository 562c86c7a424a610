"""Whether an indicator can be counted: its terms against the kinds of event that the contracts declare. Pure."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import inspect

from catalogue.averages import problems_of_average
from catalogue.model import Indicator, Measure, Term, Wanted
from contracts.kinds import KINDS
from contracts.shapes import Shape

COUNTED_SPEAKERS = ("registry", "support")


def problems_of_indicator(indicator: Indicator) -> Iterator[str]:
    """Why the indicator can't be counted, if it can't."""
    if indicator.measure == "average":
        yield from problems_of_average(indicator)
        return
    if not indicator.terms:
        yield f"a {indicator.measure} needs terms"
    if indicator.of or indicator.per:
        yield f"only an average is `of` one indicator `per` another, not a {indicator.measure}"
    for term in indicator.terms:
        kind = KINDS.get(term.kind)
        if kind is None:
            yield f"unknown kind {term.kind!r}"
        elif kind.speaker not in COUNTED_SPEAKERS:
            yield f"kind {term.kind!r} is said by {kind.speaker}, not about cooperatives"
        else:
            if kind.speaker == "registry" and indicator.speakers == "owners":
                yield f'kind {term.kind!r} is said by registration offices: speakers must be "any"'
            yield from _amount(indicator.measure, term, kind.shape)
            yield from _move(indicator.measure, term, kind.shape)
            yield from _conditions(term, kind.shape)


def problems_of_term(term: Term) -> Iterator[str]:
    """Why there is nothing to add up in the events of the term, if there is nothing."""
    kind = KINDS.get(term.kind)
    if kind is None:
        yield f"unknown kind {term.kind!r}"
    else:
        yield from _amount("sum", term, kind.shape)
        yield from _conditions(term, kind.shape)


def _amount(measure: Measure, term: Term, shape: type[Shape]) -> Iterator[str]:
    fields = {field.name: field.type for field in _fields(shape)}
    if term.sign < 0 and measure != "stock":
        yield f"only a stock takes a negative sign, not a {measure}"
    if measure == "distinct" and not fields.keys() & {"cooperative", "cooperatives"}:
        yield f"kind {term.kind!r} names no cooperatives to count"
    if measure == "sum" and term.field is None:
        yield f"a sum needs the field of {term.kind!r} to add up"
    if term.field is None:
        return
    if measure in ("count", "distinct"):
        yield f"a {measure} takes no field, but {term.field!r} is given"
    elif term.field not in fields:
        yield f"kind {term.kind!r} has no field {term.field!r}"
    elif not _is_whole_number(fields[term.field]):
        yield f"field {term.field!r} of {term.kind!r} is not a whole number"


def _move(measure: Measure, term: Term, shape: type[Shape]) -> Iterator[str]:
    if term.moved and measure != "stock":
        yield f"only a stock is moved from one unit to another, not a {measure}"
    if term.moved and all(field.name != "previous_unit" for field in _fields(shape)):
        yield f"kind {term.kind!r} moves nothing from one unit to another"


def _conditions(term: Term, shape: type[Shape]) -> Iterator[str]:
    hints = get_type_hints(shape, include_extras=True)
    for name, values in term.where.items():
        if name not in hints:
            yield f"where: kind {term.kind!r} has no field {name!r}"
            continue
        for value in values:
            if reason := _mismatch(value, hints[name]):
                yield f"where: {value!r} can't be the {name!r} of {term.kind!r}: {reason}"


def _mismatch(value: Wanted, hint: Any) -> str:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


@cache
def _fields(shape: type[Shape]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(shape)
    assert isinstance(info, inspect.StructType)
    return info.fields


def _is_whole_number(kind: inspect.Type) -> bool:
    match kind:
        case inspect.Metadata(type=inner):
            return _is_whole_number(inner)
        case inspect.UnionType(types=types):
            return all(isinstance(each, inspect.NoneType) or _is_whole_number(each) for each in types)
        case inspect.IntType():
            return True
        case _:
            return False
