"""The sentences that reports are drafted with, as data: templates that fit an indicator, and how figures compare. Pure.

A template is plain text with names in braces. Of an indicator: ``{title}`` (in mid-sentence) or ``{Title}`` (at its
beginning), ``{value}``, ``{unit}``, ``{period}``, ``{until}`` (the last day), ``{comparison}``. Of a comparison:
``{difference}``, ``{percent}``, ``{unit}``, ``{earlier}`` (which period).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal, get_args

from catalogue.indicators import Indicator, Measure, Phrase

Turn = Literal["more", "less", "same", "new", "empty", "risen", "fallen"]
"""How a figure stands to an earlier one. ``new``: nothing arose then; ``empty``: of a stock, there was nothing then;
``risen``, ``fallen``: more or less than a number below zero, of which there is no percentage."""

_OF_FIGURE = frozenset({"title", "Title", "value", "unit", "period", "until", "comparison"})
_OF_TURN: Mapping[Turn, frozenset[str]] = {
    "more": frozenset({"difference", "percent", "unit", "earlier"}),
    "less": frozenset({"difference", "percent", "unit", "earlier"}),
    "same": frozenset({"unit", "earlier"}),
    "new": frozenset({"unit", "earlier"}),
    "empty": frozenset({"unit", "earlier"}),
    "risen": frozenset({"difference", "unit", "earlier"}),
    "fallen": frozenset({"difference", "unit", "earlier"}),
}


@dataclass(frozen=True)
class Rule:
    """A phrase, and the indicators it fits: of these measures and units, whose title holds one of these words (none
    given: of any); ``named`` if the title begins with the unit, so that a number can stand before it."""

    code: str
    phrase: Phrase
    measures: tuple[Measure, ...] = ()
    units: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    named: bool | None = None

    def fits(self, indicator: Indicator) -> bool:
        """Whether the phrase is for the indicator."""
        return (
            indicator.measure in (self.measures or get_args(Measure))
            and indicator.unit in (self.units or (indicator.unit,))
            and any(words in indicator.title for words in self.holds or ("",))
            and self.named in (None, is_named(indicator))
        )


@dataclass(frozen=True)
class Phrases:
    """The rules, of which the first that fits holds, and the words of each comparison."""

    rules: tuple[Rule, ...]
    comparisons: Mapping[Turn, str]

    def of(self, indicator: Indicator) -> Phrase:
        """The indicator's own phrase, or the first that fits it.

        Raises:
            LookupError: none fits, which the loader has refused.
        """
        if indicator.phrase:
            return indicator.phrase
        found = next((rule.phrase for rule in self.rules if rule.fits(indicator)), None)
        if found is None:
            raise LookupError(f"no phrase fits {indicator.code}")
        return found


def is_named(indicator: Indicator) -> bool:
    """Whether the title begins with the unit: "HTX được vay", counted in HTX."""
    return f"{indicator.title} ".casefold().startswith(f"{indicator.unit} ".casefold())


def problems_of(phrases: Phrases) -> Iterator[str]:
    """What is wrong with the rules and comparisons of a plan."""
    codes = [rule.code for rule in phrases.rules]
    yield from (f"{code}: used twice" for code in dict.fromkeys(codes) if codes.count(code) > 1)
    for rule in phrases.rules:
        yield from (f"{rule.code}: {problem}" for problem in problems_of_phrase(rule.phrase))
    for turn, allowed in _OF_TURN.items():
        if turn not in phrases.comparisons:
            yield f"comparisons: {turn!r} is missing"
        else:
            wrong = _problems(phrases.comparisons[turn], allowed, frozenset({"earlier"}))
            yield from (f"comparisons: {turn}: {problem}" for problem in wrong)


def problems_of_phrase(phrase: Phrase) -> Iterator[str]:
    """What is wrong with one phrase."""
    yield from (f"some: {problem}" for problem in _problems(phrase.some, _OF_FIGURE, frozenset({"value"})))
    yield from (f"none: {problem}" for problem in _problems(phrase.none, _OF_FIGURE - {"value"}, frozenset()))


def without_phrase(phrases: Phrases, indicators: Iterable[tuple[str, Indicator]]) -> Iterator[str]:
    """Indicators, each with its place, that no phrase fits or whose own one is wrong."""
    for place, indicator in indicators:
        if indicator.phrase:
            yield from (f"{place}: phrase: {problem}" for problem in problems_of_phrase(indicator.phrase))
        elif not any(rule.fits(indicator) for rule in phrases.rules):
            yield f"{place}: no phrase fits it"


def _problems(template: str, allowed: frozenset[str], needed: frozenset[str]) -> Iterator[str]:
    try:
        parts = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError as error:
        yield f"{template!r} is no template: {error}"
        return
    names = {name for _, name, _, _ in parts if name}
    if any(not name or spec or conversion for _, name, spec, conversion in parts):
        yield f"{template!r}: braces hold a name and nothing else"
    yield from (f"{template!r}: nothing is called {name!r} here" for name in sorted(names - allowed))
    yield from (f"{template!r}: {{{name}}} is missing" for name in sorted(needed - names))
