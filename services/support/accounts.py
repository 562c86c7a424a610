"""Accounts: what came into a loan or a budget, what went out of it, and what may not be. Pure.

Into a loan comes what is paid out to the borrower, out of it what is paid back; into a budget comes what is allocated,
out of it what is disbursed. At the end of no day may more have gone out than had come in: a loan's balance is never
below zero, and no budget pays out more than it was given.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Literal

from catalogue.windows import local_day
from contracts.envelope import Event
from contracts.labels import label_of
from contracts.shapes import Borrowing, Money
from services.support.model import Caution, Effect, Step

EFFECTS: Mapping[str, Effect] = {
    "loan.granted": "limit",
    "loan.disbursed": "in",
    "loan.repaid": "out",
    "loan.overdue": "overdue",
    "budget.allocated": "in",
    "budget.disbursed": "out",
}
"""The kinds that accounts are kept of."""

State = Literal["granted", "disbursed", "overdue", "settled", "open", "exhausted"]
"""Of a loan: granted, disbursed, overdue, settled. Of a budget: open while there is something left, exhausted."""


@dataclass(frozen=True)
class Account:
    """A loan or a budget: by fact, the step that holds."""

    id: str
    steps: Mapping[str, Step] = field(default_factory=dict)

    def after(self, step: Step) -> "Account":
        """The account once the step is told; nothing changes where a higher revision of its fact is known."""
        known = self.steps.get(step.fact)
        if known is not None and (known.revision, known.id) >= (step.revision, step.id):
            return self
        return Account(self.id, {**self.steps, step.fact: step})

    def total(self, effect: Effect, until: date = date.max) -> int:
        """đồng, to the end of the day."""
        return sum(step.amount for step in self.steps.values() if step.effect == effect and step.day <= until)

    @property
    def balance(self) -> int:
        """What came in less what went out, đồng."""
        return self.total("in") - self.total("out")

    @property
    def overdue(self) -> int:
        """Principal overdue and not paid back since, đồng; never more than the balance. What is paid back goes to what
        is overdue by the end of that day, and never to what becomes overdue later."""
        left = 0
        for _, steps in self._by_day("overdue", "out"):
            moved = sum(step.amount if step.effect == "overdue" else -step.amount for step in steps)
            left = max(0, left + moved)
        return max(0, min(self.balance, left))

    @property
    def state(self) -> State:
        """Where its life stands; `kind_of_account` says which states it may have."""
        if kind_of_account(self.id) == "budget":
            return "open" if self.balance else "exhausted"
        if self.overdue:
            return "overdue"
        if not self.total("in"):
            return "granted"
        return "disbursed" if self.balance else "settled"

    def lack(self) -> tuple[date, int] | None:
        """The first day at whose end more had gone out than had come in, and by how many đồng; ``None`` where none."""
        balance = 0
        for day, steps in self._by_day("in", "out"):
            balance += sum(step.amount if step.effect == "in" else -step.amount for step in steps)
            if balance < 0:
                return day, -balance
        return None

    def _by_day(self, *effects: Effect) -> Iterator[tuple[date, Iterator[Step]]]:
        steps = sorted((step for step in self.steps.values() if step.effect in effects), key=lambda step: step.day)
        return groupby(steps, key=lambda step: step.day)

    def cautions(self, step: Step) -> Iterator[Caution]:
        """What is unusual about the account once the step is told."""
        limit, paid = self.total("limit"), self.total("in")
        if step.effect == "in" and kind_of_account(self.id) == "loan" and paid > limit:
            reason = f"đã giải ngân {money(paid)}, quá số đã duyệt {money(limit)}"
            yield Caution("more-than-granted", "/data/amount", reason)
        if step.effect == "overdue" and self.total("overdue") > paid:
            reason = f"nợ quá hạn {money(self.total('overdue'))}, quá số đã giải ngân {money(paid)}"
            yield Caution("overdue-more-than-disbursed", "/data/amount", reason)
        yield from self._told_otherwise(step, "cooperative", "hợp tác xã")
        yield from self._told_otherwise(step, "programme", "chương trình tín dụng")

    def _told_otherwise(self, step: Step, name: Literal["cooperative", "programme"], title: str) -> Iterator[Caution]:
        """A loan has one borrower and one programme; figures by programme add up what each of its events names."""
        mine = getattr(step, name)
        others = {getattr(one, name) for one in self.steps.values() if one.fact != step.fact} - {"", mine}
        if mine and others:
            told, here = (", ".join(_called(name, code) for code in sorted(codes)) for codes in (others, {mine}))
            reason = f"các sự kiện khác của khoản vay này ghi {title} {told}, sự kiện này ghi {here}"
            yield Caution(f"other-{name}", f"/data/{name}", reason)


def step_of(event: Event) -> Step | None:
    """What a statement does to an account; ``None`` for other kinds, and for a retraction, which does not name it."""
    match event.data:
        case Borrowing(loan=loan):
            account = f"loan {event.envelope.agency} {loan}"
        case Money(source=source, policy=policy):
            account = f"budget {event.envelope.agency} {source} {policy}"
        case _:
            return None
    return step_into(account, event)


def step_into(account: str, event: Event) -> Step:
    """What an event of an account's kind does to the account of that id."""
    envelope, data = event.envelope, event.data
    of = {"cooperative": data.cooperative, "programme": data.programme} if isinstance(data, Borrowing) else {}
    return Step(
        account=account,
        fact=f"{event.kind.name} {envelope.subject}",
        effect=EFFECTS[event.kind.name],
        day=local_day(envelope.time),
        amount=data.amount if isinstance(data, Borrowing | Money) else 0,
        revision=envelope.revision,
        id=envelope.id,
        **of,
    )


def kind_of_account(id: str) -> Literal["loan", "budget"]:
    return "loan" if id.startswith("loan ") else "budget"


def account_of(id: str, steps: Iterable[Step]) -> Account:
    """The account of these steps, in any order."""
    account = Account(id)
    for step in steps:
        account = account.after(step)
    return account


def _called(name: str, code: str) -> str:
    return label_of("loan.granted", name, code) or code


def money(amount: int) -> str:
    """As it is written in Vietnamese: ``5.000.000 đồng``."""
    return f"{amount:,} đồng".replace(",", ".")
