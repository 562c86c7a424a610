"""The checker finds every lie it is there for, and nothing where nothing is wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.failure.checker import findings, sums
from tests.failure.evidence import PERHAPS, Evidence, Promise, Standing, identity
from tests.failure.traffic import Event, retracted, revised

CLASS: Event = {
    "id": "class-1/1", "type": "training.held", "subject": "class-1", "time": "2021-04-02T09:00:00+07:00",
    "revision": 1, "data": {"people": 30},
}  # fmt: skip
OTHER = {**CLASS, "id": "class-2/1", "subject": "class-2"}
CORRECTED = revised(CLASS, 2, {"people": 20})
GONE = retracted(OTHER, 2)
WRONG = {**CLASS, "id": "class-1/1/wrong-1", "type": "snv.unheard"}
FAIR = {
    **CLASS, "id": "fair-1/1", "type": "trade_promotion.held", "subject": "fair-1",
    "data": {"cooperatives": ["A", "B"], "stands": 3},
}  # fmt: skip
REPORT = Promise("SNV", "2021-Q2", 2, "1/BC-SNV")


def evidence() -> Evidence:
    seen = Evidence(registered=["A", "B"], reports=[REPORT])
    for agency, event in (("SNV", CLASS), ("SNV", OTHER), ("SNV", CORRECTED), ("SNV", GONE), ("SCT", FAIR)):
        seen.sent(agency, event)
        seen.told(identity(agency, event), "0/1", "accepted")
    seen.told(identity("SNV", CLASS), "0/9", "duplicate")
    seen.sent("SNV", WRONG)
    seen.told(identity("SNV", WRONG), "0/2", "refused")
    return seen


def standing() -> Standing:
    published = Counter({who: 1 for who, places in evidence().receipts.items() if {"refused"} not in places.values()})
    published[identity("SNV", CLASS)] = 2  # between outbox and log a message may be said twice
    figures = {"II.3.b/people": 20, "II.3.b/classes": 1}
    fairs = {"II.2.đ.1/stands": 3, "II.2.đ.1/events": 1, "II.2.đ.1/cooperatives": 2}
    return Standing(
        published=published,
        registered=Counter({"A": 1, "B": 1}),
        ledger={"events": 7},
        figures={"2021-Q2": {**figures, **fairs, "II.1.a/sessions": 0}, "2021-Q1": {}},
        signed={"II.3.b/people": 5},
        signed_before={"II.3.b/people": 5},
        consolidation={"digest": "d"},
        consolidation_before={"digest": "d"},
        reports={("SNV", "2021-Q2"): {1: "1/BC-SNV", 2: "1/BC-SNV"}},
        reminders={"SNV.2021-H1.overdue": "sent", "SNV.2021-Q2.overdue": "dropped"},
        letters=Counter({"SNV.2021-H1.overdue": 1}),
        owing=frozenset({"SNV.2021-H1.overdue"}),
    )


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings(evidence(), standing()) == []


def test_of_each_fact_the_highest_revision_holds_and_a_retraction_is_nothing() -> None:
    assert sums([("SNV", CORRECTED), ("SNV", CLASS)]) == {"2021-Q2": {"II.3.b/people": 20, "II.3.b/classes": 1}}
    assert sums([("SNV", GONE), ("SNV", OTHER)]) == {}


def test_the_same_subject_of_another_agency_is_another_fact() -> None:
    assert sums([("SNV", CLASS), ("SCT", CLASS)])["2021-Q2"]["II.3.b/people"] == 60


def test_cooperatives_are_counted_once_each() -> None:
    again = {**FAIR, "subject": "fair-2", "data": {"cooperatives": ["B", "C"], "stands": 1}}
    assert sums([("SCT", FAIR), ("SCT", again)])["2021-Q2"]["II.2.đ.1/cooperatives"] == 3


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda seen: seen.sent("SNV", {**CLASS, "id": "class-9/1"}), "have no receipt"),
        (lambda seen: seen.told(identity("SNV", CLASS), "1/1", "accepted"), "accepted twice"),
        (lambda seen: seen.told(identity("SNV", CLASS), "1/1", "refused"), "both kept and refused"),
        (lambda seen: seen.told(identity("SNV", WRONG), "1/1", "accepted"), "none of the plan's were kept"),
        (lambda seen: seen.registered.append("C"), "never published"),
        (lambda seen: seen.registered.remove("B"), "nobody was told so"),
        (lambda seen: seen.reports.append(replace(REPORT, version=3)), "in its place stands None"),
        (lambda seen: seen.errors.update(["support answered 500"]), "answered 500"),
    ],
)
def test_a_receipt_that_is_not_true_is_found(spoil: Callable[[Evidence], None], said: str) -> None:
    seen = evidence()
    spoil(seen)
    assert any(said in one for one in findings(seen, standing()))


def test_one_receipt_that_comes_again_for_the_same_place_is_no_lie() -> None:
    seen = evidence()
    seen.told(identity("SCT", FAIR), "0/1", "duplicate")
    assert findings(seen, standing()) == []


def test_a_letter_that_may_have_gone_is_told_as_such() -> None:
    letters = standing().letters + Counter({"SNV.2021-Q2.overdue": 1})
    reminders = {**standing().reminders, "SNV.2021-Q2.overdue": PERHAPS}
    assert findings(evidence(), replace(standing(), letters=letters, reminders=reminders)) == []
    assert findings(evidence(), replace(standing(), reminders=reminders)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"published": Counter({identity("SNV", CLASS): 1})}, "never published"),
        ({"published": standing().published + Counter({"SNV stranger": 1})}, "nobody was promised them"),
        ({"ledger": {"events": 8}}, "the ledger has 8 events, the log 7"),
        ({"figures": {"2021-Q2": {"II.3.b/people": 50}}}, "II.3.b/people of 2021-Q2 is 50, and the events make 20"),
        ({"signed": {"II.3.b/people": 6}}, "is shown as signed 6"),
        ({"consolidation": {"digest": "e"}}, "not what was signed"),
        ({"reports": {("SNV", "2021-Q2"): {1: "1/BC-SNV", 2: "9/BC-SNV"}}}, "in its place stands 9/BC-SNV"),
        ({"letters": Counter({"SNV.2021-H1.overdue": 2})}, "came twice"),
        ({"letters": Counter()}, "never came"),
        ({"letters": Counter({"SNV.2021-H1.overdue": 1, "X.2021-Q2.overdue": 1})}, "knows nothing of"),
        ({"reminders": {**standing().reminders, "SCT.2021-H1.overdue": "planned"}}, "lie unsent"),
        ({"owing": frozenset({"SCT.2021-H1.overdue"})}, "never reminded of"),
        ({"outboxes": {"support": 2}}, "2 messages that it never said"),
    ],
)
def test_what_stands_otherwise_than_promised_is_found(changed: dict[str, Any], said: str) -> None:
    assert any(said in one for one in findings(evidence(), replace(standing(), **changed)))
