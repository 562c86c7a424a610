"""Names as people type them."""

import unicodedata

import pytest

from services.registry.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("HTX Nông nghiệp Đồng Đăng", "htx nong nghiep dong dang"),
        ("  Hữu   Lũng ", "huu lung"),
        ("QUẾ HỒI ĐÌNH LẬP 2", "que hoi dinh lap 2"),
    ],
)
def test_a_name_is_found_without_its_accents(name: str, key: str) -> None:
    assert name_key(name) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key
    assert name_key(key) == key
