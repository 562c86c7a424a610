"""What must hold between a plan's entries: references, order, somebody for every task. Pure; problems say where."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from catalogue.counting import problems_of_indicator, problems_of_term
from catalogue.entries import Placed, PlanEntry, TargetEntry
from catalogue.letterheads import NoLetterhead, turns_of
from catalogue.model import Indicator, Plan, Task, Term
from catalogue.roster import NobodyStands
from contracts.kinds import KINDS

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def duplicates(placed: Iterable[tuple[str, str]]) -> Iterator[str]:
    """frozenset[str] used twice, among (place, code)."""
    first: dict[str, str] = {}
    for place, code in placed:
        if code in first:
            yield f"{place}: code {code!r} is used twice, first in {first[code].partition(':')[0]}"
        first.setdefault(code, place)


def of_tasks(tasks: Iterable[Placed[Task]], leaders: frozenset[str], parties: frozenset[str]) -> Iterator[str]:
    """Tasks that name nobody, or somebody unknown."""
    for placed in tasks:
        task = placed.noun
        if not task.leads:
            yield f"{placed.place}: no lead"
        yield from (f"{placed.place}: unknown lead {name!r}" for name in task.leads if name not in leaders)
        for name in task.cooperating:
            if name not in leaders | parties:
                yield f"{placed.place}: unknown cooperating agency {name!r}"


def of_sections(tasks: Iterable[Placed[Task]], sections: frozenset[str]) -> Iterator[str]:
    """Tasks that stand in no section of the plan."""
    for placed in tasks:
        if placed.noun.section not in sections:
            yield f"{placed.place}: unknown section {placed.noun.section!r}"


def of_days(tasks: Iterable[Placed[Task]], signed_on: date) -> Iterator[str]:
    """Tasks with a last day that ask for no paper, or that was over before the plan was signed."""
    for placed in tasks:
        task = placed.noun
        if task.by is not None and task.kind != "deliverable":
            yield f"{placed.place}: by: a day is for a deliverable, this is {task.kind}"
        if task.by is not None and task.by < signed_on:
            yield f"{placed.place}: by: {task.by} is before the plan was signed, {signed_on}"


def of_indicators(indicators: Iterable[Placed[Indicator]]) -> Iterator[str]:
    """Indicators that can't be counted."""
    for placed in indicators:
        yield from (f"{placed.place}: {problem}" for problem in problems_of_indicator(placed.noun))


def of_order(tasks: Sequence[Placed[Task]]) -> Iterator[str]:
    """Positions must run 1, 2, 3 ... in the order of the codes, which is the Vietnamese alphabet's."""
    by_position = sorted(tasks, key=lambda placed: placed.noun.position)
    for expected, placed in enumerate(by_position, start=1):
        if placed.noun.position != expected:
            yield f"{placed.place}: position {placed.noun.position} where {expected} is due"
            return
    for before, after in pairwise(by_position):
        if _rank(before.noun.code) >= _rank(after.noun.code):
            yield f"{after.place}: position {after.noun.position} puts it after {before.noun.code}"


def _rank(code: str) -> tuple[int, ...]:
    roman, number, *rest = code.split(".")
    letter = _LETTERS.index(rest[0]) if rest else -1
    return (_ROMAN.index(roman), int(number), letter, int(rest[1]) if len(rest) > 1 else 0)


def of_heading(place: str, plan: PlanEntry, agencies: frozenset[str]) -> Iterator[str]:
    """Sections named twice, a regime for agencies that are unknown, kinds open to all that no agency could say."""
    yield from duplicates((f"{place}: sections", section.code) for section in plan.sections)
    regime = plan.regime
    upward = (("upward", code) for code in regime.upward)
    for role, code in (("consolidator", regime.consolidator), ("receiver", regime.receiver), *upward):
        if code not in agencies:
            yield f"{place}: regime: unknown {role} {code!r}"
    for entry, names in (("open_kinds", plan.open_kinds), ("dormant_kinds", plan.dormant_kinds)):
        for name in names:
            if name not in KINDS:
                yield f"{place}: {entry}: unknown kind {name!r}"
            elif KINDS[name].speaker != "support":
                yield f"{place}: {entry}: kind {name!r} is said by {KINDS[name].speaker}, not by agencies"


def of_conditions(place: str, plan: PlanEntry) -> Iterator[str]:
    """Ceilings named twice, or on what the kind does not tell."""
    yield from duplicates((f"{place}: conditions", condition.code) for condition in plan.conditions)
    for condition in plan.conditions:
        term = Term(condition.kind, condition.where, condition.field, 1)
        yield from (f"{place}: conditions: {condition.code}: {problem}" for problem in problems_of_term(term))


def of_targets(place: str, plan: PlanEntry, indicators: Iterable[Placed[Indicator]]) -> Iterator[str]:
    """Targets named twice, of what is not summed over years, or that two documents set for the same year."""
    measures = {placed.noun.code: placed.noun.measure for placed in indicators}
    yield from duplicates((f"{place}: targets", target.code) for target in plan.targets)
    for number, target in enumerate(plan.targets):
        at = f"{place}: targets: {target.code}"
        if target.indicator not in measures:
            yield f"{at}: unknown indicator {target.indicator!r}"
        elif measures[target.indicator] == "average":
            yield f"{at}: {target.indicator!r} is an average: what a target is set for must be counted"
        if target.last_year < target.first_year:
            yield f"{at}: ends in {target.last_year}, before it begins in {target.first_year}"
        if target.up_to is not None and target.up_to <= target.at_least:
            yield f"{at}: up_to {target.up_to} is not above at_least {target.at_least}"
        for other in plan.targets[:number]:
            if other.indicator == target.indicator and _overlap(other, target):
                yield f"{at}: {other.code!r} is set for {target.indicator!r} in the same years"


def _overlap(one: TargetEntry, other: TargetEntry) -> bool:
    return one.first_year <= other.last_year and other.first_year <= one.last_year


def of_plan(place: str, plan: Plan) -> Iterator[str]:
    """On every day since the plan was signed, somebody must stand for each task and gather the reports, in whose name
    a document can be written."""
    signed, regime = plan.heading.signed_on, plan.regime
    turns = sorted({*plan.roster.turns, *turns_of(plan.letterheads)})
    for day in (signed, *(turn for turn in turns if turn > signed)):
        writing = (("consolidator", regime.consolidator), ("receiver", regime.receiver))
        for role, code in (*writing, *(("upward", code) for code in regime.upward)):
            if not _stands(plan, code, day):
                yield f"{place}: regime: nobody stands for the {role} {code} on {day}"
            elif role != "upward" and not _writes(plan, code, day):
                yield f"{place}: regime: no letterhead for the {role} {code} on {day}"
        for task in plan.tasks:
            lost = [name for name in (*task.leads, *task.cooperating) if not _stands(plan, name, day)]
            yield from (f"{place}: {task.code}: nobody stands for {name} on {day}" for name in lost)


def _writes(plan: Plan, code: str, day: date) -> bool:
    try:
        plan.letterhead(plan.successor_on(code, day), day)
    except NoLetterhead:
        return False
    return True


def _stands(plan: Plan, name: str, day: date) -> bool:
    try:
        return bool(plan.roster.resolve((name,), day))
    except NobodyStands:
        return False
