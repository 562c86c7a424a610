"""An event whose attributes are headers says the same as the structured one."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.binary import of_http, of_kafka

ATTRIBUTES = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "//snv.langson.gov.vn/lớp",
    "type": "training.held",
    "subject": "lớp 1",
    "time": "2021-03-02T08:00:00+07:00",
}
DATA = b'{"people": 40, "audience": "officials", "topic": "state-management"}'
STRUCTURED = {**ATTRIBUTES, "datacontenttype": "application/json", "data": msgspec.json.decode(DATA)}


def http(attributes: dict[str, str]) -> list[tuple[str, str]]:
    return [(f"Ce-{name.title()}", quote(text, safe=" ")) for name, text in attributes.items()]


def decoded(event: bytes | None) -> dict[str, Any]:
    assert event is not None
    return dict(msgspec.json.decode(event))


def test_an_event_in_headers_of_http_is_decoded_from_percent_signs() -> None:
    assert decoded(of_http(http(ATTRIBUTES), "application/json; charset=utf-8", DATA)) == STRUCTURED


def test_an_event_in_headers_of_kafka_is_read_as_utf_8() -> None:
    headers = [(f"ce_{name}", text.encode()) for name, text in ATTRIBUTES.items()]
    assert decoded(of_kafka([*headers, ("content-type", b"application/json")], DATA)) == STRUCTURED


def test_a_revision_is_a_number() -> None:
    assert decoded(of_http(http({**ATTRIBUTES, "revision": "2"}), "", DATA))["revision"] == 2
    assert decoded(of_http(http({**ATTRIBUTES, "revision": "two"}), "", DATA))["revision"] == "two"


@pytest.mark.parametrize("digits", [1, 18, 19, 25, 4_301, 60_000])
def test_no_revision_is_too_long_to_be_read_as_an_event(digits: int) -> None:
    """A record that raised here would stop everybody who hears its topic."""
    text = "9" * digits
    expected = int(text) if digits <= 18 else text
    assert decoded(of_http(http({**ATTRIBUTES, "revision": text}), "", DATA))["revision"] == expected
    headers = [(f"ce_{name}", value.encode()) for name, value in {**ATTRIBUTES, "revision": text}.items()]
    assert decoded(of_kafka(headers, DATA))["revision"] == expected


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("l%E1%BB%9Bp 1", "lớp 1"),
        ('"l%E1%BB%9Bp 1"', "lớp 1"),
        (r'"a \"b\" \\ c"', r'a "b" \ c'),
        ('"', '"'),
        ("lớp 1".encode().decode("latin-1"), "lớp 1"),
        ("caf\xe9", "café"),
    ],
)
def test_a_header_of_http_is_read_out_of_quotes_and_of_utf_8(sent: str, meant: str) -> None:
    headers = [*http({**ATTRIBUTES, "id": "x"}), ("ce-subject", sent)]
    assert decoded(of_http(headers, "", DATA))["subject"] == meant


@given(st.text(max_size=40))
def test_what_is_percent_encoded_comes_back_whatever_it_is(text: str) -> None:
    headers = [*http(ATTRIBUTES), ("ce-subject", quote(text, safe=""))]
    assert decoded(of_http(headers, "", DATA))["subject"] == text


@pytest.mark.parametrize("headers", [[], [("content-type", "application/json")], [("ce-id", "1")]])
def test_without_specversion_it_is_no_event_in_headers(headers: list[tuple[str, str]]) -> None:
    assert of_http(headers, "application/json", DATA) is None
    assert of_kafka([(name, text.encode()) for name, text in headers], DATA) is None


@given(body=st.one_of(st.binary(), st.sampled_from([b'1,"agency":"BTC"', b"{}{}", b'{"a":1},"id":"x"', b"[" * 3_000])))
def test_no_body_can_add_or_change_an_attribute(body: bytes) -> None:
    event = decoded(of_http(http(ATTRIBUTES), "application/json", body))
    assert event.keys() == STRUCTURED.keys()
    assert {name: event[name] for name in ATTRIBUTES} == ATTRIBUTES
