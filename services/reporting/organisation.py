"""Under which names figures are read after agencies merged and districts ended, and in an agency's report. Pure.

``day``        the names of the day: who told it, and the unit that was named.
``today``      who stands today in the place of who told it. A district became several communes, and what was told of it
               cannot be split: it stays under the district, as their predecessor.
``districts``  communes under the district that they were part of. Whoever told it keeps its own name: a district's
               committee does not stand in the place of the communes'.

Each is a function from names to names, so merging only ever adds up: nothing is lost, and nothing counted twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from catalogue.model import Plan, Unit
from catalogue.roster import NobodyStands
from services.reporting.model import CellKey

MapName = Literal["day", "today", "districts"]
NamesName = Literal["day", "today", "districts", "answering"]
"""The maps, and the names of an agency's report."""


@dataclass(frozen=True)
class Names:
    """New names by old; who is not in it keeps its own. ``alone`` has by indicator who takes whatever anybody told."""

    agencies: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: CellKey) -> CellKey:
        """The same cell under these names."""
        agency = self.alone.get(key.indicator) or self.agencies.get(key.agency)
        unit = self.units.get(key.unit)
        if agency is None and unit is None:
            return key
        return key._replace(agency=agency or key.agency, unit=unit or key.unit)


AS_TOLD = Names()


def names(plan: Plan, name: MapName, today: date) -> Names:
    """The names of a map, on the day it is asked for."""
    if name == "day":
        return AS_TOLD
    if name == "districts":
        return Names(units=dict(_districts(plan)))
    heirs = dict(_heirs(plan, today))
    committee = {agency.unit: agency.code for agency in plan.agencies if agency.unit is not None}
    followed = {committee[old]: committee[new] for old, new in heirs.items()}
    return Names(dict(_successors(plan, today)) | followed, heirs)


def answering(plan: Plan, day: date) -> Names:
    """The names of those who answer for what was told, on the last day of a report's window: who stands in the place of
    whoever told it; and where anybody may tell of a task for which one agency alone answers, that one."""
    alone = {
        indicator.code: owners[0]
        for task in plan.tasks
        for owners in (plan.owners(task.code, day),)
        for indicator in task.indicators
        if indicator.speakers == "any" and len(owners) == 1
    }
    return replace(names(plan, "today", day), alone=alone)


def names_of(plan: Plan, name: NamesName, today: date, last_day: date) -> Names:
    """The names of a map on the day it is asked for; or those of who answers on a report's last day."""
    return answering(plan, last_day) if name == "answering" else names(plan, name, today)


def _successors(plan: Plan, today: date) -> Iterator[tuple[str, str]]:
    for agency in plan.agencies:
        try:
            after = plan.successor_on(agency.code, today)
        except NobodyStands:
            continue
        if after != agency.code:
            yield agency.code, after


def _heirs(plan: Plan, today: date) -> Iterator[tuple[str, str]]:
    """Units that went whole into one other."""
    for unit in plan.units:
        found: Unit | None = unit
        while found is not None and not found.stands_on(today):
            after = [one for one in plan.units if one.predecessor == found.code and one.valid_from <= today]
            found = after[0] if len(after) == 1 else None
        if found is not None and found is not unit:
            yield unit.code, found.code


def _districts(plan: Plan) -> Iterator[tuple[str, str]]:
    for unit in plan.units:
        district: Unit = unit
        while district.predecessor is not None:
            district = plan.unit(district.predecessor)
        if district is not unit:
            yield unit.code, district.code
