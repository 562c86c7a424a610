"""Every kind of event, one file or folder per speaker, and the one table that finds a kind by its type.

A kind's type is a noun and a past participle, ``loan.granted``. Any kind an agency speaks may be taken back by the
same type with ``.retracted`` behind it, whose data is `Retraction`.
"""

# Importing a speaker's file declares its kinds; the order here is the order of KINDS.
from contracts.kinds import registry, support, reporting, notify  # noqa: F401, I001
from contracts.kinds.kind import KINDS, Kind, Retraction

RETRACTED = ".retracted"


def kind_of(event_type: str) -> Kind | None:
    """The kind of an event's type; a retraction is of the kind it takes back. ``None`` where no kind has that type."""
    return KINDS.get(event_type.removesuffix(RETRACTED))


def judge_of(event_type: object) -> str:
    """The service that judges what an agency's system says over Kafka: registry its own kinds; support all else, also
    what is no event at all, so that everything has exactly one judge."""
    kind = kind_of(event_type) if isinstance(event_type, str) else None
    return "registry" if kind is not None and kind.speaker == "registry" else "support"


__all__ = ["KINDS", "RETRACTED", "Kind", "Retraction", "judge_of", "kind_of"]
