"""The words of a document as numbered blocks: part, section, clause, point (decree 30/2020, Annex I, V.b). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.reporting.document.numbering import letter, roman

Level = Literal["part", "section", "clause", "point", "dash", "text"]
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENDS = (".", ";", ":", "!", "?", "…")


@dataclass(frozen=True)
class Block:
    """One paragraph, numbered as it is written (``Phần I``, ``II.``, ``3.``, ``đ)``)."""

    level: Level
    number: str
    text: str


class Outline:
    """Collects blocks and numbers them: a part begins sections anew, a section clauses, a clause points."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts = self._sections = self._clauses = self._points = 0

    def part(self, title: str) -> None:
        self._parts += 1
        self._sections = self._clauses = self._points = 0
        self.blocks.append(Block("part", f"Phần {roman(self._parts)}", title.upper()))

    def section(self, title: str) -> None:
        self._sections += 1
        self._clauses = self._points = 0
        self.blocks.append(Block("section", f"{roman(self._sections)}.", title.upper()))

    def clause(self, title: str) -> None:
        self._clauses += 1
        self._points = 0
        self.blocks.append(Block("clause", f"{self._clauses}.", title))

    def point(self, text: str) -> None:
        self._points += 1
        self.blocks.append(Block("point", f"{letter(self._points)})", text))

    def text(self, words: str) -> None:
        """Each line that somebody wrote is a paragraph."""
        self.blocks += [Block("text", "", line) for line in lines(words)]

    def dash(self, words: str) -> None:
        """What somebody says, in one paragraph or in several."""
        first, *others = lines(words) or [""]
        self.blocks.append(Block("dash", "-", first))
        self.blocks += [Block("text", "", line) for line in others]

    def end(self, words: str) -> None:
        """The last paragraph, which ends with ``./.``"""
        self.blocks.append(Block("text", "", f"{words}./."))


def writable(text: str) -> str:
    """Without signs that no document can hold."""
    return _UNWRITABLE.sub(" ", text)


def lines(words: str) -> list[str]:
    """What somebody wrote, as paragraphs that end as sentences do."""
    return list(_sentences(writable(words)))


def _sentences(words: str) -> Iterator[str]:
    for line in words.splitlines():
        text = " ".join(line.split())
        if text:
            yield text if text.endswith(_ENDS) else f"{text}."
