"""Agencies and units with their validity, and who stands in whose place on a day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from catalogue.windows import ONE_DAY

Bound = Literal["ordered", "requested", "unbound"]
Level = Literal["district", "commune"]
Certainty = Literal["sourced", "unverified"]


class NobodyStands(LookupError):
    """An agency did not stand yet on the day asked about, or ended without a successor."""


@dataclass(frozen=True)
class Agency:
    """Who acts or reports.

    ``valid_from`` is ``date.min`` for one that stood before anything the plan counts. ``unit`` is set for the committee
    of a district or commune. ``bound`` says whether the plan orders it, asks it, or only names it.
    """

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    successor: str | None
    unit: str | None
    owes_report: bool
    bound: Bound
    certainty: Certainty

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Unit:
    """A district (to 30 Jun 2025) or a commune-level unit (from 1 Jul 2025); ``predecessor`` is its old district."""

    code: str
    name: str
    level: Level
    valid_from: date
    valid_to: date | None
    predecessor: str | None
    certainty: Certainty

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Group:
    """Agencies named together ("UBND các huyện, thành phố"): all of these kinds that stand on the day."""

    code: str
    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Party:
    """Somebody the plan names as cooperating without naming an agency ("các cơ quan liên quan")."""

    code: str
    name: str


@dataclass(frozen=True, eq=False)
class Roster:
    """Everybody a plan names."""

    agencies: tuple[Agency, ...]
    units: tuple[Unit, ...]
    groups: tuple[Group, ...]
    parties: tuple[Party, ...]

    @cached_property
    def agency(self) -> Mapping[str, Agency]:
        """Agencies by code."""
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def unit(self) -> Mapping[str, Unit]:
        """Units by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The Vietnamese name of every agency, group and party, by code."""
        named: tuple[Party | Group | Agency, ...] = (*self.parties, *self.groups, *self.agencies)
        return {each.code: each.name for each in named}

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """The days on which an agency begins, or has just ended; between two of them nothing changes."""
        begins = {agency.valid_from for agency in self.agencies}
        ends = {agency.valid_to + ONE_DAY for agency in self.agencies if agency.valid_to is not None}
        return tuple(sorted(begins | ends))

    def successor_on(self, code: str, day: date) -> str:
        """The agency that stands in this one's place on the day: itself, or the end of its successors.

        Raises:
            KeyError: no agency has the code.
            NobodyStands: it did not stand yet, or ended without a successor.
        """
        agency = self.agency[code]
        while not agency.stands_on(day):
            if day < agency.valid_from or agency.successor is None:
                raise NobodyStands(f"nobody stands in the place of {code} on {day}")
            agency = self.agency[agency.successor]
        return agency.code

    def forebears(self, code: str) -> frozenset[str]:
        """The agencies in whose place this one stands or stood: those whose chain of successors leads to it."""
        found: set[str] = set()
        for agency in self.agencies:
            passed, at = [agency.code], agency
            while at.successor is not None:
                at = self.agency[at.successor]
                if at.code == code:
                    found.update(passed)
                    break
                passed.append(at.code)
        return frozenset(found)

    def heirs_on(self, code: str, day: date) -> tuple[str, ...]:
        """The agencies that see to this one's affairs on the day: itself, or the end of its successors; after a unit
        ended, the committees of those that came out of it. None, where nobody does."""
        agency = self.agency.get(code)
        if agency is None or day < agency.valid_from:
            return ()
        if agency.stands_on(day):
            return (code,)
        after = self._committees_after.get(agency.unit, ()) if agency.successor is None else (agency.successor,)
        return tuple(dict.fromkeys(heir for each in after for heir in self.heirs_on(each, day)))

    def in_place_of(self, code: str, day: date) -> frozenset[str]:
        """The agencies whose affairs this one sees to on the day, itself among them while it stands."""
        return frozenset(agency.code for agency in self.agencies if code in self.heirs_on(agency.code, day))

    @cached_property
    def _committees_after(self) -> Mapping[str | None, tuple[str, ...]]:
        """By a unit that ended the committees of the units that came out of it."""
        found: dict[str | None, tuple[str, ...]] = {}
        for agency in self.agencies:
            came_of = self.unit[agency.unit].predecessor if agency.unit is not None else None
            if came_of is not None:
                found[came_of] = (*found.get(came_of, ()), agency.code)
        return found

    def resolve(self, names: Iterable[str], day: date) -> tuple[str, ...]:
        """The agencies that names of agencies and groups mean on a day, each once; parties stay as they are."""
        found: dict[str, None] = {}
        for name in names:
            found.update(dict.fromkeys(self._meaning(name, day)))
        return tuple(found)

    def _meaning(self, name: str, day: date) -> Iterable[str]:
        if name in self._members:
            return (agency.code for agency in self._members[name] if agency.stands_on(day))
        return (self.successor_on(name, day),) if name in self.agency else (name,)

    @cached_property
    def _members(self) -> Mapping[str, tuple[Agency, ...]]:
        return {
            group.code: tuple(agency for agency in self.agencies if agency.kind in group.kinds) for group in self.groups
        }
