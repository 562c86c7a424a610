"""Which cooperatives are asked for: by words of their names as people type them, by field, by size. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.registry.model import Cooperative, Size, Year
from services.registry.names import words_in
from services.registry.years import size_of

_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Listed:
    """A cooperative with its years and the words it is found by."""

    state: Cooperative
    years: tuple[Year, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """``exactly``: fields and their values. ``words``: each begins a word of the name, or the code. ``size``: by the
    law valid on ``day``."""

    exactly: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    size: Size | None = None
    day: date = date.max

    @property
    def where(self) -> dict[str, Any]:
        """What the store can look up: the longest word by its index; the rest is left to `fits`."""
        longest = max(self.words, key=len, default="")
        return {**self.exactly, **({"words": {"$gte": longest, "$lt": longest + _LAST}} if longest else {})}

    def fits(self, listed: Listed) -> bool:
        """Whether a cooperative that the store found is wanted."""
        by_words = all(any(word.startswith(asked) for word in listed.words) for asked in self.words)
        return by_words and self.size in (None, size_of(listed.state, listed.years, self.day))


def typed(text: str) -> tuple[str, ...]:
    """The words of what somebody typed into a search box."""
    return tuple(words_in(text))
