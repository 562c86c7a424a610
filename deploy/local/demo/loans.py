"""Invented loans: granted, paid out within what was granted, paid back within what was paid out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from catalogue.model import Term
from catalogue.windows import local_day
from deploy.local.demo.chance import FIRST_DAY, LAST_DAY, Chance
from deploy.local.demo.needs import Need, saying
from deploy.local.demo.values import Scene, data_of
from deploy.local.demo.year import Saying

LOAN_KINDS = frozenset({"loan.granted", "loan.disbursed", "loan.repaid", "loan.overdue"})
_GRANTED = "loan.granted"
_FROM_A_BANK, _FROM_THE_FUND = 350_000_000, 100_000_000
"""Đồng. The fund's loans of 2024 were of about 100 million each: 46 files, 4.6 billion."""


@dataclass(frozen=True)
class _Loan:
    """What all steps of one loan share."""

    agency: str
    number: str
    shared: dict[str, Any]

    def step(self, kind: str, part: int, at: datetime, data: dict[str, Any]) -> Saying:
        subject = f"loan-{self.number}/{kind.partition('.')[2]}-{part}"
        return saying(self.agency, kind, subject, at, data)


def lives(needs: Iterable[Need], scene: Scene, count: int) -> Iterator[Saying]:
    """About so many loans, of every programme that a term names, with every condition a term sets."""
    wanted = [need for need in needs if need.term.kind in LOAN_KINDS]
    for number in range(max(count, 2 * len(wanted))):
        need = wanted[number % len(wanted)]
        yield from _live(need, f"{need.agency}-{number + 1:04d}", scene)


def _live(need: Need, number: str, scene: Scene) -> Iterator[Saying]:
    chance = scene.chance
    where = {name: value for name, value in need.term.where.items() if name in ("programme", "purpose", "new_borrower")}
    at = chance.instant(FIRST_DAY, date(2021, 11, 30))
    fund = where.get("programme") == ("support-fund",)
    granted = chance.money(_FROM_THE_FUND if fund else _FROM_A_BANK)
    granting = type(need)(need.agency, need.unit, Term(_GRANTED, where or {}, None, 1))
    data = data_of(granting, at, scene, loan=number, amount=granted)
    if "programme" not in where:
        data["programme"] = "decree-55-2015"
    loan = _Loan(need.agency, number, {name: data[name] for name in ("loan", "cooperative", "programme")})
    yield loan.step(_GRANTED, 1, at, data)
    paid = granted if chance.random() < 0.6 else granted // 2
    at = _soon(at, chance.randint(3, 20))
    yield loan.step("loan.disbursed", 1, at, {**loan.shared, "amount": paid})
    if paid < granted and chance.random() < 0.7:
        yield loan.step("loan.disbursed", 2, _soon(at, 9), {**loan.shared, "amount": granted - paid})
    if number.endswith(("3", "6", "9")) or need.term.kind == "loan.repaid":
        yield loan.step("loan.repaid", 1, _soon(at, 60), {**loan.shared, "amount": _part(paid, 4)})
    if number.endswith("7") or need.term.kind == "loan.overdue":
        yield loan.step("loan.overdue", 1, _soon(at, 90), {**loan.shared, "amount": _part(paid, 10)})


def _soon(at: datetime, days: int) -> datetime:
    """So many days later or on the next weekday; LAST_DAY, a Friday, at the latest."""
    day = Chance.workday(min(local_day(at) + timedelta(days), LAST_DAY))
    return at + (day - local_day(at))


def _part(amount: int, parts: int) -> int:
    """An instalment, in whole thousands of đồng."""
    return max(1, amount // parts // 1_000) * 1_000
