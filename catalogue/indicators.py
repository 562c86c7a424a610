"""What is counted for a task: an indicator, and the terms that say which events it takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Measure = Literal["count", "sum", "distinct", "stock", "average"]
Speakers = Literal["owners", "any"]
Wanted = str | bool | int


@dataclass(frozen=True)
class Term:
    """Which events an indicator takes, and how much of each.

    ``where``: the field's value must be one of these, for every field listed. ``field``: the amount; without it, 1.
    ``moved``: of an event that says a cooperative went to another unit, the amount counts in that one and is taken away
    where it was until then (`contracts.kinds.registry`); any other event is not taken.
    """

    kind: str
    where: Mapping[str, tuple[Wanted, ...]]
    field: str | None
    sign: Literal[1, -1]
    moved: bool = False


@dataclass(frozen=True)
class Phrase:
    """The sentence on a figure, as a template: where there is something, and where it is zero (`catalogue.phrases`)."""

    some: str
    none: str


@dataclass(frozen=True)
class Indicator:
    """What is counted for a task.

    count: events; sum: a field of them; distinct: the cooperatives in them; stock: signed sum over all time up to the
    window's last day; average: one indicator's total (``of``) divided by another's (``per``), both of the same events,
    so that it is never an average of averages. ``speakers`` says whose events count: the task's owners', or any
    agency's.
    """

    code: str
    title: str
    gloss: str
    measure: Measure
    unit: str
    terms: tuple[Term, ...]
    speakers: Speakers
    of: "Indicator | None" = None
    per: "Indicator | None" = None
    phrase: Phrase | None = None
    """Its own sentence, where none of the plan's will do."""

    @property
    def counted(self) -> "tuple[Indicator, ...]":
        """The indicators that events are counted for: of an average its two, of any other itself."""
        return (self.of, self.per) if self.of and self.per else (self,)
