"""From the tables of a plan's TOML files to its nouns, each with its place. Pure; what has the wrong form is noted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import msgspec

from catalogue.entries import (
    AgencyEntry,
    ComparisonEntry,
    Entry,
    GroupEntry,
    IndicatorEntry,
    LetterheadEntry,
    LevelEntry,
    PartyEntry,
    Placed,
    PlanEntry,
    RuleEntry,
    TaskEntry,
    TermEntry,
    UnitEntry,
)
from catalogue.indicators import Phrase
from catalogue.letterheads import Letterhead
from catalogue.model import Indicator, Task, Term
from catalogue.phrases import Phrases, Rule
from catalogue.roster import Agency, Group, Party, Unit

E = TypeVar("E", bound=Entry)
Table = Mapping[str, Any]

PLAN, AGENCIES, UNITS, LETTERHEADS = "plan.toml", "agencies.toml", "units.toml", "letterheads.toml"
PHRASES = "phrases.toml"
WHOLE = "the file"


@dataclass
class Reading:
    """What was read, and what could not be."""

    plan: PlanEntry | None = None
    groups: list[Placed[Group]] = field(default_factory=list)
    parties: list[Placed[Party]] = field(default_factory=list)
    agencies: list[Placed[Agency]] = field(default_factory=list)
    units: list[Placed[Unit]] = field(default_factory=list)
    tasks: list[Placed[Task]] = field(default_factory=list)
    indicators: list[Placed[Indicator]] = field(default_factory=list)
    letterheads: list[Placed[Letterhead]] = field(default_factory=list)
    phrases: Phrases = field(default_factory=lambda: Phrases((), {}))
    mentioned: dict[type[Entry], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Every code, also of entries that could not be read: who refers to those is not wrong too."""
    all_tasks_read: bool = True
    problems: list[str] = field(default_factory=list)


def read(tables: Mapping[str, Table]) -> Reading:
    """Read the tables of a plan's files, by file name."""
    reading = Reading()
    for file, table in tables.items():
        if file == PHRASES:
            _read_phrases(reading, file, table)
        elif file == PLAN:
            reading.plan = _entry(reading, f"{file}: {WHOLE}", table, PlanEntry)
        elif file == AGENCIES:
            _read_agencies(reading, file, table)
        elif file == UNITS:
            _read_units(reading, file, table)
        elif file == LETTERHEADS:
            lists = _lists(reading, file, table, ("letterheads",))
            for one in _entries(reading, file, lists["letterheads"], LetterheadEntry, "agency"):
                reading.letterheads.append(Placed(one.place, Letterhead(**msgspec.structs.asdict(one.noun))))
        else:
            _read_tasks(reading, file, table)
    return reading


def _read_agencies(reading: Reading, file: str, table: Table) -> None:
    lists = _lists(reading, file, table, ("groups", "parties", "agencies"))
    for group in _entries(reading, file, lists["groups"], GroupEntry):
        reading.groups.append(Placed(group.place, Group(group.noun.code, group.noun.name, group.noun.kinds)))
    for party in _entries(reading, file, lists["parties"], PartyEntry):
        reading.parties.append(Placed(party.place, Party(party.noun.code, party.noun.name)))
    for agency in _entries(reading, file, lists["agencies"], AgencyEntry):
        reading.agencies.append(Placed(agency.place, Agency(unit=None, **msgspec.structs.asdict(agency.noun))))


def _read_phrases(reading: Reading, file: str, table: Table) -> None:
    lists = _lists(reading, file, table, ("phrases", "comparisons"))
    rules = [
        Rule(
            one.noun.code,
            Phrase(one.noun.some, one.noun.none),
            one.noun.measures,
            one.noun.units,
            one.noun.holds,
            one.noun.named,
        )
        for one in _entries(reading, file, lists["phrases"], RuleEntry)
    ]
    turns = {one.noun.code: one.noun.text for one in _entries(reading, file, lists["comparisons"], ComparisonEntry)}
    reading.phrases = Phrases(tuple(rules), turns)


def _read_units(reading: Reading, file: str, table: Table) -> None:
    for level in _entries(reading, file, _lists(reading, file, table, ("levels",))["levels"], LevelEntry, "level"):
        for unit in _entries(reading, file, level.noun.units, UnitEntry):
            committee = _committee(level.noun, unit.noun)
            reading.units.append(Placed(unit.place, _unit(level.noun, unit.noun)))
            reading.agencies.append(Placed(f"{file}: {committee.code}", committee))
            reading.mentioned[AgencyEntry].add(committee.code)


def _unit(level: LevelEntry, unit: UnitEntry) -> Unit:
    return Unit(
        code=unit.code,
        name=unit.name,
        level=level.level,
        valid_from=level.valid_from,
        valid_to=level.valid_to,
        predecessor=unit.predecessor,
        certainty=level.certainty,
    )


def _committee(level: LevelEntry, unit: UnitEntry) -> Agency:
    name = unit.name[0].lower() + unit.name[1:]
    return Agency(
        code=level.committee.code.replace("{unit}", unit.code),
        name=level.committee.name.replace("{unit}", name),
        kind=level.committee.kind,
        valid_from=level.valid_from,
        valid_to=level.valid_to,
        successor=None,
        unit=unit.code,
        owes_report=level.committee.owes_report,
        bound=level.committee.bound,
        certainty=level.certainty,
    )


def _read_tasks(reading: Reading, file: str, table: Table) -> None:
    raw = _lists(reading, file, table, ("tasks",))["tasks"]
    tasks = list(_entries(reading, file, raw, TaskEntry))
    reading.all_tasks_read = reading.all_tasks_read and len(tasks) == len(raw)
    for task in tasks:
        if not task.noun.indicators:
            reading.problems.append(f"{task.place}: no indicator")
        indicators = _indicators(reading, task)
        reading.indicators.extend(indicators)
        reading.tasks.append(Placed(task.place, _task(task.noun, tuple(each.noun for each in indicators))))


def _task(entry: TaskEntry, indicators: tuple[Indicator, ...]) -> Task:
    return Task(
        code=entry.code,
        ascii_code=entry.code.replace("đ", "dd"),
        section=".".join(entry.code.split(".")[:2]),
        position=entry.position,
        kind=entry.kind,
        title=entry.title,
        gloss=entry.gloss,
        leads=entry.leads,
        cooperating=entry.cooperating,
        documents=entry.documents,
        indicators=indicators,
        by=entry.by,
    )


def _indicators(reading: Reading, task: Placed[TaskEntry]) -> list[Placed[Indicator]]:
    raw = task.noun.indicators
    entries = list(_entries(reading, f"{task.place}/", raw, IndicatorEntry, "slug"))
    plain = {entry.noun.slug: _indicator(task.noun, entry.noun) for entry in entries}
    mentioned = {table.get("slug") for table in raw if isinstance(table, dict)}
    for each in entries:
        if each.noun.measure == "average" and None in (each.noun.of, each.noun.per):
            reading.problems.append(f"{each.place}: an average needs `of` and `per`, two other indicators of its task")
    for place, slug in ((each.place, slug) for each in entries for slug in (each.noun.of, each.noun.per) if slug):
        if slug not in mentioned:
            reading.problems.append(f"{place}: task {task.noun.code} has no indicator {slug!r}")
    return [
        Placed(
            each.place,
            replace(plain[each.noun.slug], of=plain.get(each.noun.of or ""), per=plain.get(each.noun.per or "")),
        )
        for each in entries
    ]


def _indicator(task: TaskEntry, entry: IndicatorEntry) -> Indicator:
    own = entry.phrase or task.phrase
    return Indicator(
        code=f"{task.code}/{entry.slug}",
        title=entry.title,
        gloss=entry.gloss,
        measure=entry.measure,
        unit=entry.unit,
        terms=tuple(_term(term) for term in entry.terms),
        speakers=entry.speakers,
        phrase=Phrase(own.some, own.none) if own else None,
    )


def _term(entry: TermEntry) -> Term:
    return Term(**msgspec.structs.asdict(entry))


def _lists(reading: Reading, file: str, table: Table, keys: tuple[str, ...]) -> dict[str, list[Any]]:
    """The lists that a file must consist of; an empty one for each that it lacks."""
    reading.problems.extend(f"{file}: {WHOLE}: unknown key {key!r}" for key in table if key not in keys)
    found = {key: table.get(key) for key in keys}
    reading.problems.extend(
        f"{file}: {WHOLE}: {key!r} must be a list of tables" for key in keys if not isinstance(found[key], list)
    )
    return {key: value if isinstance(value, list) else [] for key, value in found.items()}


def _entries(reading: Reading, file: str, raw: list[Any], shape: type[E], name: str = "code") -> Iterator[Placed[E]]:
    for number, table in enumerate(raw, start=1):
        code = table.get(name) if isinstance(table, dict) else None
        called = code if isinstance(code, str) else f"#{number}"
        reading.mentioned[shape].add(called)
        place = f"{file}{called}" if file.endswith("/") else f"{file}: {called}"
        entry = _entry(reading, place, table, shape)
        if entry is not None:
            yield Placed(place, entry)


def _entry(reading: Reading, place: str, table: Any, shape: type[E]) -> E | None:
    try:
        return msgspec.convert(table, shape)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        where = path.strip("`").removeprefix(".")
        reading.problems.append(f"{place}: {where}: {reason}" if where else f"{place}: {reason}")
        return None
