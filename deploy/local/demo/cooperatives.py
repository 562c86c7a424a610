"""Invented cooperatives and what happens to them, on the scale that the province and its neighbours publish."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from catalogue.model import Plan
from catalogue.windows import VIETNAM, local_day
from deploy.local.demo.chance import FIRST_DAY, LAST_DAY, Chance
from deploy.local.demo.year import Change

_SECTORS = ("agriculture",) * 11 + ("industry", "industry", "trade-services", "trade-services", "construction")
_OTHER_SECTORS = ("transport", "environment", "credit")
_FORMS = {"htx": "HTX", "lhhtx": "Liên hiệp HTX", "tht": "Tổ hợp tác"}
_NAMES = ("Đồng Tiến", "Hợp Nhất", "Xứ Lạng", "Mẫu Sơn", "Bình Minh", "Toàn Thắng", "Na Dê", "Hoa Hồi", "Tân Lập")
BEFORE = (date(2020, 11, 9), date(2020, 12, 11))
_YEAR = (date(2020, 12, 16), date(2021, 12, 20))
_DECEMBER = datetime(2021, 12, 1, 9, tzinfo=VIETNAM)
_UNIONS = (date(2021, 2, 1), date(2021, 11, 30))
"""There are so few of them that their year must not begin or end outside the plan's."""


@dataclass(frozen=True)
class Member:
    """A cooperative as it stands, as its register entry would tell."""

    code: str
    form: str
    name: str
    sector: str
    unit: str
    members: int
    capital: int
    women: int
    minority: int
    workers: int
    at: datetime
    version: int = 1
    active: bool = True
    dissolved: bool = False


@dataclass(frozen=True)
class Roll:
    """How many of each form stood before, and how many are founded in the year."""

    htx: int = 190
    tht: int = 206
    lhhtx: int = 3
    new_htx: int = 42
    new_tht: int = 20
    new_lhhtx: int = 1


def invent(plan: Plan, chance: Chance, roll: Roll) -> tuple[list[Change], dict[str, datetime]]:
    """All changes in the order of their instants, and from when to use each cooperative that stays to the end."""
    units = districts(plan)
    registrar = plan.consolidator(FIRST_DAY)
    counts = {
        "htx": (roll.htx, roll.new_htx),
        "tht": (roll.tht, roll.new_tht),
        "lhhtx": (roll.lhhtx, roll.new_lhhtx),
    }
    changes: list[Change] = []
    usable: dict[str, datetime] = {}
    for form, (before, new) in counts.items():
        for number in range(before + new):
            span = BEFORE if number < before else _UNIONS if form == "lhhtx" else _YEAR
            founded = found(chance, form, number, units[number % len(units)], chance.instant(*span))
            life = list(_live(founded, registrar, chance, ends=chance.random() < 0.03))
            changes += [*life, *_year_end(founded, life[-1], number)]
            if not any(change.kind in ("cooperative.dissolved", "cooperative.suspended") for change in life):
                usable[founded.code] = founded.at
    return sorted(changes, key=lambda change: change.at), usable


def districts(plan: Plan) -> list[str]:
    """The units that cooperatives are founded in."""
    return [unit.code for unit in plan.units_on(FIRST_DAY) if unit.level == "district"]


def found(chance: Chance, form: str, number: int, unit: str, at: datetime) -> Member:
    """One that is founded at that moment."""
    if form == "tht":
        sector, members, capital = "agriculture", chance.randint(8, 20), chance.money(50_000_000)
    else:
        sector = _OTHER_SECTORS[number % 3] if number % 17 == 16 else _SECTORS[number % len(_SECTORS)]
        members, capital = 7 + chance.roughly(9), chance.money(900_000_000)
    if form == "lhhtx":
        sector, members = "agriculture", chance.randint(4, 7)
    name = f"{_FORMS[form]} {chance.choice(_NAMES)} {number + 1} (dữ liệu minh họa)"
    code = f"{form.upper()}-{unit}-{number + 1:03d}"
    women, minority, workers = members * 2 // 5, members * 4 // 5, members // 2 + number % 5
    return Member(code, form, name, sector, unit, members, capital, women, minority, workers, at)


def _live(member: Member, registrar: str, chance: Chance, *, ends: bool) -> Iterator[Change]:
    """One cooperative's changes; its business times only go forward."""
    agency = registrar if member.form == "lhhtx" else f"UBND-{member.unit}"
    yield change_of(member, agency, "", "cooperative.registered", {"code": member.code, **entry(member)}, {})
    if chance.random() < 0.35:
        joined, paid = chance.randint(1, 12), chance.money(150_000_000)
        member = later(member, chance, members=member.members + joined, capital=member.capital + paid)
        body = {"members": member.members, "capital": member.capital}
        differences = {"members_change": joined, "capital_change": paid}
        yield change_of(member, agency, "/amendments", "cooperative.amended", body, differences)
    if member.form == "htx" and chance.random() < 0.06:
        before = member.sector
        member = later(member, chance, sector="trade-services" if before == "agriculture" else "agriculture")
        moved = {"previous_sector": before, "active": True}
        yield change_of(member, agency, "/amendments", "cooperative.amended", {"sector": member.sector}, moved)
    if chance.random() < (0.6 if ends else 0.06):
        member = later(member, chance, active=False)
        yield change_of(member, agency, "/suspensions", "cooperative.suspended", {"reason": "Tạm ngừng sản xuất"}, {})
        if not ends and chance.random() < 0.6:
            member = later(member, chance, active=True)
            yield change_of(member, agency, "/resumptions", "cooperative.resumed", {}, {})
    if ends:
        member, was_active = later(member, chance), member.active
        yield change_of(
            member,
            agency,
            "/dissolutions",
            "cooperative.dissolved",
            {"reason": "Không hoạt động quá 12 tháng"},
            {"was_active": was_active},
        )


def _year_end(founded: Member, latest: Change, number: int) -> Iterator[Change]:
    """What every fifth HTX tells of its year in the first days of December, if it stands and changes no more: first an
    estimate, then what was achieved, then its class."""
    at = _DECEMBER + timedelta(days=number % 3)  # Wednesday to Friday
    if number % 5 or founded.form != "htx" or latest.at >= _DECEMBER or latest.kind == "cooperative.dissolved":
        return
    where = {name: latest.data[name] for name in ("cooperative", "form", "sector", "unit")}
    revenue = founded.members * 25_000_000
    told = {"revenue": revenue, "profit": revenue // 10, "wages": revenue // 4, "workers": founded.workers}
    estimated = {**told, "revenue": revenue + 5_000_000, "estimate": True}
    graded = {"grade": ("good", "fair", "average")[number % 3], "score": 80 - number % 3 * 12}
    for route, kind, said in (
        ("/activities", "activity.reported", estimated),
        ("/activities", "activity.reported", told),
        ("/evaluations", "cooperative.evaluated", graded),
    ):
        said = {"year": _DECEMBER.year, **said}
        body = {**said, "at": at.isoformat()}
        yield Change(at, f"UBND-{founded.unit}", f"/{founded.code}{route}", body, kind, {**where, **said}, founded.code)


def later(member: Member, chance: Chance, **change: Any) -> Member:
    """It changes so, within some months."""
    first = max(local_day(member.at) + timedelta(days=1), FIRST_DAY)
    last = min(first + timedelta(days=120), LAST_DAY)
    at = chance.instant(first, last) if first <= last else datetime.combine(LAST_DAY, member.at.timetz(), VIETNAM)
    return replace(member, at=max(at, member.at), version=member.version + 1, **change)


def entry(member: Member) -> dict[str, Any]:
    """What the register tells of it."""
    names = ("form", "name", "sector", "unit", "members", "capital", "women", "minority", "workers")
    return {name: getattr(member, name) for name in names}


def change_of(member: Member, agency: str, route: str, kind: str, body: dict[str, Any], more: dict[str, Any]) -> Change:
    """A change as its office asks it; the data of its event are the entry and what the kind tells more."""
    path = f"/{member.code}{route}" if route else ""
    data = {**entry(member), "cooperative": member.code, **more}
    return Change(member.at, agency, path, {**body, "at": member.at.isoformat()}, kind, data, member.code)
