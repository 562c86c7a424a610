"""What is invented is what the services take, and what is broken is what they refuse: by their own rules."""

from datetime import timedelta

import msgspec

from catalogue.model import Plan
from contracts.envelope import Malformed, read
from deploy.local.demo.year import Year
from services.registry.decide import decide
from services.registry.fold import fold
from services.registry.model import Change, Cooperative
from services.registry.model import Year as YearTold
from services.registry.requests import Amend, Dissolve, Evaluate, Register, ReportYear, Request, Resume, Suspend
from services.registry.years import tell
from services.support.examine import Terms, examine
from services.support.model import Refused, Sound

REQUESTS: dict[str, type[Request]] = {
    "cooperative.registered": Register,
    "cooperative.amended": Amend,
    "cooperative.suspended": Suspend,
    "cooperative.resumed": Resume,
    "cooperative.dissolved": Dissolve,
}
YEARS: dict[str, type[ReportYear | Evaluate]] = {"activity.reported": ReportYear, "cooperative.evaluated": Evaluate}


def test_registry_allows_every_change_and_says_what_was_invented(plan: Plan, year: Year) -> None:
    standing: dict[str, Cooperative] = {}
    for invented in year.changes:
        code, by, now = invented.data["cooperative"], invented.agency, invented.at
        if invented.kind in YEARS:
            told = tell(standing[code], (), YEARS[invented.kind].model_validate(invented.body), by, plan, now)
            assert isinstance(told, YearTold), told
            said: object = told.data
        else:
            request = REQUESTS[invented.kind].model_validate(invented.body)
            change = decide(standing.get(code), request, code=code, speaker=by, plan=plan, now=now)
            assert isinstance(change, Change), change
            standing[code] = fold(standing.get(code), change)
            said = change.data
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
