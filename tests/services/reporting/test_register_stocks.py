"""Stocks that are read off the register's events are what the register holds, whatever became of its cooperatives."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.model import Plan
from catalogue.windows import Period, window
from chassis.store import Message
from contracts.envelope import read
from services.registry.decide import decide
from services.registry.fold import fold
from services.registry.messages import message
from services.registry.model import GONE, Change, Cooperative, Refused, Step
from services.registry.reorganise import divide, leaving, merge
from services.registry.requests import Alter, Convert, Divide, Merge, Register
from services.reporting.figures import Question, values
from services.reporting.fold import Cells, Counting, apply, entry_of
from tests.services.registry.asking import REGISTRAR, amend, dissolve, on, register, resume, suspend

NOW, BEGAN = on(2022, 1, 1), on(2021, 1, 4)
FORMS, SECTORS, UNITS = ("htx", "lhhtx", "tht"), ("agriculture", "transport"), ("180", "181")
FOUNDED = 6
STOCKS: dict[str, Callable[[Cooperative], int]] = {
    "II.4.a.1/active-htx": lambda one: one.form == "htx" and one.status == "active",
    "II.4.a.1/active-lhhtx": lambda one: one.form == "lhhtx" and one.status == "active",
    "II.4.a.1/active-tht": lambda one: one.form == "tht" and one.status == "active",
    "II.4.a.2/inactive": lambda one: one.form == "htx" and one.status == "suspended",
    "II.4.c.1/active": lambda one: one.form != "tht" and one.sector == "agriculture" and one.status == "active",
    "II.4.đ.1/members": lambda one: one.members,
    "II.4.đ.1/capital": lambda one: one.capital,
    "II.4.đ.1/workers": lambda one: one.workers,
    "II.4.đ.1/women": lambda one: one.women,
    "II.4.đ.1/minority": lambda one: one.minority,
}
Asked = tuple[str, int, int]
"""What is asked, of which cooperative, with which other one, sector or unit."""
WAYS = ("amend", "suspend", "resume", "dissolve", "convert", "merge", "divide", "divide-off")


class Book:
    """The register as registry decides on it, and what it says."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._day = 0
        self.states: dict[str, Cooperative] = {}
        self.said: list[Message] = []
        for number in range(FOUNDED):
            self._enter(f"HTX-{number}", FORMS[number % 3], number)

    def ask(self, asked: Asked) -> None:
        """Carry out what is asked, where the rules allow it."""
        way, one, other = asked
        codes = sorted(self.states)
        code, second = codes[one % len(codes)], codes[other % len(codes)]
        state, at = self.states[code], self._next()
        if way == "merge":
            request = Merge(at=at, absorbed=(second,), members=20, capital=9)
            self._reorganise(merge(state, [self.states[second]], request, REGISTRAR, self._plan, NOW))
        elif way.startswith("divide"):
            stays = (20, 5) if way == "divide-off" else (None, None)
            founded = (self._founded(f"HTX-{len(codes)}", state.form, other, at),)
            asked_for = Divide(at=at, founded=founded, members=stays[0], capital=stays[1])
            self._reorganise(divide(state, asked_for, REGISTRAR, self._plan, NOW))
        else:
            alter: dict[str, Alter] = {
                "amend": amend(
                    at, sector=SECTORS[other % 2], unit=UNITS[other // 2 % 2], members=10 + other, workers=other
                ),
                "suspend": suspend(at),
                "resume": resume(at),
                "dissolve": dissolve(at),
                "convert": Convert(at=at, form="htx"),
            }
            self._keep(decide(state, alter[way], code=code, speaker=REGISTRAR, plan=self._plan, now=NOW))

    def standing(self) -> Iterator[Cooperative]:
        """Who is in the register."""
        return (state for state in self.states.values() if state.status not in GONE)

    def _next(self) -> datetime:
        self._day += 1
        return BEGAN + timedelta(days=self._day)

    def _founded(self, code: str, form: str, number: int, at: datetime) -> Register:
        more = {"members": 12 + number, "women": number, "minority": 2, "workers": 3, "capital": 1_000 * number}
        return register(code=code, form=form, sector=SECTORS[number % 2], unit=UNITS[number % 2], at=at, **more)

    def _enter(self, code: str, form: str, number: int) -> None:
        request = self._founded(code, form, number, self._next())
        self._keep(decide(None, request, code=code, speaker=REGISTRAR, plan=self._plan, now=NOW))

    def _reorganise(self, outcome: tuple[Change, tuple[Step, ...]] | Refused) -> None:
        if isinstance(outcome, Refused):
            return
        self._keep(outcome[0])
        for step in outcome[1]:
            if step.register is None:
                self._keep(leaving(self.states[step.code], step))
            else:
                request = Register.model_validate(step.register)
                self._keep(decide(None, request, code=step.code, speaker=REGISTRAR, plan=self._plan, now=NOW))

    def _keep(self, outcome: Change | Refused) -> None:
        if isinstance(outcome, Refused):
            return
        code = outcome.data.cooperative
        self.states[code] = fold(self.states.get(code), outcome)
        self.said.append(message(outcome))


@pytest.fixture(scope="module")
def counting(plan: Plan) -> Counting:
    return Counting(plan)


def test_every_stock_of_the_register_is_known_here(plan: Plan) -> None:
    read_off = {one.code for one in plan.indicator_by_code.values() if one.measure == "stock" and one.speakers == "any"}
    assert read_off == STOCKS.keys()


@given(asked=st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 9), st.integers(0, 9)), max_size=30))
@example(asked=[("merge", 1, 4)])
@example(asked=[("suspend", 0, 0), ("divide", 0, 1)])
@example(asked=[("suspend", 2, 0), ("convert", 2, 0)])
@example(asked=[("amend", 1, 0), ("dissolve", 1, 0)])
def test_stocks_are_what_the_register_holds_in_the_province_and_in_each_unit(
    plan: Plan, counting: Counting, asked: list[Asked]
) -> None:
    book, cells = Book(plan), Cells(counting.stocks)
    for step in asked:
        book.ask(step)
    for one in book.said:
        apply(cells, entry_of(read(one.value), counting))
    pairs = [pair for bucket in cells.buckets.values() for pair in bucket.items()]
    for unit in (None, *UNITS):
        found = values(plan, Question(window(Period.parse("2021"), "calendar"), unit=unit), pairs)
        held = [one for one in book.standing() if unit in (None, one.unit)]
        assert {code: found[code] for code in STOCKS} == {code: sum(map(of, held)) for code, of in STOCKS.items()}
