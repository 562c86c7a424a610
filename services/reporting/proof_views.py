"""What reporting shows of the past: events behind figures, restatements, previews. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field

from catalogue.model import Indicator, Measure
from contracts.envelope import Event
from contracts.kinds.kind import Retraction
from services.reporting.model import Row
from services.reporting.past import Change, Restated, Source, teller
from services.reporting.views import ConsolidationView, SignatureView

Sort = Literal["late", "corrected", "retracted"]


class SourceView(BaseModel):
    """An event behind a figure: ``amount`` is what it adds (to the total of an average, with what it adds to what the
    total is divided by), ``members`` the cooperatives it names where they are counted."""

    agency: str
    kind: str
    subject: str
    id: str
    revision: int
    time: datetime = Field(description="Business time")
    heard_at: datetime
    amount: int
    divisor: int | None = Field(default=None, description="Of an average: what it adds to the denominator")
    members: list[str]


class ProvenanceView(BaseModel):
    """A figure and the events that make it, by business time; ``next`` asks for those after them."""

    period: str
    indicator: str
    title: str
    unit: str
    measure: Measure
    value: int
    numerator: int | None = Field(default=None, description="Of an average: the total")
    denominator: int | None = Field(default=None, description="Of an average: how many the total is of")
    events: int
    sources: list[SourceView]
    next: int | None


class EffectView(BaseModel):
    """What an event changed of one indicator: what its fact was worth before, and since."""

    indicator: str
    before: int
    after: int


class ChangeView(BaseModel):
    """An event that changed signed figures. ``sort``: ``late`` says something new, ``corrected`` and ``retracted``
    change what was said; ``reason`` is the speaker's, where it gave one."""

    agency: str
    kind: str
    subject: str
    id: str
    revision: int
    time: datetime = Field(description="Business time")
    heard_at: datetime
    sort: Sort
    reason: str | None
    effects: list[EffectView]


class RestatedView(BaseModel):
    """A signed figure beside what it is with later events; ``before`` is without those of this answer."""

    indicator: str
    title: str
    unit: str
    signed: int
    before: int
    after: int


class RestatementView(BaseModel):
    """What changed the figures of a signed period since: pending against the signed ones, which never change."""

    period: str
    version: int
    digest: str
    signature: SignatureView | None
    figures: list[RestatedView]
    changes: list[ChangeView]


class PreviewView(BaseModel):
    """What would change, period by period."""

    periods: list[RestatementView]


class NoteFigureView(BaseModel):
    """A signed figure in a note: ``before`` is what was known at the note before it, ``after`` at this one."""

    indicator: str
    title: str
    unit: str
    signed: int
    before: int
    after: int


class NoteView(BaseModel):
    """A note of the restatement ledger: what the events heard since the note before it changed in a signed period.
    Without events the catalogue counts otherwise."""

    period: str
    number: int
    told_at: datetime
    figures: list[NoteFigureView]
    changes: list[ChangeView]


class NotesView(BaseModel):
    """A period's notes in their order; ``next`` asks for those after them."""

    notes: list[NoteView]
    next: int | None


class DifferenceView(BaseModel):
    """A figure that a new count of the ledger makes another."""

    period: str
    calendar: str
    indicator: str
    told: int
    anew: int
    signed: bool


class RebuildView(BaseModel):
    """A new count of the ledger: ``counting`` names the catalogue's way of counting, ``batches`` of ``of`` are counted;
    of ``different`` figures the first are listed. Services use it once it is approved."""

    counting: str
    at: int = Field(description="When this was so, milliseconds since 1970 UTC")
    of: int
    batches: int
    events: int
    changed: int
    ratio: float
    compared: int
    identical: bool
    different: int
    differences: list[DifferenceView]
    done: bool
    approved: bool


class RebuildsView(BaseModel):
    rebuilds: list[RebuildView]


def source_view(source: Source, rows: Sequence[Row], indicator: Indicator | None = None) -> SourceView:
    """One event behind a figure, with what it adds to it."""
    _, kind, subject = source.entry.fact.split(" ", 2)
    members = sorted({row.member for row in rows if row.member})
    divisor = indicator.per.code if indicator and indicator.per else None
    return SourceView(
        agency=teller(source.entry, rows),
        kind=kind,
        subject=subject,
        id=source.entry.id,
        revision=source.entry.revision,
        time=_moment(source.entry.time),
        heard_at=_moment(source.heard_at),
        amount=sum(row.amount for row in rows if not row.member and row.indicator != divisor),
        divisor=sum(row.amount for row in rows if not row.member and row.indicator == divisor) if divisor else None,
        members=members,
    )


def restatement_view(
    frozen: ConsolidationView, restated: Sequence[Restated], events: dict[str, Event]
) -> RestatementView:
    """What changed; ``events`` are those that did, by their fact and id, where they could be read."""
    changes = {name_of(change): change for one in restated for change in one.changes}
    codes = {one.indicator.code for one in restated}
    return RestatementView(
        period=frozen.period,
        version=frozen.version,
        digest=frozen.digest,
        signature=frozen.signature,
        figures=[
            RestatedView(
                indicator=one.indicator.code,
                title=one.indicator.title,
                unit=one.indicator.unit,
                signed=one.signed,
                before=one.before,
                after=one.after,
            )
            for one in restated
        ],
        changes=[
            change_view(change, codes, events.get(name))
            for name, change in sorted(changes.items(), key=lambda pair: (pair[1].source.heard_at, pair[0]))
        ],
    )


def change_view(change: Change, codes: Collection[str], event: Event | None) -> ChangeView:
    """What one event changed of some indicators."""
    source = source_view(change.source, ())
    return ChangeView(
        **source.model_dump(include={"kind", "subject", "id", "revision", "time", "heard_at"}),
        agency=change.agency,
        sort=sort_of(change, event),
        reason=reason_of(event),
        effects=[
            EffectView(indicator=code, before=_worth(change.removed, code), after=_worth(change.added, code))
            for code in sorted({row.indicator for row in (*change.removed, *change.added)}.intersection(codes))
        ],
    )


def sort_of(change: Change, event: Event | None) -> Sort:
    """How an event changes what was signed."""
    if event is not None and isinstance(event.data, Retraction):
        return "retracted"
    return "corrected" if change.source.entry.revision > 1 else "late"


def reason_of(event: Event | None) -> str | None:
    """Why, as the speaker says it: a retraction's reason, any other event's note."""
    data = event.data if event else None
    return data.reason if isinstance(data, Retraction) else getattr(data, "note", None)


def _worth(rows: Iterable[Row], code: str) -> int:
    return sum(row.amount for row in rows if row.indicator == code)


def name_of(change: Change) -> str:
    """What events are known by where changes are told."""
    return f"{change.source.entry.fact} {change.source.entry.revision} {change.source.entry.id}"


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
