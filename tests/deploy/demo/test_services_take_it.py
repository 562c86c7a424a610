"""What is invented is what the services take, and what is broken is what they refuse: by their own rules."""

from datetime import datetime, timedelta

import msgspec

from catalogue.model import Plan
from contracts.envelope import Malformed, read
from deploy.local.demo.year import Change as Invented
from deploy.local.demo.year import Year
from services.registry.decide import decide
from services.registry.fold import fold
from services.registry.model import Change, Cooperative, Step
from services.registry.model import Refused as RefusedByRegistry
from services.registry.model import Year as YearTold
from services.registry.reorganise import Reorganised, divide, leaving, merge
from services.registry.requests import (
    Amend,
    Convert,
    Dissolve,
    Divide,
    Evaluate,
    Merge,
    Register,
    ReportYear,
    Request,
    Resume,
    Suspend,
)
from services.registry.years import tell
from services.support.examine import Terms, examine
from services.support.model import Refused, Sound

REQUESTS: dict[str, type[Request]] = {
    "cooperative.registered": Register,
    "cooperative.amended": Amend,
    "cooperative.suspended": Suspend,
    "cooperative.resumed": Resume,
    "cooperative.dissolved": Dissolve,
    "cooperative.converted": Convert,
}
YEARS: dict[str, type[ReportYear | Evaluate]] = {"activity.reported": ReportYear, "cooperative.evaluated": Evaluate}


class Registry:
    """The register by its own rules, without its store."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._standing: dict[str, Cooperative] = {}
        self._steps: dict[str, Step] = {}

    def asked(self, invented: Invented) -> Change | YearTold:
        """What it says when the change is asked; of one that follows from another, when the step is carried out."""
        code, by, now = invented.data["cooperative"], invented.agency, invented.at
        state = self._standing.get(code)
        if invented.kind in YEARS:
            assert state is not None
            told = tell(state, (), YEARS[invented.kind].model_validate(invented.body), by, self._plan, now)
            assert isinstance(told, YearTold), told
            return told
        change = self._follows(code, state, by, now) if invented.path is None else self._does(invented, state)
        self._standing[code] = fold(state, change)
        return change

    def _does(self, invented: Invented, state: Cooperative | None) -> Change:
        code, by, now = invented.data["cooperative"], invented.agency, invented.at
        outcome: Reorganised | Change | RefusedByRegistry
        if (invented.path or "").endswith("/mergers"):
            asked = Merge.model_validate(invented.body)
            others = [self._standing[one] for one in asked.absorbed]
            outcome = merge(self._standing[code], others, asked, by, self._plan, now)
        elif (invented.path or "").endswith("/divisions"):
            outcome = divide(self._standing[code], Divide.model_validate(invented.body), by, self._plan, now)
        else:
            request = REQUESTS[invented.kind].model_validate(invented.body)
            outcome = decide(state, request, code=code, speaker=by, plan=self._plan, now=now)
        assert not isinstance(outcome, RefusedByRegistry), outcome
        change, steps = outcome if isinstance(outcome, tuple) else (outcome, ())
        self._steps |= {step.code: step for step in steps}
        return change

    def _follows(self, code: str, state: Cooperative | None, by: str, now: datetime) -> Change:
        step = self._steps.pop(code)
        if state is not None:
            return leaving(state, step)
        change = decide(None, Register.model_validate(step.register), code=code, speaker=by, plan=self._plan, now=now)
        assert isinstance(change, Change), change
        return change


def test_registry_allows_every_change_and_says_what_was_invented(plan: Plan, year: Year) -> None:
    registry = Registry(plan)
    for invented in year.changes:
        said = registry.asked(invented).data
        assert {name: getattr(said, name) for name in invented.data} == dict(invented.data)


def test_support_takes_every_sound_event_and_no_broken_one(plan: Plan, year: Year) -> None:
    known = {change.data["cooperative"]: change.at for change in year.changes[::-1]}
    for saying in year.sayings:
        terms = Terms(plan, saying.agency, saying.sent, timedelta(minutes=5), 65_536)
        outcome = examine(msgspec.json.encode(saying.event), terms)
        unknown = isinstance(outcome, Sound) and [
            code for code, _ in outcome.cooperatives if code not in known or known[code] > saying.sent
        ]
        assert saying.sound == (isinstance(outcome, Sound) and not unknown), (saying, outcome)


def test_events_are_broken_in_many_ways(plan: Plan, year: Year) -> None:
    codes = {
        outcome.code
        for saying in year.sayings
        if not saying.sound
        for terms in (Terms(plan, saying.agency, saying.sent, timedelta(minutes=5), 65_536),)
        if isinstance(outcome := examine(msgspec.json.encode(saying.event), terms), Refused)
    }
    assert codes >= {"malformed", "in-the-future", "other-agency"}


def test_no_garbage_can_be_read(year: Year) -> None:
    for garbage in year.garbage:
        try:
            event = read(garbage.value)
        except Malformed:
            continue
        raise AssertionError(f"{garbage} reads as {event}")
