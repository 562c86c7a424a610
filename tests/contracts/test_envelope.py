"""Reading an event: either an event or what is wrong with it, and never anything else."""

import json
import random
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.windows import local_day
from contracts.envelope import Event, Malformed, attributes_of, key_of, opened, read, write

GOLDENS = [path.read_bytes() for path in sorted((Path(__file__).parent / "golden").glob("*.json"))]
EXAMPLE = json.loads((Path(__file__).parent / "golden" / "training.held.json").read_bytes())


def outcome(value: bytes) -> Event | Malformed:
    try:
        return read(value)
    except Malformed as malformed:
        return malformed


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_malformed(value: bytes) -> None:
    assert isinstance(outcome(value), Event | Malformed)


@given(golden=st.sampled_from(GOLDENS), seed=st.integers(0, 2**32), changes=st.integers(1, 5))
def test_any_mutation_is_an_event_or_malformed(golden: bytes, seed: int, changes: int) -> None:
    chance, value = random.Random(seed), bytearray(golden)
    for _ in range(changes):
        at = chance.randrange(len(value))
        match chance.randrange(3):
            case 0:
                value[at] = chance.randrange(256)
            case 1:
                del value[at : at + chance.randrange(1, 20)]
            case _:
                value[at:at] = bytes(value[: chance.randrange(1, 30)])
    found = outcome(bytes(value))
    assert isinstance(found, Event) or found.reason


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=9))
def test_any_value_in_any_attribute_is_an_event_or_malformed(value: object) -> None:
    for name in EXAMPLE:
        assert isinstance(outcome(json.dumps({**EXAMPLE, name: value}).encode()), Event | Malformed)


@pytest.mark.parametrize("fraction", ["", ".9", ".999999", ".9999994", ".9999995", ".9999999", ".999999999"])
def test_the_last_moment_of_a_day_is_that_days_however_finely_it_is_told(fraction: str) -> None:
    told = read(write({**EXAMPLE, "time": f"2021-06-14T23:59:59{fraction}+07:00"})).envelope.time
    assert local_day(told) == date(2021, 6, 14)
    assert told == datetime.fromisoformat(f"2021-06-14T23:59:59{fraction[:7]}+07:00")


def test_a_moment_is_no_earlier_for_what_is_told_beside_it() -> None:
    told = {**EXAMPLE, "time": "2021-06-15T00:00:00+07:00", "subject": "x.9999999"}
    assert local_day(read(write(told)).envelope.time) == date(2021, 6, 15)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time", "data"])
def test_a_missing_attribute_is_refused_by_name(name: str) -> None:
    with pytest.raises(Malformed, match=f"thiếu trường bắt buộc `{name}`"):
        read(write({key: value for key, value in EXAMPLE.items() if key != name}))


def test_a_missing_field_of_the_data_is_refused_by_its_place() -> None:
    with pytest.raises(Malformed) as malformed:
        read(write({**EXAMPLE, "data": {"people": 3}}))
    assert (malformed.value.pointer, malformed.value.reason) == ("/data", "thiếu trường bắt buộc `audience`")


def test_a_wrong_value_is_refused_by_its_place() -> None:
    with pytest.raises(Malformed) as malformed:
        read(write({**EXAMPLE, "data": {**EXAMPLE["data"], "people": -1}}))
    assert malformed.value.pointer == "/data/people"


@given(st.dictionaries(st.from_regex("x[a-z0-9]{1,8}", fullmatch=True), st.text() | st.integers(-9, 9), max_size=4))
def test_attributes_we_do_not_know_are_kept(unknown: dict[str, object]) -> None:
    value = write({**EXAMPLE, **unknown})
    assert read(value).fact == read(write(EXAMPLE)).fact
    assert attributes_of(write(attributes_of(value))) == {**EXAMPLE, **unknown}


def test_a_fact_is_who_said_what_kind_about_what_whatever_its_revision() -> None:
    first, second = read(write(EXAMPLE)), read(write({**EXAMPLE, "revision": 2, "id": "other"}))
    back = read(write({**EXAMPLE, "type": "training.held.retracted", "data": {"reason": "nhầm"}}))
    assert first.fact == second.fact == back.fact
    assert read(write({**EXAMPLE, "agency": "SKHDT"})).fact != first.fact


def test_what_one_office_told_of_the_register_another_corrects() -> None:
    told = json.loads((Path(__file__).parent / "golden" / "activity.reported.json").read_bytes())
    corrected = {**told, "agency": "SKHDT", "id": "other", "revision": 2}
    assert told["agency"] != "SKHDT"
    assert read(write(corrected)).fact == read(write(told)).fact


@pytest.mark.parametrize(("subject", "key"), [("loan-1/paid-2", "loan-1"), ("loan-1", "loan-1"), ("/x", ""), ("", "")])
def test_the_key_is_the_subject_up_to_its_first_slash(subject: str, key: str) -> None:
    assert key_of(subject) == key


@pytest.mark.parametrize("time", ["9999-12-31T23:00:00Z", "0001-01-01T00:00:00+14:00", "1899-12-31T00:00:00Z"])
def test_a_time_that_no_calendar_of_ours_holds_is_refused_by_its_place(time: str) -> None:
    """Vietnam's day of it may not exist, and who asks for that day must not fall over the event."""
    for reader in (read, opened):
        with pytest.raises(Malformed) as malformed:
            reader(write({**EXAMPLE, "time": time}))
        assert malformed.value.pointer == "/time"
