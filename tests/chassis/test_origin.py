"""Whether a form comes from our own page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.origin import is_same_origin

HOST = {"host": "hop-luc.example:8443"}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://hop-luc.example:8443"}, False),
        ({"origin": "https://hop-luc.example:8443"}, True),
        ({"origin": "https://hop-luc.example"}, False),
        ({"origin": "ftp://hop-luc.example:8443"}, False),
        ({"origin": "https://[hop"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_it_is_what_the_browser_says_and_no_word_is_no(headers: dict[str, str], ours: bool) -> None:
    assert is_same_origin(HOST | headers) == ours
    assert not is_same_origin({"origin": "https://"})


@given(st.text(max_size=60))
def test_no_header_breaks_it(text: str) -> None:
    assert is_same_origin(HOST | {"origin": text}) in (True, False)
