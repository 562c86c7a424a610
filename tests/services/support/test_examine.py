"""Who may say what, where and when, and what the canonical event then is."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.envelope import read
from services.support.examine import Terms, examine
from services.support.model import Refused, Sound
from tests.services.support.saying import AHEAD, LARGEST, NOW, examined, loan, raised, refused, said, sound, training

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-01"


def test_a_sound_event_passes_with_its_speaker_filled_in(plan: Plan) -> None:
    event = training()
    assert json.loads(sound(plan, event).value) == event | {"agency": "SNV"}


def test_attributes_nobody_knows_are_kept_as_they_were_sent(plan: Plan) -> None:
    value = said(training(revision=2, traceparent=TRACE, extra={"a": [1, None]}))
    value = value[:-1] + b',"big":123456789012345678901234567890,"precise":1.10}'
    kept = sound(plan, value).value
    assert b'"big":123456789012345678901234567890' in kept
    assert b'"precise":1.10' in kept
    assert json.loads(kept) == json.loads(value) | {"agency": "SNV"}


def test_an_agency_may_name_itself_and_nobody_else(plan: Plan) -> None:
    assert isinstance(examined(plan, training(agency="SNV")), Sound)
    assert isinstance(examined(plan, training(agency="")), Sound)
    assert refused(examined(plan, training(agency="SCT"))) == ("other-agency", "/agency")


def test_a_district_speaks_of_its_own_unit_even_if_it_does_not_say_so(plan: Plan) -> None:
    for event in (raised(), raised(unit="181"), raised(unit=None)):
        kept = json.loads(sound(plan, event, "UBND-181").value)
        assert kept["data"] == {"title": "Thiếu vốn", "unit": "181"}
    assert refused(examined(plan, raised(unit="182"), "UBND-181")) == ("other-unit", "/data/unit")


def test_a_province_agency_speaks_of_any_unit_or_none(plan: Plan) -> None:
    assert "unit" not in json.loads(sound(plan, raised()).value)["data"]
    assert json.loads(sound(plan, raised(unit="182")).value)["data"]["unit"] == "182"


@pytest.mark.parametrize(
    ("unit", "time", "allowed"),
    [
        ("181", "2025-06-30T23:59:59+07:00", True),
        ("181", "2025-06-30T17:00:00Z", False),
        ("06112", "2025-06-30T23:59:59+07:00", False),
        ("06112", "2025-06-30T17:00:00Z", True),
        ("179", "2021-03-02T08:00:00+07:00", False),
    ],
)
def test_the_unit_stands_on_the_local_day_of_the_event(plan: Plan, unit: str, time: str, allowed: bool) -> None:
    outcome = examined(plan, raised(unit=unit) | {"time": time}, now=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    assert isinstance(outcome, Sound) if allowed else refused(outcome) == ("unit-not-standing", "/data/unit")


def test_a_retraction_has_no_unit_to_fill_in(plan: Plan) -> None:
    event = raised() | {"type": "obstacle.raised.retracted", "data": {"reason": "Ghi nhầm"}}
    kept = sound(plan, event, "UBND-181")
    assert json.loads(kept.value)["data"] == {"reason": "Ghi nhầm"}
    assert (kept.kind, kept.cooperatives) == ("obstacle.raised", ())


@pytest.mark.parametrize(
    ("event", "speaker"),
    [
        (training(), "NHNN"),
        (loan(), "SNV"),
        (training(), "UBND-181"),
        (training(), "NOBODY"),
        (training(), ""),
        (training(time="2025-03-02T08:00:00+07:00"), "SLDTBXH"),
    ],
)
def test_an_agency_says_only_what_the_plan_gave_it_on_that_day(plan: Plan, event: dict[str, Any], speaker: str) -> None:
    later = datetime.fromisoformat("2026-01-01T00:00:00Z")
    assert refused(examined(plan, event, speaker, later)) == ("not-entitled", "/type")


@pytest.mark.parametrize(
    ("speaker", "day", "allowed"),
    [
        ("SLDTBXH", "2025-02-28", True),
        ("SNV", "2025-02-28", False),
        ("SLDTBXH", "2025-03-01", False),
        ("SNV", "2025-03-01", True),
    ],
)
def test_an_agency_says_what_it_inherits_from_the_day_it_inherits_it(
    plan: Plan, speaker: str, day: str, allowed: bool
) -> None:
    data = {"cooperative": "HTX-181-01", "people": 2, "degree": "college"}
    event = training(type="worker.placed", time=f"{day}T08:00:00+07:00", data=data)
    outcome = examined(plan, event, speaker, now=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    assert isinstance(outcome, Sound) if allowed else refused(outcome) == ("not-entitled", "/type")


@pytest.mark.parametrize("kind", ["cooperative.registered", "report.submitted", "reminder.sent"])
def test_what_another_service_says_is_not_taken_here(plan: Plan, kind: str) -> None:
    data = {
        "cooperative": "HTX-1",
        "version": 1,
        "form": "htx",
        "sector": "agriculture",
        "name": "HTX",
        "law": "2012",
        "members": 7,
        "capital": 0,
        "agency": "SNV",
        "period": "2021-Q1",
        "outcome": "nil",
        "submitted_at": "2021-03-02T08:00:00Z",
        "stage": "overdue",
        "sent_at": "2021-03-02T08:00:00Z",
    }
    assert refused(examined(plan, training(type=kind, data=data))) == ("other-service", "/type")


@pytest.mark.parametrize("data", [{"cooperative": "HTX-1"}, [], {"deep": json.loads("[" * 400 + "]" * 400)}])
def test_what_another_service_takes_is_sent_there_and_not_mended_here(plan: Plan, data: object) -> None:
    outcome = examined(plan, training(type="cooperative.registered", data=data))
    assert refused(outcome) == ("other-service", "/type")
    assert isinstance(outcome, Refused)
    assert "dịch vụ đăng ký" in outcome.remedy


@pytest.mark.parametrize(("wrong", "why"), [(b"1e400", "số quá lớn"), (b"[" * 3_000 + b"]" * 3_000, "quá sâu")])
def test_what_no_service_could_read_is_not_sent_to_another(plan: Plan, wrong: bytes, why: str) -> None:
    value = said(training(type="cooperative.registered", data={"cooperative": "HTX-1", "name": "@"}))
    outcome = examined(plan, value.replace(b'"@"', wrong))
    assert isinstance(outcome, Refused)
    assert outcome.code == "malformed"
    assert why in outcome.reason


def test_a_senders_clock_may_be_a_little_ahead(plan: Plan) -> None:
    within, beyond = NOW + AHEAD, NOW + AHEAD + timedelta(seconds=1)
    assert isinstance(examined(plan, training(time=within.isoformat())), Sound)
    assert refused(examined(plan, training(time=beyond.isoformat()))) == ("in-the-future", "/time")


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("9999-12-31T23:59:59-14:00", "malformed"),
        ("0001-01-01T00:00:00+14:00", "malformed"),
        ("2199-12-31T23:59:59+00:00", "in-the-future"),
        ("1900-01-01T00:00:00+00:00", "too-early"),
        ("1999-12-31T23:59:59+07:00", "too-early"),
    ],
)
def test_the_ends_of_time_are_refused(plan: Plan, time: str, code: str) -> None:
    assert refused(examined(plan, training(time=time))) == (code, "/time")


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (b"not json", ""),
        (b"[]", ""),
        (b"7", ""),
        (b"{}", ""),
        (b'{"id":' + b"[" * 5_000, "/id"),
        (training(type="training.hold"), "/type"),
        (training(time="2021-03-02"), "/time"),
        (training(time="2021-03-02T08:00:00"), "/time"),
        (training(subject=""), "/subject"),
        (training(revision=0), "/revision"),
        (training(specversion="0.3"), "/specversion"),
        (training(data={"people": -1, "audience": "officials", "topic": "law"}), "/data/people"),
        (training(data={"people": 1.5, "audience": "officials", "topic": "law"}), "/data/people"),
        (training(data={"people": 1, "audience": "friends", "topic": "law"}), "/data/audience"),
        (training(data={"people": 1, "audience": "officials", "topic": "law", "unit": "1"}), "/data/unit"),
        (training(data=[]), "/data"),
        (loan(cooperative="a/b"), "/data/cooperative"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(plan: Plan, event: object, pointer: str) -> None:
    assert refused(examined(plan, event)) == ("malformed", pointer)


def test_an_event_larger_than_the_limit_is_refused(plan: Plan) -> None:
    event = said(training(extra=""))
    padding = "x" * (LARGEST - len(event))
    assert isinstance(examined(plan, training(extra=padding)), Sound)
    assert refused(examined(plan, training(extra=padding + "x"))) == ("too-large", "")


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """An event with some of its bytes cut out, doubled or replaced."""
    value = said(draw(st.sampled_from([training(), loan(), raised(cooperatives=["HTX-1"])])))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, min(len(value), start + 8)))
        new = draw(st.one_of(st.binary(max_size=4), st.sampled_from([b"", b"null", b"-1", b"1e999", b'"', b"\\ud800"])))
        value = value[:start] + new + value[end:]
    return value


@given(value=mutilated(), speaker=st.sampled_from(["SNV", "NHNN", "UBND-181", "?"]))
def test_whatever_comes_has_an_outcome(plan: Plan, value: bytes, speaker: str) -> None:
    match examined(plan, value, speaker):
        case Sound(value=kept):
            assert read(kept).envelope.agency == speaker
        case outcome:
            assert refused(outcome)


def test_a_refusal_names_the_event_where_it_has_a_name(plan: Plan) -> None:
    outcome = examined(plan, training("e-9", type="training.hold"))
    assert refused(outcome)
    assert getattr(outcome, "id", "") == "e-9"
    assert getattr(examined(plan, training() | {"id": 9}), "id", "") is None


def test_the_identity_is_who_speaks_from_where_under_which_id(plan: Plan) -> None:
    claims = {
        sound(plan, raised(), "SNV").claim,
        sound(plan, raised(), "NHNN").claim,
        sound(plan, raised("e-2"), "SNV").claim,
        sound(plan, raised() | {"source": "//elsewhere"}, "SNV").claim,
    }
    assert len(claims) == 4
    assert sound(plan, raised(note="khác"), "SNV").claim in claims


def test_every_cooperative_an_event_mentions_is_found_with_its_place(plan: Plan) -> None:
    assert sound(plan, loan(), "NHNN").cooperatives == (("HTX-181-01", "/data/cooperative"),)
    two = raised(cooperatives=["HTX-1", "HTX-2"])
    assert sound(plan, two).cooperatives == (("HTX-1", "/data/cooperatives/0"), ("HTX-2", "/data/cooperatives/1"))


def test_the_canonical_event_can_be_read_again(plan: Plan) -> None:
    event = read(sound(plan, raised(cooperatives=["HTX-1"]), "UBND-181").value)
    assert (event.envelope.agency, event.kind.name) == ("UBND-181", "obstacle.raised")
    assert getattr(event.data, "unit", None) == "181"


def traced(plan: Plan, event: object, traceparent: str = TRACE, tracestate: str = "") -> dict[str, Any]:
    """The canonical event of one that came in a request with such a trace."""
    outcome = examine(said(event), Terms(plan, "SNV", NOW, AHEAD, LARGEST, traceparent, tracestate))
    assert isinstance(outcome, Sound), outcome
    canonical: dict[str, Any] = json.loads(outcome.value)
    return canonical


def test_an_event_carries_the_trace_of_its_request(plan: Plan) -> None:
    assert read(json.dumps(traced(plan, training())).encode()).envelope.traceparent == TRACE
    assert "tracestate" not in traced(plan, training())
    assert traced(plan, training(), tracestate="vendor=1")["tracestate"] == "vendor=1"


def test_an_event_keeps_the_trace_that_it_was_made_in(plan: Plan) -> None:
    kept = traced(plan, training(traceparent=OTHER, tracestate="mine=1"), tracestate="vendor=1")
    assert (kept["traceparent"], kept["tracestate"]) == (OTHER, "mine=1")


@pytest.mark.parametrize("wrong", ["", "00-zz", "ff" + OTHER[2:], "00-" + "0" * 32 + OTHER[35:], OTHER + "\n"])
def test_what_is_no_trace_is_not_passed_on_as_one(plan: Plan, wrong: str) -> None:
    kept = traced(plan, training(traceparent=wrong, tracestate="of=another"))
    assert (kept["traceparent"], kept.get("tracestate")) == (TRACE, None)
