"""What registry answers, as the caller reads it."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel

from contracts.kinds.registry import Form, Law, Sector
from services.registry.messages import kind_of
from services.registry.model import Cooperative, Status
from services.registry.store import Entry


class ProductView(BaseModel):
    """A product, with its OCOP stars where it has any."""

    name: str
    stars: int | None


class CooperativeView(BaseModel):
    """A cooperative as it stands; ``version`` counts its changes."""

    code: str
    version: int
    status: Status
    form: Form
    name: str
    sector: Sector
    unit: str
    members: int
    capital: int
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


class DossierView(CooperativeView):
    """A cooperative with all its changes, the oldest first."""

    changes: list[ChangeView]


class CooperativesView(BaseModel):
    """A page of the list; ``next`` is the ``after`` of the following page, absent on the last."""

    cooperatives: list[CooperativeView]
    next: str | None


def cooperative_view(state: Cooperative) -> CooperativeView:
    return CooperativeView(**_fields(state))


def dossier_view(state: Cooperative, entries: tuple[Entry, ...]) -> DossierView:
    return DossierView(**_fields(state), changes=[_change_view(entry) for entry in entries])


def page_view(found: list[Cooperative], limit: int) -> CooperativesView:
    """The first `limit` of what was found; there is a next page if more was found."""
    page = found[:limit]
    return CooperativesView(
        cooperatives=[cooperative_view(state) for state in page], next=page[-1].code if len(found) > limit else None
    )


def _fields(state: Cooperative) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(state, builtin_types=(datetime,))
    return {**fields, **fields.pop("numbers"), **fields.pop("details")}


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
    )
