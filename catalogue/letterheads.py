"""What decree 30/2020/NĐ-CP leaves to the agency that issues a document: its heading, who signs, who gets copies. Pure.

"ô" are the numbered cells of the decree's Annex I, where each thing stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from catalogue.roster import Certainty
from catalogue.windows import ONE_DAY

_TITLES = ("GS", "PGS", "TS", "ThS", "Ths", "CN", "KS", "BS", "CK", "TSKH")
"""Academic titles and degrees, which must not stand before a signer's name (Annex I, II.7c)."""


class NoLetterhead(LookupError):
    """Nobody has written down how the agency's documents look on that day."""


@dataclass(frozen=True)
class Letterhead:
    """How an agency's documents look from one day to another.

    ``above`` is the superior agency and ``name`` the agency's own, line by line, in capitals (ô 2). ``abbreviation``
    ends its documents' symbols (ô 3), ``place`` stands before the date (ô 4). ``authority`` are the lines above the
    signature (``KT. CHỦ TỊCH``, ``PHÓ CHỦ TỊCH``; ô 7a), ``signer`` the name below it where it is known (ô 7b).
    ``copies`` and, by code, ``copied_agencies`` come after "Như trên" among the recipients, and ``archive`` last
    (``VT, KT``; ô 9b).
    """

    agency: str
    valid_from: date
    valid_to: date | None
    above: tuple[str, ...]
    name: tuple[str, ...]
    abbreviation: str
    place: str
    authority: tuple[str, ...]
    signer: str | None
    copies: tuple[str, ...]
    copied_agencies: tuple[str, ...]
    archive: str
    certainty: Certainty

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def letterhead_on(letterheads: Iterable[Letterhead], agency: str, day: date) -> Letterhead:
    """How the agency's documents look on that day.

    Raises:
        NoLetterhead: nobody has written it down.
    """
    for letterhead in letterheads:
        if letterhead.agency == agency and letterhead.holds_on(day):
            return letterhead
    raise NoLetterhead(f"no letterhead of {agency} on {day}")


def turns_of(letterheads: Iterable[Letterhead]) -> Iterator[date]:
    """The days on which a letterhead begins, or has just ended."""
    for letterhead in letterheads:
        yield letterhead.valid_from
        if letterhead.valid_to is not None:
            yield letterhead.valid_to + ONE_DAY


def problems_of(letterheads: Iterable[tuple[str, Letterhead]], agencies: frozenset[str]) -> Iterator[str]:
    """What is wrong with letterheads, each with its place: unknown agencies, overlaps, what the decree forbids."""
    placed = list(letterheads)
    for place, letterhead in placed:
        for code in (letterhead.agency, *letterhead.copied_agencies):
            if code not in agencies:
                yield f"{place}: unknown agency {code!r}"
        for line in (*letterhead.above, *letterhead.name, *letterhead.authority):
            if _small(line):
                yield f"{place}: {line!r} must stand in capitals"
        if letterhead.signer and letterhead.signer.replace(".", " ").split()[0] in _TITLES:
            yield f"{place}: {letterhead.signer!r} has an academic title, which must not stand before the name"
    by_agency = sorted(placed, key=lambda pair: (pair[1].agency, pair[1].valid_from))
    for (_, before), (place, after) in pairwise(by_agency):
        if before.agency == after.agency and (before.valid_to is None or after.valid_from <= before.valid_to):
            yield f"{place}: overlap: begins on {after.valid_from}, before another letterhead of it ends"


def _small(line: str) -> bool:
    """Whether a line has small letters; signing prefixes (``TUQ.``) are in capitals as well."""
    return line != line.upper()
