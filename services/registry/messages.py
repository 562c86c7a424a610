"""Registry's events, as messages for the outbox. Pure."""

from chassis.store import Message
from contracts.envelope import key_of, new
from contracts.kinds import KINDS, Retraction
from contracts.kinds.kind import Kind
from contracts.topics import REGISTRY
from services.registry.model import Change, Year

SOURCE = "/services/registry"

_KINDS = {kind.shape: kind for kind in KINDS.values() if kind.speaker == REGISTRY.speaker}


def kind_of(change: Change) -> Kind:
    """The kind of event that a change is published as."""
    return _KINDS[type(change.data)]


def year_message(year: Year, traceparent: str = "") -> Message:
    """What was told of a year as its event; a correction has the same subject and a higher revision."""
    subject = f"{year.data.cooperative}/{year.name}"
    value = new(
        id=f"{subject}/{year.revision}",
        source=SOURCE,
        subject=subject,
        time=year.at,
        agency=year.agency,
        data=Retraction(reason=year.retracted) if year.retracted else year.data,
        kind=year_kind(year),
        revision=year.revision,
        traceparent=traceparent,
    )
    return Message(REGISTRY.name, key_of(subject), value)


def year_kind(year: Year) -> Kind:
    """The kind of event that what was told of a year is published as."""
    return _KINDS[type(year.data)]


def message(change: Change, traceparent: str = "") -> Message:
    """The change as its event, or that it never happened. The id says which change of which cooperative it is, so a
    resent one is a duplicate."""
    subject, gone = f"{change.data.cooperative}/{change.data.version}", change.annulled
    value = new(
        id=f"{subject}/annulled" if gone else subject,
        source=SOURCE,
        subject=subject,
        time=change.at,
        agency=change.agency,
        data=Retraction(reason=gone.reason) if gone else change.data,
        kind=kind_of(change),
        revision=2 if gone else 1,
        traceparent=traceparent,
    )
    return Message(REGISTRY.name, key_of(subject), value)
