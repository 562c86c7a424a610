"""Whether agencies and units follow each other without gap or overlap. Pure; each problem says where it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from catalogue.entries import Placed
from catalogue.roster import Agency, Group, Level, Unit
from catalogue.windows import ONE_DAY

_DIGITS: Mapping[Level, int] = {"district": 3, "commune": 5}


def of_groups(groups: Iterable[Placed[Group]], agencies: Sequence[Placed[Agency]]) -> Iterator[str]:
    """Groups that can have no member."""
    kinds = {agency.noun.kind for agency in agencies}
    for group in groups:
        for kind in group.noun.kinds:
            if kind not in kinds:
                yield f"{group.place}: no agency is of kind {kind!r}"


def of_agencies(agencies: Sequence[Placed[Agency]], known: frozenset[str]) -> Iterator[str]:
    """Agencies whose validity is wrong, or does not meet their successor's."""
    nouns = {agency.noun.code: agency.noun for agency in agencies}
    for placed in agencies:
        agency = placed.noun
        if agency.valid_to is not None and agency.valid_to < agency.valid_from:
            yield f"{placed.place}: ends on {agency.valid_to}, before it begins on {agency.valid_from}"
        if agency.successor is None:
            continue
        if agency.successor not in known:
            yield f"{placed.place}: unknown successor {agency.successor!r}"
        elif agency.valid_to is None:
            yield f"{placed.place}: names a successor but no last day (valid_to)"
        elif agency.successor in nouns:
            yield from _seam(placed.place, agency.valid_from, agency.valid_to, nouns[agency.successor])


def _seam(place: str, valid_from: date, valid_to: date, successor: Agency) -> Iterator[str]:
    # A successor either stood beside the agency from the start, or begins the day after.
    next_day = valid_to + ONE_DAY
    if successor.valid_from > next_day:
        yield f"{place}: gap: ends on {valid_to}, its successor {successor.code} begins on {successor.valid_from}"
    elif valid_from < successor.valid_from < next_day:
        yield f"{place}: overlap: ends on {valid_to}, its successor {successor.code} begins on {successor.valid_from}"
    elif successor.valid_to is not None and successor.valid_to < next_day:
        yield f"{place}: gap: ends on {valid_to}, when its successor {successor.code} has ended ({successor.valid_to})"


def of_units(units: Sequence[Placed[Unit]], known: frozenset[str]) -> Iterator[str]:
    """Units whose code is not of their level's form, or that do not begin the day after their predecessor."""
    nouns = {unit.noun.code: unit.noun for unit in units}
    for placed in units:
        unit = placed.noun
        if len(unit.code) != _DIGITS[unit.level]:
            yield f"{placed.place}: the code of a {unit.level} has {_DIGITS[unit.level]} digits"
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            yield f"{placed.place}: ends on {unit.valid_to}, before it begins on {unit.valid_from}"
        if unit.predecessor is None:
            continue
        if unit.predecessor not in known:
            yield f"{placed.place}: unknown predecessor {unit.predecessor!r}"
        elif unit.predecessor in nouns:
            yield from _follows(placed.place, unit, nouns[unit.predecessor])


def _follows(place: str, unit: Unit, predecessor: Unit) -> Iterator[str]:
    end = predecessor.valid_to
    if end is None or unit.valid_from <= end:
        ends = f"ends on {end}" if end else "does not end"
        yield f"{place}: overlap: begins on {unit.valid_from}, its predecessor {predecessor.code} {ends}"
    elif unit.valid_from > end + ONE_DAY:
        yield f"{place}: gap: begins on {unit.valid_from}, its predecessor {predecessor.code} ends on {end}"
