"""A plan: its tasks with what is counted for each, and everything that can be asked of it. Pure.

A task's leads are the agencies (or groups) that the plan names; its *owners* on a day are those that stand in their
place then.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from catalogue.indicators import Indicator, Measure, Speakers, Term, Wanted
from catalogue.letterheads import Letterhead, letterhead_on
from catalogue.phrases import Phrases
from catalogue.regime import Duty, Regime, Role
from catalogue.roster import Agency, Bound, Certainty, Group, Level, Party, Roster, Unit
from catalogue.targets import Target
from catalogue.windows import Period, periods_of
from contracts.kinds import KINDS

TaskKind = Literal["countable", "deliverable", "qualitative"]
Breach = Literal["warn", "refuse"]


@dataclass(frozen=True)
class Task:
    """One bullet of the plan, or a point without bullets. ``by`` is the last day on which the plan wants the paper that
    the task asks for, where it names one; without it the task is due with each period's reports."""

    code: str
    ascii_code: str
    section: str
    position: int
    kind: TaskKind
    title: str
    gloss: str
    leads: tuple[str, ...]
    cooperating: tuple[str, ...]
    documents: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    by: date | None = None


@dataclass(frozen=True)
class Condition:
    """A programme's ceiling: the events it is about hold no more than ``at_most`` in ``field``.

    A ``breach`` is told on the event's receipt, or refuses the event. ``reason`` says in Vietnamese what the ceiling
    is, ``source`` where it is laid down.
    """

    code: str
    kind: str
    where: Mapping[str, tuple[Wanted, ...]]
    field: str
    at_most: int
    breach: Breach
    reason: str
    source: str
    certainty: Certainty
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Section:
    """A numbered group of tasks, ``II.2``."""

    code: str
    title: str


@dataclass(frozen=True)
class Heading:
    """What stands at the head and the foot of the document."""

    code: str
    number: str
    title: str
    signed_on: date
    signer: str
    province: str
    province_code: str
    legal_basis: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """A province's plan for its cooperatives, as loaded and checked."""

    heading: Heading
    roster: Roster
    regime: Regime
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    open_kinds: frozenset[str]
    """Kinds that every agency the plan binds may speak, whatever its tasks."""
    dormant_kinds: frozenset[str]
    """Kinds about cooperatives that are in the register but need not be active on that day."""
    conditions: tuple[Condition, ...]
    """Ceilings of the programmes that the plan speaks of."""
    letterheads: tuple[Letterhead, ...]
    """How the documents of those who consolidate and report upward look."""
    phrases: Phrases
    """The sentences that reports are drafted with."""
    targets: tuple[Target, ...] = ()
    """What other documents want of its indicators."""

    @property
    def code(self) -> str:
        return self.heading.code

    @property
    def title(self) -> str:
        return self.heading.title

    @property
    def agencies(self) -> tuple[Agency, ...]:
        return self.roster.agencies

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.roster.units

    def agency(self, code: str) -> Agency:
        """Raises KeyError where no agency has the code."""
        return self.roster.agency[code]

    def unit(self, code: str) -> Unit:
        """Raises KeyError where no unit has the code."""
        return self.roster.unit[code]

    def task(self, code: str) -> Task:
        """Raises KeyError where no task has the code; ``dd`` may stand for đ."""
        return self.task_by_code[code]

    @cached_property
    def task_by_code(self) -> Mapping[str, Task]:
        return {code: task for task in self.tasks for code in (task.ascii_code, task.code)}

    @cached_property
    def indicator_by_code(self) -> Mapping[str, Indicator]:
        return {indicator.code: indicator for task in self.tasks for indicator in task.indicators}

    def target_of(self, indicator: str, year: int) -> Target | None:
        """The number that a document sets for an indicator in years that hold this one."""
        return next((one for one in self._targets.get(indicator, ()) if one.covers(year)), None)

    def agencies_on(self, day: date) -> tuple[Agency, ...]:
        return tuple(agency for agency in self.agencies if agency.stands_on(day))

    def units_on(self, day: date) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.stands_on(day))

    def units_for(self, agency: str, day: date) -> tuple[Unit, ...]:
        """The units that an agency can speak of on the day: a committee's own, for others all that stand."""
        own = self.agency(agency).unit
        return tuple(unit for unit in self.units_on(day) if own in (None, unit.code))

    def successor_on(self, code: str, day: date) -> str:
        """The agency that stands in this one's place on the day; raises NobodyStands where none does."""
        return self.roster.successor_on(code, day)

    def consolidator(self, day: date) -> str:
        """The agency that gathers the reports on that day."""
        return self.successor_on(self.regime.consolidator, day)

    def upward(self, day: date) -> tuple[str, ...]:
        """The agencies that the receiver of the consolidated reports itself reports to on that day, each once."""
        return self.roster.resolve(self.regime.upward, day)

    def letterhead(self, agency: str, day: date) -> Letterhead:
        """How the agency's documents look on that day; raises NoLetterhead where nobody has written it down."""
        return letterhead_on(self.letterheads, agency, day)

    def owners(self, task: str, day: date) -> tuple[str, ...]:
        """The agencies that answer for the task on that day, in the plan's order."""
        key = (task, bisect_right(self.roster.turns, day))
        known = self._owners.get(key)
        if known is None:
            known = self._owners[key] = self.roster.resolve(self.task(task).leads, day)
        return known

    def cooperating(self, task: str, day: date) -> tuple[str, ...]:
        """Who cooperates in the task on that day beside its owners: agencies, and parties as the plan names them."""
        owners = self.owners(task, day)
        found = self.roster.resolve(self.task(task).cooperating, day)
        return tuple(code for code in found if code not in owners)

    def may_say(self, agency: str, kind: str, day: date) -> bool:
        """Whether the plan lets the agency speak this kind on that day.

        It may if it owns a task with an indicator on the kind; and any agency that the plan binds may say what is open
        to all (obstacles), or what an indicator takes from any speaker.
        """
        speaker = self.roster.agency.get(agency)
        if speaker is None or not speaker.stands_on(day):
            return False
        if kind in self._spoken_by_all:
            return speaker.bound != "unbound"
        return any(agency in self.owners(task, day) for task in self._tasks_of_kind.get(kind, ()))

    def conditions_of(self, kind: str, day: date) -> tuple[Condition, ...]:
        """The ceilings that are in force for a kind on that day."""
        return tuple(one for one in self._conditions.get(kind, ()) if one.holds_on(day))

    def duties(self, year: int) -> tuple[Duty, ...]:
        """Every duty of the year's periods, in the order Q1 to Q4, half-year, year."""
        return tuple(duty for period in periods_of(year) for duty in self.duties_for(period.code))

    def duties_for(self, period: str) -> tuple[Duty, ...]:
        """The duties of one period; none where they would have been due before the plan was signed.

        Raises:
            ValueError: not a period.
        """
        if period not in self._duties:
            self._duties[period] = self.regime.duties(Period.parse(period), self.roster, self.heading.signed_on)
        return self._duties[period]

    @cached_property
    def _conditions(self) -> Mapping[str, tuple[Condition, ...]]:
        return {kind: tuple(one for one in self.conditions if one.kind == kind) for kind in KINDS}

    @cached_property
    def _targets(self) -> Mapping[str, tuple[Target, ...]]:
        return {code: tuple(one for one in self.targets if one.indicator == code) for code in self.indicator_by_code}

    @cached_property
    def _owners(self) -> dict[tuple[str, int], tuple[str, ...]]:
        return {}

    @cached_property
    def _duties(self) -> dict[str, tuple[Duty, ...]]:
        return {}

    @cached_property
    def _spoken_by_all(self) -> frozenset[str]:
        indicators = (indicator for indicator in self.indicator_by_code.values() if indicator.speakers == "any")
        taken = {term.kind for indicator in indicators for term in indicator.terms}
        return self.open_kinds | {kind for kind in taken if KINDS[kind].speaker == "support"}

    @cached_property
    def _tasks_of_kind(self) -> Mapping[str, tuple[str, ...]]:
        tasks: dict[str, dict[str, None]] = {}
        for task in self.tasks:
            for indicator in task.indicators:
                for term in indicator.terms if indicator.speakers == "owners" else ():
                    tasks.setdefault(term.kind, {})[task.code] = None
        return {kind: tuple(codes) for kind, codes in tasks.items()}


__all__ = [
    "Agency",
    "Bound",
    "Breach",
    "Certainty",
    "Condition",
    "Duty",
    "Group",
    "Heading",
    "Indicator",
    "Letterhead",
    "Level",
    "Measure",
    "Party",
    "Plan",
    "Regime",
    "Role",
    "Roster",
    "Section",
    "Speakers",
    "Target",
    "Task",
    "TaskKind",
    "Term",
    "Unit",
    "Wanted",
]
