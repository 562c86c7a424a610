"""What bodies hold."""

import pytest

from chassis.bodies import ANY, UnknownMediaType, Unreadable, split
from contracts.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE


@pytest.mark.parametrize("media_type", [MEDIA_TYPE, f"{MEDIA_TYPE.upper()}; charset=utf-8", ANY, ""])
def test_one_event_is_taken_as_it_is(media_type: str) -> None:
    assert split(b' {"id": 1.10}', media_type) == [b' {"id": 1.10}']


@pytest.mark.parametrize("media_type", [BATCH_MEDIA_TYPE, ANY, ""])
def test_several_are_taken_apart_without_being_read(media_type: str) -> None:
    assert split(b'\n[ {"id" : 1.10}, 7,"x"]', media_type) == [b'{"id" : 1.10}', b"7", b'"x"']
    assert split(b"[]", media_type) == []


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", ANY),
        (b"{", ANY),
        (b"[{}", ANY),
        (b"[{},]", ANY),
        (b"{} {}", ANY),
        (b'{"a": NaN}', ANY),
        (b'{"a": "\xff"}', ANY),
        (b"\xff\xfe{\x00", ANY),
        (b"[" * 100_000, ANY),
        (b"[{}]", MEDIA_TYPE),
        (b"{}", BATCH_MEDIA_TYPE),
    ],
)
def test_what_is_not_json_or_not_what_it_says_is_refused(body: bytes, media_type: str) -> None:
    with pytest.raises(Unreadable):
        split(body, media_type)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/cloudevents+avro"])
def test_other_media_types_are_refused(media_type: str) -> None:
    with pytest.raises(UnknownMediaType):
        split(b"{}", media_type)
