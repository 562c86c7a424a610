"""Whether an average says something: a total over how many it is of, both counted of the very same events. Pure."""

from collections.abc import Iterator

from msgspec import inspect

from catalogue.model import Indicator, Term
from contracts.kinds import KINDS

_DIVISORS = ("count", "sum", "distinct")


def problems_of_average(indicator: Indicator) -> Iterator[str]:
    """Why the average says nothing, if it does not."""
    if indicator.terms:
        yield "an average takes no terms: it is `of` one indicator `per` another"
    of, per = indicator.of, indicator.per
    if of is None or per is None:  # reading told it already
        return
    if of.measure != "sum":
        yield f"only a sum has an average: {of.code!r} is of measure {of.measure}"
    if per.measure not in _DIVISORS:
        yield f"an average is per count, sum or distinct cooperatives: {per.code!r} is of measure {per.measure}"
    if {of.speakers, per.speakers} != {indicator.speakers}:
        yield f"its speakers, those of {of.code!r} and those of {per.code!r} must be the same"
    if _events(of) != _events(per):
        yield f"{of.code!r} and {per.code!r} must take the same events"
    for part in (of, per):
        yield from _left_out(part)


def _events(part: Indicator) -> set[tuple[str, tuple[tuple[str, tuple[object, ...]], ...]]]:
    return {(term.kind, tuple(sorted(term.where.items()))) for term in part.terms}


def _left_out(part: Indicator) -> Iterator[str]:
    """Fields that an event may lack: the total would lack them too, but the event would be divided by."""
    for term in part.terms:
        if term.kind in KINDS and term.field is not None and not _always_told(term):
            yield f"{part.code!r} takes {term.field!r} of {term.kind!r}, which may be left out"


def _always_told(term: Term) -> bool:
    shape = inspect.type_info(KINDS[term.kind].shape)
    assert isinstance(shape, inspect.StructType)
    return any(field.name == term.field and field.required for field in shape.fields)
