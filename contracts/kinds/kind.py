"""What a kind is, and how a class becomes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from contracts.shapes import Shape

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Kind:
    """One type of event: its name (CloudEvents ``type``), its speaker (a service), its Vietnamese title, its data."""

    name: str
    speaker: str
    title: str
    shape: type[Shape]


KINDS: dict[str, Kind] = {}
"""All kinds by type, in the order their files declare them."""


def kind(event_type: str, title: str) -> Callable[[type[S]], type[S]]:
    """Make a class the data of ``event_type``; its speaker is the module it stands in, `contracts.kinds.SPEAKER`."""

    def declare(shape: type[S]) -> type[S]:
        speaker = shape.__module__.split(".")[2]
        if event_type in KINDS:
            raise ValueError(f"{event_type} is declared twice: {KINDS[event_type].shape} and {shape}")
        KINDS[event_type] = Kind(event_type, speaker, title, shape)
        return shape

    return declare


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """Takes back what an earlier event of the same kind and subject said."""

    reason: Annotated[str, Meta(title="Lý do", min_length=1, max_length=2000)]
