"""Which reports are in, from what reporting says."""

from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Malformed, attributes_of, read
from services.notify.fold import is_in, news, said_of
from services.notify.model import Said
from tests.services.notify.office import at, retracted, returned, submitted

NOW: datetime = at("06-20 10:00")
SAID = st.builds(
    Said,
    agency=st.sampled_from(["SNV", "STC"]),
    period=st.sampled_from(["2021-Q2", "2021-H1"]),
    revision=st.integers(1, 5),
    handed_in=st.just(True),
).map(lambda said: msgspec.structs.replace(said, handed_in=said.revision % 3 != 0))


def said(record_value: bytes) -> Said:
    found = said_of(read(record_value))
    assert found is not None
    return found


def test_a_report_is_in_until_it_is_taken_back() -> None:
    known = news({}, [said(submitted("SNV", "2021-Q2", NOW).value)])
    assert is_in(known, "SNV", "2021-Q2")
    assert not is_in(known, "SNV", "2021-H1")
    known |= news(known, [said(retracted("SNV", "2021-Q2", NOW, version=2).value)])
    assert not is_in(known, "SNV", "2021-Q2")


def test_a_returned_report_is_owed_again_until_its_next_version_in_whatever_order_it_is_heard() -> None:
    story = [submitted("SNV", "2021-Q2", NOW), returned("SNV", "2021-Q2", NOW)]
    for heard in (story, story[::-1]):
        known = news({}, [said(record.value) for record in heard])
        assert not is_in(known, "SNV", "2021-Q2")
        [held] = known.values()
        assert held.returned is not None
        assert held.returned.remarks == "Nêu rõ số lớp bồi dưỡng."
        known |= news(known, [said(submitted("SNV", "2021-Q2", NOW, version=2).value)])
        assert is_in(known, "SNV", "2021-Q2")
        known |= news(known, [said(record.value) for record in heard])
        assert is_in(known, "SNV", "2021-Q2")


def test_a_report_with_excused_tasks_is_in_like_any_other_and_nobody_is_reminded_of_them() -> None:
    attributes = attributes_of(submitted("SNV", "2021-Q2", NOW).value)
    attributes["data"] |= {"tasks_nil": ["II.4.d"], "tasks_excused": ["II.3.b"]}
    known = news({}, [said(msgspec.json.encode(attributes))])
    assert is_in(known, "SNV", "2021-Q2")


def test_another_kind_says_nothing_about_a_report() -> None:
    attributes = attributes_of(submitted("SNV", "2021-Q2", NOW).value)
    attributes |= {
        "type": "period.consolidated",
        "subject": "2021-Q2",
        "data": {"period": "2021-Q2", "by": "SKHDT", "consolidated_at": NOW, "digest": "0" * 64},
    }
    assert said_of(read(msgspec.json.encode(attributes))) is None


@pytest.mark.parametrize("subject", ["SNV", "SNV/", "/2021-Q2", "STC/2021-Q2"])
def test_a_subject_that_does_not_fit_is_refused(subject: str) -> None:
    attributes = attributes_of(submitted("SNV", "2021-Q2", NOW).value) | {"subject": subject}
    with pytest.raises(Malformed, match="chủ thể"):
        said_of(read(msgspec.json.encode(attributes)))


@given(st.lists(SAID, max_size=20), st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_batches_and_duplicates_do_not_matter(heard: list[Said], chance: object, size: int) -> None:
    straight = news({}, heard)
    again = [*heard, *heard]
    chance.shuffle(again)  # type: ignore[attr-defined]
    known: dict[str, Said] = {}
    for first in range(0, len(again), size):
        known |= news(known, again[first : first + size])
    assert known == straight


def test_news_is_only_what_was_not_known() -> None:
    known = news({}, [said(submitted("SNV", "2021-Q2", NOW, version=2).value)])
    assert news(known, [said(submitted("SNV", "2021-Q2", NOW, version=1).value), *known.values()]) == {}
