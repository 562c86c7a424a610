"""What a form is made of: its columns, each with what its cells may hold. Pure."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, assert_never

LISTS = "Danh mục"
"""The sheet that has the lists to choose from."""


def folded(text: str) -> str:
    """Text as it is compared: letters composed, without regard to capitals and to how much space there is."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@dataclass(frozen=True)
class Text:
    """Words, numbers of documents, codes: anything that must keep its leading zeros."""

    longest: int


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int
    most: int


@dataclass(frozen=True)
class Choice:
    """One of some codes, shown by their labels. An open one is only a proposal: other codes may be typed."""

    labels: Mapping[str, str]
    open: bool = False

    @cached_property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The codes that a folded text may name: by label, by code, or by both."""
        named: dict[str, dict[str, None]] = {}
        for code, label in self.labels.items():
            for text in (label, code, f"{code} - {label}"):
                named.setdefault(folded(text), {})[code] = None
        return {text: tuple(codes) for text, codes in named.items()}


@dataclass(frozen=True)
class YesNo:
    """Có or Không."""


@dataclass(frozen=True)
class Codes:
    """Several codes in one cell, with commas between them."""


@dataclass(frozen=True)
class Day:
    """A day, without a time."""


Holds = Text | Whole | Choice | YesNo | Codes | Day


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is for programs and never shown; ``hint`` says in Vietnamese what to write."""

    name: str
    title: str
    holds: Holds
    unit: str = ""
    required: bool = False
    hint: str = ""

    @property
    def heading(self) -> str:
        """What stands above the cells."""
        return self.title + (f" ({self.unit})" if self.unit else "") + (" *" if self.required else "")

    @property
    def told(self) -> str:
        """How to fill it in, in Vietnamese."""
        return f"{_told(self.holds)} {self.hint}".strip()


@dataclass(frozen=True)
class Layout:
    """A form: its name for programs, its title, its columns, and one invented row that shows how to fill it in.

    ``example`` holds a value by column name; it is written into the template and passed by when it comes back.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    example: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def column(self) -> Mapping[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def version(self) -> str:
        """Changes when a column is added, taken away or holds something else; not with wording or proposals."""
        told = [(column.name, type(column.holds).__name__, column.required) for column in self.columns]
        return hashlib.blake2b(repr(told).encode(), digest_size=4).hexdigest()


def _told(holds: Holds) -> str:
    match holds:
        case Text(longest=longest):
            return f"Chữ, không quá {longest} ký tự."
        case Whole(least=least) if least >= 0:
            return f"Số nguyên, từ {least} trở lên."
        case Whole():
            return "Số nguyên."
        case Choice(open=True):
            return f"Chọn trong danh sách (trang «{LISTS}»), hoặc ghi mã."
        case Choice():
            return f"Chọn trong danh sách (trang «{LISTS}»)."
        case YesNo():
            return "Chọn Có hoặc Không."
        case Codes():
            return "Một hay nhiều mã, cách nhau bằng dấu phẩy."
        case Day():
            return "Ngày, tháng, năm; ví dụ 24/03/2021."
        case _:
            assert_never(holds)
