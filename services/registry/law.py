"""What the law on cooperatives asks of their size, by the day it is valid. Every figure says how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.kinds.registry import Form, Law, Sector

Certainty = Literal["secondary", "unverified"]
"""secondary: read in a page that quotes the law; unverified: known, but not read anywhere that can be named."""


@dataclass(frozen=True)
class Minimum:
    """The least number of members of a form, what is counted, and where that was read."""

    members: int
    counted: str
    source: str
    certainty: Certainty


@dataclass(frozen=True)
class Statute:
    """A law on cooperatives and the first day on which it is valid; it ends the day before the next one's."""

    law: Law
    name: str
    valid_from: date
    minimum: Mapping[Form, Minimum]


_CONTRACT = "hợp đồng hợp tác, nghị định 77/2019/NĐ-CP"

STATUTES = (
    # Its own first day is 1 Jul 2013. It also stands for the laws of 1996 and 2003 before it, because cooperatives
    # registered under those had to conform to it (unverified).
    Statute(
        "2012",
        "Luật Hợp tác xã 2012",
        date(1997, 1, 1),
        {
            "htx": Minimum(7, "thành viên", "Luật 23/2012/QH13", "secondary"),
            "lhhtx": Minimum(4, "hợp tác xã thành viên", "Luật 23/2012/QH13", "secondary"),
            "tht": Minimum(2, "thành viên", _CONTRACT, "unverified"),
        },
    ),
    Statute(
        "2023",
        "Luật Hợp tác xã 2023",
        date(2024, 7, 1),
        {
            "htx": Minimum(5, "thành viên chính thức", "Luật 17/2023/QH15", "secondary"),
            "lhhtx": Minimum(3, "hợp tác xã thành viên", "Luật 17/2023/QH15", "unverified"),
            "tht": Minimum(2, "thành viên", "Luật 17/2023/QH15", "unverified"),
        },
    ),
)

FIRST_DAY = STATUTES[0].valid_from
"""Nothing can take effect in the register before this day."""


def statute_on(day: date) -> Statute:
    """The law valid on a day that is not before `FIRST_DAY`."""
    return max((s for s in STATUTES if s.valid_from <= day), key=lambda statute: statute.valid_from)


@dataclass(frozen=True)
class Threshold:
    """A size class: the least official members, and, if any, the least revenue or capital, either of them, đồng.

    The capital is of all sources (tổng nguồn vốn, article 16 of the law of 2023). The register knows charter capital, a
    part of it: who has enough of that has enough, but who has not may have enough all the same.
    """

    size: Literal["micro", "small", "medium", "large", "unknown"]
    members: int
    revenue: int = 0
    capital: int = 0


@dataclass(frozen=True)
class Sizing:
    """The size classes of HTX valid from a day, the largest first; for some sectors only, or for all."""

    name: str
    valid_from: date
    sectors: frozenset[Sector] | None
    classes: tuple[Threshold, ...]
    source: str
    certainty: Certainty


SIZINGS = (
    Sizing(
        "Thông tư 01/2020/TT-BKHĐT",
        date(2020, 4, 1),
        None,
        (Threshold("large", 1_001), Threshold("medium", 301), Threshold("small", 50), Threshold("micro", 0)),
        "Điều 4 Thông tư 01/2020/TT-BKHĐT",
        "secondary",
    ),
    # Only agriculture's two upper classes could be read; what lies below them, and other sectors, is not known.
    Sizing(
        "Nghị định 113/2024/NĐ-CP",
        date(2024, 7, 1),
        frozenset({"agriculture"}),
        (
            Threshold("large", 300, 50_000_000_000, 10_000_000_000),
            Threshold("medium", 200, 10_000_000_000, 5_000_000_000),
            Threshold("unknown", 0),
        ),
        "Nghị định 113/2024/NĐ-CP",
        "secondary",
    ),
)


def sizing_on(day: date) -> Sizing | None:
    """The size classes in force on a day; ``None`` before there were any."""
    return max((s for s in SIZINGS if s.valid_from <= day), key=lambda sizing: sizing.valid_from, default=None)


@dataclass(frozen=True)
class EvaluationDates:
    """The days, month and day, by which a year's classes are told: by the cooperative to its office, by the district's
    office to the province, by the province to the ministry."""

    name: str
    valid_from: date
    cooperative_by: tuple[int, int]
    district_by: tuple[int, int]
    province_by: tuple[int, int]
    source: str
    certainty: Certainty


# Whether the circular goes on under the law of 2023 is not verified; nothing that replaces it was found.
EVALUATIONS = (
    EvaluationDates(
        "Thông tư 01/2020/TT-BKHĐT",
        date(2020, 4, 1),
        (12, 15),
        (12, 18),
        (12, 21),
        "Điều 9 Thông tư 01/2020/TT-BKHĐT",
        "secondary",
    ),
)


def evaluation_of(year: int) -> EvaluationDates | None:
    """The dates that hold for a year's evaluation; ``None`` before there was one."""
    held = (one for one in EVALUATIONS if one.valid_from <= date(year, *one.cooperative_by))
    return max(held, key=lambda one: one.valid_from, default=None)
