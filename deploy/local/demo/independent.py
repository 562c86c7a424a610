"""Every figure and every register state once more, computed plainly from what was invented.

Knows nothing of services, cells or stretches: it keeps what holds of each fact in one list and walks the list for every
indicator and window. It takes from the catalogue only what the plan declares: indicators, owners, duties.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catalogue.model import Indicator, Plan, Term
from catalogue.windows import VIETNAM
from deploy.local.demo.year import Difficulty, HandIn, Year

PERIODS = ("2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2021-H1", "2021")
CALENDARS = ("administrative", "calendar")
Figures = dict[tuple[str, str, str], int]
"""By period, calendar and indicator."""


@dataclass(frozen=True)
class Fact:
    """What holds of one thing said: who, what kind, on which local day, with which data."""

    agency: str
    kind: str
    day: date
    data: Mapping[str, Any]


def window_of(period: str, calendar: str) -> tuple[date, date]:
    """First and last day, straight from decree 09/2019/NĐ-CP, article 12, or from the calendar."""
    year, _, part = period.partition("-")
    first_month, last_month = {"": (1, 12), "H1": (1, 6)}.get(part) or (3 * int(part[1]) - 2, 3 * int(part[1]))
    if calendar == "calendar":
        after = date(int(year) + last_month // 12, last_month % 12 + 1, 1)
        return date(int(year), first_month, 1), after - timedelta(days=1)
    begins = date(int(year) - 1, 12, 15) if first_month == 1 else date(int(year), first_month - 1, 15)
    return begins, date(int(year), last_month, 14)


def facts(plan: Plan, year: Year) -> list[Fact]:
    """What holds at the end: of every fact its highest revision, unless that takes it back."""
    said = [
        Fact(agency, kind, _day(event["time"]), _placed(plan, agency, event["data"]))
        for (agency, kind, _), event in _highest(year).items()
        if not event["type"].endswith(".retracted")
    ]
    return said + [Fact(change.agency, change.kind, change.at.date(), change.data) for change in year.changes]


def _highest(year: Year) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """Of every fact said, by agency, kind and subject, its highest revision."""
    highest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for saying in year.sayings:
        if not saying.sound:
            continue
        event = saying.event
        key = (saying.agency, event["type"].removesuffix(".retracted"), event["subject"])
        if key not in highest or event.get("revision", 1) > highest[key].get("revision", 1):
            highest[key] = event
    return highest


def figures(plan: Plan, held: Iterable[Fact]) -> Figures:
    """Every indicator in every window."""
    by_kind = _by_kind(held)
    answers: Figures = {}
    for task in plan.tasks:
        for indicator in task.indicators:
            whole, over = (
                _taken(plan, task.code, part, by_kind) for part in (indicator.of or indicator, indicator.per)
            )
            for period in PERIODS:
                for calendar in CALENDARS:
                    days = window_of(period, calendar)
                    worth = _worth(indicator.of or indicator, whole, *days)
                    if indicator.per is not None:
                        worth = _divided(worth, _worth(indicator.per, over, *days))
                    answers[period, calendar, indicator.code] = worth
    return answers


def _by_kind(held: Iterable[Fact]) -> dict[str, list[Fact]]:
    by_kind: dict[str, list[Fact]] = {}
    for fact in held:
        by_kind.setdefault(fact.kind, []).append(fact)
    return by_kind


def _divided(total: int, over: int) -> int:
    """An average to the nearest whole, as one rounds by hand: a half goes up, away from nought. Of none, nought."""
    return int((Decimal(total) / Decimal(over)).to_integral_value(ROUND_HALF_UP)) if over else 0


def _taken(
    plan: Plan, task: str, indicator: Indicator | None, by_kind: Mapping[str, list[Fact]]
) -> list[tuple[Fact, Term]]:
    return [
        (fact, term)
        for term in (indicator.terms if indicator else ())
        for fact in by_kind.get(term.kind, ())
        if indicator and _takes(plan, task, indicator, term, fact)
    ]


def _takes(plan: Plan, task: str, indicator: Indicator, term: Term, fact: Fact) -> bool:
    if term.moved:  # what one unit gets another loses: to the province it is nothing
        return False
    if indicator.speakers == "owners" and fact.agency not in plan.owners(task, fact.day):
        return False
    return all(fact.data.get(name, _unsaid(name)) in allowed for name, allowed in term.where.items())


def _unsaid(name: str) -> object:
    """What a field left out means: a yes-or-no was not so, a propaganda session was for officials."""
    return {"audience": "officials"}.get(name, False)


def _worth(indicator: Indicator, taken: list[tuple[Fact, Term]], first: date, last: date) -> int:
    if indicator.measure == "stock":
        return sum(term.sign * _amount(term, fact) for fact, term in taken if fact.day <= last)
    inside = [(fact, term) for fact, term in taken if first <= fact.day <= last]
    if indicator.measure == "distinct":
        return len({code for fact, _ in inside for code in _cooperatives(fact)})
    return sum(_amount(term, fact) for fact, term in inside)


def _amount(term: Term, fact: Fact) -> int:
    if term.field is None:
        return 1
    if fact.kind.startswith("award.") and term.field == "count":
        return int(fact.data.get("count", 1))
    return int(fact.data.get(term.field) or 0)


def _cooperatives(fact: Fact) -> Iterable[str]:
    return [fact.data["cooperative"]] if "cooperative" in fact.data else fact.data.get("cooperatives", ())


def _placed(plan: Plan, agency: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    unit = plan.agency(agency).unit
    return {"unit": unit, **data} if unit and "unit" not in data else data


def _day(time: str) -> date:
    return datetime.fromisoformat(time).astimezone(VIETNAM).date()


@dataclass(frozen=True)
class Stand:
    """How a duty stands at the end."""

    outcome: str
    on_time: bool | None


def registers(plan: Plan, reports: Iterable[HandIn]) -> dict[tuple[str, str], Stand]:
    """By period and agency: the newest outcome, and whether the first report came by the last day."""
    stands: dict[tuple[str, str], Stand] = {
        (duty.period, duty.agency): Stand("missing", None) for duty in plan.duties(2021) if duty.role == "report"
    }
    last_days = {"2021-Q1": (3, 24), "2021-Q2": (6, 24), "2021-H1": (6, 24), "2021-Q3": (9, 24)}
    for report in reports:
        for period in report.periods:
            if (period, report.agency) not in stands:
                continue  # of the year before
            earlier = stands[period, report.agency]
            punctual = report.at.date() <= date(2021, *last_days.get(period, (12, 24)))
            stands[period, report.agency] = Stand(
                report.outcome, punctual if earlier.on_time is None else earlier.on_time
            )
    return stands


def counts(stands: Mapping[tuple[str, str], Stand], period: str) -> Counter[str]:
    """How many of each outcome in a period."""
    return Counter(stand.outcome for (of, _), stand in stands.items() if of == period)


STEPS = {"forwarding": "forwarded", "answer": "answered", "closing": "closed"}


def obstacles(year: Year) -> Counter[str]:
    """How many there are at the end by state: those of events, solved or not, and those that people raised."""
    states = Counter(state_on(one, date.max) for one in year.difficulties)
    facts = {key: event for key, event in _highest(year).items() if key[1].startswith("obstacle.")}
    for agency, subject in {(agency, subject) for agency, _, subject in facts}:
        raised, solved = (
            not facts.get((agency, f"obstacle.{kind}", subject), {"type": ".retracted"})["type"].endswith(".retracted")
            for kind in ("raised", "solved")
        )
        if raised or solved:
            states["closed" if solved else "open"] += 1
    return states


def state_on(one: Difficulty, day: date) -> str:
    """How an obstacle stands in the evening of a day."""
    done = [STEPS[dealing.step] for dealing in one.dealings if dealing.on <= day]
    return done[-1] if done else "open"


def way(one: Difficulty) -> tuple[object, ...]:
    """What becomes of it: who raised it, the documents that forwarded and answered it, answer, solution, state."""
    done = {dealing.step: dealing.body for dealing in one.dealings}
    forwarded, answered, closed = (done.get(step, {}) for step in STEPS)
    return (
        one.agency,
        forwarded.get("document"),
        answered.get("document"),
        answered.get("text"),
        closed.get("solution"),
        state_on(one, date.max),
    )


def consolidated(year: Year) -> dict[tuple[str, str], str]:
    """By period and text, how the obstacles that people raised stand in its consolidated report: raised before it was
    frozen, and not closed before its window began."""
    found = {}
    for freeze in year.consolidations:
        frozen_on, begins = freeze.at.date(), window_of(freeze.period, "administrative")[0]
        for one in year.difficulties:
            over = state_on(one, begins - timedelta(days=1)) == "closed"
            if one.raised_on <= frozen_on and not over:
                found[freeze.period, one.text] = state_on(one, frozen_on)
    return found


def of_agency(plan: Plan, held: Iterable[Fact], agency: str, code: str, period: str) -> int:
    """What one agency's events come to in a period's administrative window: of a count or a sum."""
    indicator = plan.indicator_by_code[code]
    first, last = window_of(period, "administrative")
    taken = _taken(plan, code.rpartition("/")[0], indicator, _by_kind(one for one in held if one.agency == agency))
    return sum(_amount(term, fact) for fact, term in taken if first <= fact.day <= last)
