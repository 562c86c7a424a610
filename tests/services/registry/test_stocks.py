"""The stocks that the plan reads off the register are what the register holds, whatever happened to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Indicator, Plan
from services.registry.fold import fold
from services.registry.messages import kind_of
from services.registry.model import GONE, Change, Cooperative, Refused
from services.registry.reorganise import Reorganised, divide, leaving, merge
from services.registry.requests import Convert, Divide, Merge, Register, Request
from tests.services.registry.asking import BEGAN, REGISTRAR, amend, decided, dissolve, on, register, resume, suspend

NOW = on(2024, 12, 31)
CODES = ("HTX-181-01", "HTX-181-02", "HTX-181-03")
ACTS = ("amend", "suspend", "suspend", "resume", "convert", "merge", "divide", "split", "dissolve")

Held = Callable[[Cooperative], int]


def active(*forms: str) -> Held:
    return lambda state: state.status == "active" and state.form in forms


def sum_of(name: str) -> Held:
    return lambda state: 0 if state.status in GONE else getattr(state, name)


HELD: Mapping[str, Held] = {
    "II.4.a.1/active-htx": active("htx"),
    "II.4.a.1/active-lhhtx": active("lhhtx"),
    "II.4.a.1/active-tht": active("tht"),
    "II.4.a.2/inactive": lambda state: state.status == "suspended" and state.form == "htx",
    "II.4.c.1/active": lambda state: active("htx", "lhhtx")(state) and state.sector == "agriculture",
    **{f"II.4.đ.1/{name}": sum_of(name) for name in ("members", "capital", "workers", "women", "minority")},
}
"""What of each stock a cooperative is, as the register has it."""


@dataclass
class Book:
    """The cooperatives of a register, and every change that was made."""

    plan: Plan
    states: dict[str, Cooperative] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def ask(self, request: Request, code: str) -> None:
        self._put(decided(self.plan, self.states.get(code), request, REGISTRAR, NOW))

    def merge(self, code: str, request: Merge) -> None:
        others = [self.states[one] for one in request.absorbed]
        self._reorganise(merge(self.states[code], others, request, REGISTRAR, self.plan, NOW))

    def divide(self, code: str, request: Divide) -> None:
        self._reorganise(divide(self.states[code], request, REGISTRAR, self.plan, NOW))

    def _reorganise(self, outcome: Reorganised | Refused) -> None:
        if isinstance(outcome, Refused):
            return
        change, steps = outcome
        self._put(change)
        for step in steps:
            if step.register is not None:
                self.ask(Register.model_validate(step.register), step.code)
            else:
                self._put(leaving(self.states[step.code], step))

    def _put(self, change: Change | Refused) -> None:
        if isinstance(change, Change):
            code = change.data.cooperative
            self.states[code] = fold(self.states.get(code), change)
            self.changes.append(change)


def act(book: Book, name: str, code: str, at: datetime, draw: Callable[[Any], Any]) -> None:
    told = {"at": at.isoformat()}
    match name:
        case "amend":
            sector = draw(st.sampled_from(("agriculture", "industry")))
            book.ask(amend(at, sector=sector, members=draw(st.integers(7, 30)), workers=draw(st.integers(0, 9))), code)
        case "suspend":
            book.ask(suspend(at), code)
        case "resume":
            book.ask(resume(at), code)
        case "dissolve":
            book.ask(dissolve(at), code)
        case "convert":
            book.ask(Convert.model_validate({**told, "form": "htx"}), code)
        case "merge":
            other = draw(st.sampled_from(sorted(book.states)))
            book.merge(code, Merge.model_validate({**told, "absorbed": [other], "members": 30, "capital": 7}))
        case _:
            state = book.states[code]
            alike = {"form": state.form, "sector": state.sector, "workers": 3}
            parts = [register(code=f"{code}-{part}{len(book.changes)}", at=at, **alike) for part in "AB"]
            left = {"members": 9, "capital": 3} if name == "split" else {}
            book.divide(code, Divide.model_validate({**told, "founded": parts, **left}))


def counted(indicator: Indicator, changes: list[Change]) -> int:
    """The figure by the catalogue's terms, computed plainly."""
    return sum(
        term.sign * (getattr(change.data, term.field) if term.field else 1)
        for change in changes
        for term in indicator.terms
        if kind_of(change).name == term.kind
        and all(getattr(change.data, name, None) in wanted for name, wanted in term.where.items())
    )


def test_every_stock_of_the_register_is_known_here(plan: Plan) -> None:
    read_off = {one.code for one in plan.indicator_by_code.values() if one.measure == "stock" and one.speakers == "any"}
    assert read_off == HELD.keys()


@settings(max_examples=150)
@given(data=st.data())
def test_a_stock_is_what_the_register_holds(plan: Plan, data: st.DataObject) -> None:
    book, form = Book(plan), data.draw(st.sampled_from(("htx", "lhhtx", "tht")))
    for code in CODES:
        book.ask(register(code=code, form=form, members=12, women=2, minority=5, workers=4), code)
    for turn, name in enumerate(data.draw(st.lists(st.sampled_from(ACTS), max_size=12))):
        code = data.draw(st.sampled_from(sorted(book.states)))
        act(book, name, code, BEGAN + timedelta(days=turn + 1), data.draw)
    for name, held in HELD.items():
        figure = counted(plan.indicator_by_code[name], book.changes)
        assert figure == sum(map(held, book.states.values())), name
