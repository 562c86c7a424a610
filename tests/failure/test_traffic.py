"""What agencies say in a run: replayable, and with everything in it that makes counting hard."""

from collections import Counter

import pytest

from contracts.kinds import RETRACTED
from tests.failure.checker import WRONG
from tests.failure.traffic import SPEAKERS, Event, Speaker, reporting, stream

EVENTS = 2_000


def said(seed: int, speaker: Speaker) -> list[Event]:
    return [event for batch in stream(seed, speaker, EVENTS) for event in batch]


@pytest.mark.parametrize("speaker", SPEAKERS, ids=lambda speaker: speaker.agency)
def test_a_seed_means_the_same_batches(speaker: Speaker) -> None:
    assert stream(5, speaker, EVENTS) == stream(5, speaker, EVENTS)
    assert stream(5, speaker, EVENTS) != stream(6, speaker, EVENTS)


@pytest.mark.parametrize("speaker", SPEAKERS, ids=lambda speaker: speaker.agency)
def test_every_system_corrects_repeats_and_errs(speaker: Speaker) -> None:
    events = said(7, speaker)
    assert len(events) >= EVENTS
    assert sum(event["revision"] > 1 for event in events) > EVENTS / 20
    assert 0 < sum(WRONG in event["id"] for event in events) < EVENTS / 50
    assert max(Counter(event["id"] for event in events).values()) > 1
    assert any(event["type"].endswith(RETRACTED) for event in events) == (speaker.agency != "NHNN")


@pytest.mark.parametrize("speaker", SPEAKERS, ids=lambda speaker: speaker.agency)
def test_one_id_means_one_event(speaker: Speaker) -> None:
    known: dict[str, Event] = {}
    for event in said(8, speaker):
        assert known.setdefault(event["id"], event) == event


def test_shares_make_the_whole() -> None:
    assert sum(speaker.share for speaker in SPEAKERS) == pytest.approx(1)


def test_two_of_three_agencies_hand_in_each_once_and_under_a_number_of_its_own() -> None:
    agencies = [f"A{number}" for number in range(30)]
    handed = reporting(1, agencies)
    assert len({agency for _, agency, _ in handed}) == len({document for *_, document in handed}) == 20
    assert handed == sorted(reporting(1, agencies))
