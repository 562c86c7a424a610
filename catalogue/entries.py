"""What a plan's TOML files may hold: every key, its type and its form. A key that is not here is refused by name."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from catalogue.model import Breach, Measure, Speakers, TaskKind
from catalogue.phrases import Turn
from catalogue.roster import Bound, Certainty, Level

Text = Annotated[str, Meta(min_length=1)]
AgencyCode = Annotated[str, Meta(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
TaskCode = Annotated[
    str, Meta(pattern=r"^(I|II|III|IV|V|VI|VII|VIII|IX|X)\.[1-9]\d*(\.[abcdđeghiklmnopqrstuvxy](\.[1-9]\d*)?)?$")
]
SectionCode = Annotated[str, Meta(pattern=r"^(I|II|III|IV|V|VI|VII|VIII|IX|X)\.[1-9]\d*$")]
Abbreviation = Annotated[str, Meta(pattern=r"^[A-ZĐ]+(-[A-ZĐ]+)*$")]
DayOfMonth = Annotated[int, Meta(ge=2, le=30)]
Year = Annotated[int, Meta(ge=2000, le=2099)]


N = TypeVar("N", covariant=True)


@dataclass(frozen=True)
class Placed(Generic[N]):
    """Something read, and where it stands: ``file: entry``."""

    place: str
    noun: N


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of a file."""


class DeadlinesEntry(Entry, frozen=True, kw_only=True):
    """Reports are due before this day of the last month of a quarter, half-year, year."""

    quarter: DayOfMonth
    half: DayOfMonth
    year: DayOfMonth


class RegimeEntry(Entry, frozen=True, kw_only=True):
    """plan.toml: regime."""

    consolidator: str
    receiver: str
    upward: Annotated[tuple[str, ...], Meta(min_length=1)]
    strict: bool
    report: DeadlinesEntry
    consolidate: DeadlinesEntry


class SectionEntry(Entry, frozen=True, kw_only=True):
    """plan.toml: sections."""

    code: SectionCode
    title: Text


class ConditionEntry(Entry, frozen=True, kw_only=True):
    """plan.toml: conditions."""

    code: Slug
    kind: str
    where: dict[str, Annotated[tuple[str | bool | int, ...], Meta(min_length=1)]] = {}
    field: str
    at_most: Annotated[int, Meta(ge=0)]
    breach: Breach = "warn"
    reason: Text
    source: Text
    certainty: Certainty
    valid_from: date = date.min
    valid_to: date | None = None


class TargetEntry(Entry, frozen=True, kw_only=True):
    """plan.toml: targets."""

    code: Slug
    indicator: str
    first_year: Year
    last_year: Year
    at_least: Annotated[int, Meta(ge=1)]
    up_to: int | None = None
    source: Text
    certainty: Certainty


class PlanEntry(Entry, frozen=True, kw_only=True):
    """plan.toml."""

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9-]+$")]
    number: Text
    title: Text
    signed_on: date
    signer: Text
    province: Text
    province_code: Annotated[str, Meta(pattern=r"^\d\d$")]
    legal_basis: tuple[Text, ...]
    recipients: tuple[Text, ...]
    open_kinds: tuple[str, ...]
    dormant_kinds: tuple[str, ...] = ()
    conditions: tuple[ConditionEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    regime: RegimeEntry
    sections: tuple[SectionEntry, ...]


class LetterheadEntry(Entry, frozen=True, kw_only=True):
    """letterheads.toml: letterheads."""

    agency: AgencyCode
    valid_from: date = date.min
    valid_to: date | None = None
    above: Annotated[tuple[Text, ...], Meta(max_length=2)]
    name: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=3)]
    abbreviation: Abbreviation
    place: Text
    authority: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=3)]
    signer: Text | None = None
    copies: tuple[Text, ...] = ()
    copied_agencies: tuple[str, ...] = ()
    archive: Annotated[str, Meta(pattern=r"^VT(, .+)?$")]
    certainty: Certainty = "sourced"


class GroupEntry(Entry, frozen=True, kw_only=True):
    """agencies.toml: groups."""

    code: Slug
    name: Text
    kinds: Annotated[tuple[str, ...], Meta(min_length=1)]


class PartyEntry(Entry, frozen=True, kw_only=True):
    """agencies.toml: parties."""

    code: Slug
    name: Text


class AgencyEntry(Entry, frozen=True, kw_only=True):
    """agencies.toml: agencies."""

    code: AgencyCode
    name: Text
    kind: Slug
    owes_report: bool
    valid_from: date = date.min
    valid_to: date | None = None
    successor: str | None = None
    bound: Bound = "ordered"
    certainty: Certainty = "sourced"


class CommitteeEntry(Entry, frozen=True, kw_only=True):
    """units.toml: the agency that each unit of a level has; ``{unit}`` stands for the unit's code or name."""

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9-]*\{unit\}$")]
    name: Annotated[str, Meta(pattern=r"\{unit\}")]
    kind: Slug
    owes_report: bool
    bound: Bound


class LevelEntry(Entry, frozen=True, kw_only=True):
    """units.toml: levels. Units are read one by one, as `UnitEntry`."""

    level: Level
    valid_from: date = date.min
    valid_to: date | None = None
    certainty: Certainty
    committee: CommitteeEntry
    units: list[dict[str, Any]]


class UnitEntry(Entry, frozen=True, kw_only=True):
    """units.toml: units of a level."""

    code: Annotated[str, Meta(pattern=r"^(\d{3}|\d{5})$")]
    name: Text
    predecessor: str | None = None


class PhraseEntry(Entry, frozen=True, kw_only=True):
    """tasks*.toml: the own sentence of an indicator, or of all indicators of a task."""

    some: Text
    none: Text


class RuleEntry(Entry, frozen=True, kw_only=True):
    """phrases.toml: phrases."""

    code: Slug
    measures: tuple[Measure, ...] = ()
    units: tuple[Text, ...] = ()
    holds: tuple[Text, ...] = ()
    named: bool | None = None
    some: Text
    none: Text


class ComparisonEntry(Entry, frozen=True, kw_only=True):
    """phrases.toml: comparisons."""

    code: Turn
    text: Text


class TaskEntry(Entry, frozen=True, kw_only=True):
    """tasks*.toml: tasks. Indicators are read one by one, as `IndicatorEntry`."""

    code: TaskCode
    position: Annotated[int, Meta(ge=1)]
    kind: TaskKind
    title: Text
    gloss: Text
    leads: tuple[str, ...]
    cooperating: tuple[str, ...] = ()
    documents: tuple[Text, ...] = ()
    by: date | None = None
    phrase: PhraseEntry | None = None
    indicators: list[dict[str, Any]] = []


class TermEntry(Entry, frozen=True, kw_only=True):
    """tasks*.toml: terms of an indicator."""

    kind: str
    where: dict[str, Annotated[tuple[str | bool | int, ...], Meta(min_length=1)]] = {}
    field: str | None = None
    sign: Literal[1, -1] = 1
    moved: bool = False


class IndicatorEntry(Entry, frozen=True, kw_only=True):
    """tasks*.toml: indicators of a task. An average has no terms, but the slugs of two others of its task."""

    slug: Slug
    title: Text
    gloss: Text
    measure: Measure
    unit: Text
    terms: tuple[TermEntry, ...] = ()
    speakers: Speakers = "owners"
    of: Slug | None = None
    per: Slug | None = None
    phrase: PhraseEntry | None = None
