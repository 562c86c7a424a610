"""What registry answers, as the caller reads it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from pydantic import BaseModel, Field

from contracts.kinds.registry import Form, Law, Sector
from services.registry.messages import kind_of, year_kind
from services.registry.model import Cooperative, Size, Status, Year
from services.registry.store import Dossier, Entry, Told
from services.registry.years import size_of


class ProductView(BaseModel):
    """A product, with its OCOP stars where it has any."""

    name: str
    stars: int | None


class CooperativeView(BaseModel):
    """A cooperative as it stands; ``version`` counts its changes, ``size`` is by the law valid today."""

    code: str
    version: int
    status: Status
    form: Form
    name: str
    sector: Sector
    unit: str
    members: int
    capital: int
    size: Size
    law: Law
    linked_members: int
    women: int
    minority: int
    workers: int
    managers: int
    managers_vocational: int
    managers_college: int
    registration_number: str | None
    tax_number: str | None
    representative: str | None
    address: str | None
    industries: list[str]
    products: list[ProductView]
    registered_at: datetime
    changed_at: datetime


class ChangeView(BaseModel):
    """One change of a cooperative: ``at`` is when it took effect, ``recorded_at`` when it was entered."""

    version: int
    kind: str
    title: str
    at: datetime
    recorded_at: datetime
    agency: str
    data: dict[str, Any]
    annulled_at: datetime | None = Field(default=None, description="When it was taken back, where it was a mistake")
    reason: str | None = Field(default=None, description="Why it was taken back")


class YearView(BaseModel):
    """What was told of one year: results or the class. Of one ``name`` the highest revision holds; with ``reason`` it
    takes back what the ones before told."""

    name: str
    revision: int
    at: datetime
    recorded_at: datetime
    agency: str
    data: dict[str, Any]
    reason: str | None = None


class UndoneView(BaseModel):
    """What a division of this one was to enter under a code, and could not; ``reason`` and ``remedy`` are Vietnamese,
    ``refused`` is for programs. It stays here as the receipt of it."""

    code: str
    at: datetime
    refused: str
    reason: str
    remedy: str


class DossierView(CooperativeView):
    """A cooperative with all its changes and years, the oldest first; ``pending`` are the codes of others to which a
    merger or division of this one has not been applied yet, ``undone`` those to which it never will be."""

    changes: list[ChangeView]
    years: list[YearView]
    pending: list[str]
    undone: list[UndoneView]


class MomentView(BaseModel):
    """Something that was told of a cooperative: ``at`` is when it took effect, ``recorded_at`` when it was entered."""

    at: datetime
    recorded_at: datetime
    agency: str
    kind: str
    title: str
    what: str
    data: dict[str, Any]
    annulled_at: datetime | None = None
    reason: str | None = None


class TimelineView(BaseModel):
    """Everything told of a cooperative, by business time."""

    code: str
    law: Law
    moments: list[MomentView]


class CooperativesView(BaseModel):
    """A page of the list; ``next`` is the ``after`` of the following page, absent on the last."""

    cooperatives: list[CooperativeView]
    next: str | None


def cooperative_view(state: Cooperative, years: Iterable[Year], day: date) -> CooperativeView:
    """As it stands; its size by the law valid on the day."""
    return CooperativeView(**_fields(state, years, day))


def dossier_view(state: Cooperative, dossier: Dossier, day: date) -> DossierView:
    changes = [_change_view(entry) for entry in dossier.entries]
    return DossierView(
        **_fields(state, dossier.years, day),
        changes=changes,
        years=[_year_view(told) for told in dossier.told],
        pending=[step.code for step in dossier.pending],
        undone=[
            UndoneView(code=one.step.code, at=one.at, refused=one.code, reason=one.reason, remedy=one.remedy)
            for one in dossier.undone
        ],
    )


def timeline_view(code: str, dossier: Dossier) -> TimelineView:
    """Everything told, in order of business time; at one moment, in the order in which it was entered."""
    state = dossier.state
    assert state is not None
    changes = [_change_moment(entry) for entry in dossier.entries]
    moments = sorted((*changes, *map(_year_moment, dossier.told)), key=lambda one: (one.at, one.recorded_at))
    return TimelineView(code=code, law=state.law, moments=moments)


def _fields(state: Cooperative, years: Iterable[Year], day: date) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(state, builtin_types=(datetime,))
    size = size_of(state, tuple(years), day)
    return {**fields, "size": size, **fields.pop("numbers"), **fields.pop("details")}


def _change_view(entry: Entry) -> ChangeView:
    change, kind = entry.change, kind_of(entry.change)
    return ChangeView(
        version=change.data.version,
        kind=kind.name,
        title=kind.title,
        at=change.at,
        recorded_at=entry.recorded_at,
        agency=change.agency,
        data=msgspec.to_builtins(change.data),
        annulled_at=change.annulled.recorded_at if change.annulled else None,
        reason=change.annulled.reason if change.annulled else None,
    )


def _change_moment(entry: Entry) -> MomentView:
    view = _change_view(entry)
    return MomentView(what=f"{view.version}", **view.model_dump(exclude={"version"}))


def _year_view(told: Told) -> YearView:
    year = told.year
    return YearView(
        name=year.name,
        revision=year.revision,
        at=year.at,
        recorded_at=told.recorded_at,
        agency=year.agency,
        data=msgspec.to_builtins(year.data),
        reason=year.retracted,
    )


def _year_moment(told: Told) -> MomentView:
    view, kind = _year_view(told), year_kind(told.year)
    return MomentView(
        kind=kind.name,
        title=kind.title,
        what=f"{view.name}/{view.revision}",
        **view.model_dump(exclude={"name", "revision"}),
    )
