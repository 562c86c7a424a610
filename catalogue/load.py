"""Reads a plan's folder, and refuses a wrong one with everything that is wrong about it."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from catalogue import checks, letterheads, phrases, validity
from catalogue.entries import AgencyEntry, DeadlinesEntry, GroupEntry, PartyEntry, Placed, PlanEntry, UnitEntry
from catalogue.model import (
    Agency,
    Condition,
    Group,
    Heading,
    Indicator,
    Party,
    Plan,
    Regime,
    Roster,
    Section,
    Target,
    Task,
    Unit,
)
from catalogue.reading import AGENCIES, LETTERHEADS, PHRASES, PLAN, UNITS, WHOLE, Reading, Table, read
from catalogue.windows import Cycle

PLANS = Path(__file__).parent / "plans"
"""Where the plans are kept, one folder each."""


_ALONE = (PLAN, AGENCIES, UNITS, LETTERHEADS, PHRASES)


class WrongPlan(ValueError):
    """A folder that is no plan; ``problems`` are lines ``file: entry: reason``."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(folder: Path) -> Plan:
    """The plan of a folder of TOML files: plan.toml, agencies.toml, units.toml, letterheads.toml, phrases.toml,
    and tasks*.toml.

    Raises:
        WrongPlan: with every problem found.
    """
    tables, problems = _tables(folder)
    reading = read(tables)
    every_file_read = not problems
    problems.extend(reading.problems)
    if every_file_read:
        problems.extend(_between(reading))
    if problems or reading.plan is None:
        raise WrongPlan(problems)
    plan = _plan(reading, reading.plan)
    problems.extend(checks.of_plan(PLAN, plan))
    if problems:
        raise WrongPlan(problems)
    return plan


def _tables(folder: Path) -> tuple[dict[str, Table], list[str]]:
    tables: dict[str, Table] = {}
    problems: list[str] = []
    found = sorted(path.name for path in folder.glob("*.toml"))
    for name in found:
        if name not in _ALONE and not name.startswith("tasks"):
            problems.append(f"{name}: {WHOLE}: no part of a plan: name it tasks*.toml or take it away")
            continue
        try:
            tables[name] = tomllib.loads((folder / name).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(f"{name}: {WHOLE}: can't be read: {error}")
    problems.extend(f"{name}: {WHOLE}: missing in {folder}" for name in _ALONE if name not in found)
    if not any(name.startswith("tasks") for name in found):
        problems.append(f"tasks*.toml: {WHOLE}: missing in {folder}")
    return tables, problems


def _between(reading: Reading) -> Iterator[str]:
    """What is wrong between entries that are each of the right form."""
    named: list[Placed[Agency | Group | Party]] = [*reading.agencies, *reading.groups, *reading.parties]
    counted: tuple[Sequence[Placed[Unit | Task | Indicator]], ...] = (reading.units, reading.tasks, reading.indicators)
    for kind in (named, *counted):
        yield from checks.duplicates((each.place, each.noun.code) for each in kind)
    agencies, groups, parties, units = (
        frozenset(reading.mentioned[shape]) for shape in (AgencyEntry, GroupEntry, PartyEntry, UnitEntry)
    )
    yield from validity.of_groups(reading.groups, reading.agencies)
    yield from validity.of_agencies(reading.agencies, agencies)
    yield from validity.of_units(reading.units, units)
    yield from letterheads.problems_of(((each.place, each.noun) for each in reading.letterheads), agencies)
    yield from checks.of_tasks(reading.tasks, agencies | groups, parties)
    yield from checks.of_indicators(reading.indicators)
    yield from (f"{PHRASES}: {problem}" for problem in phrases.problems_of(reading.phrases))
    yield from phrases.without_phrase(reading.phrases, ((each.place, each.noun) for each in reading.indicators))
    if reading.all_tasks_read:
        yield from checks.of_order(reading.tasks)
    if reading.plan is not None:
        yield from checks.of_sections(reading.tasks, frozenset(section.code for section in reading.plan.sections))
        yield from checks.of_days(reading.tasks, reading.plan.signed_on)
        yield from checks.of_heading(PLAN, reading.plan, agencies)
        yield from checks.of_conditions(PLAN, reading.plan)
        yield from checks.of_targets(PLAN, reading.plan, reading.indicators)


def _plan(reading: Reading, entry: PlanEntry) -> Plan:
    return Plan(
        heading=Heading(
            code=entry.code,
            number=entry.number,
            title=entry.title,
            signed_on=entry.signed_on,
            signer=entry.signer,
            province=entry.province,
            province_code=entry.province_code,
            legal_basis=entry.legal_basis,
            recipients=entry.recipients,
        ),
        roster=Roster(
            agencies=tuple(each.noun for each in reading.agencies),
            units=tuple(each.noun for each in reading.units),
            groups=tuple(each.noun for each in reading.groups),
            parties=tuple(each.noun for each in reading.parties),
        ),
        phrases=reading.phrases,
        letterheads=tuple(each.noun for each in reading.letterheads),
        regime=Regime(
            consolidator=entry.regime.consolidator,
            receiver=entry.regime.receiver,
            upward=entry.regime.upward,
            strict=entry.regime.strict,
            before={
                "report": _deadlines(entry.regime.report),
                "consolidate": _deadlines(entry.regime.consolidate),
            },
        ),
        sections=tuple(Section(section.code, section.title) for section in entry.sections),
        tasks=tuple(sorted((each.noun for each in reading.tasks), key=lambda task: task.position)),
        open_kinds=frozenset(entry.open_kinds),
        dormant_kinds=frozenset(entry.dormant_kinds),
        conditions=tuple(Condition(**msgspec.structs.asdict(condition)) for condition in entry.conditions),
        targets=tuple(Target(**msgspec.structs.asdict(target)) for target in entry.targets),
    )


def _deadlines(entry: DeadlinesEntry) -> dict[Cycle, int]:
    return {"quarter": entry.quarter, "half": entry.half, "year": entry.year}
