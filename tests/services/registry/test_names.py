"""Names as people type them."""

import unicodedata

import pytest

from catalogue.model import Plan
from services.registry.names import name_key, words_of
from services.registry.searching import Listed, Wanted, typed
from tests.services.registry.asking import CODE, after, register


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("HTX Nông nghiệp Đồng Đăng", "htx nong nghiep dong dang"),
        ("  Hữu   Lũng ", "huu lung"),
        ("QUẾ HỒI ĐÌNH LẬP 2", "que hoi dinh lap 2"),
        ("\u00d0ÌNH LẬP", "dinh lap"),  # a capital eth, drawn like Đ
        ("ＨＴＸ rau\u200b\u00a0sạch", "htx rau sach"),
    ],
)
def test_a_name_is_found_without_its_accents(name: str, key: str) -> None:
    assert name_key(name) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key
    assert name_key(key) == key


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("HTX Nông nghiệp (Hữu Lũng)", "huu lung"),
        ("Hợp tác xã “Na Chi Lăng”", "NA chi lăng"),
        ("HTX Nông-Lâm nghiệp Văn Quan", "lam nghiep"),
        ("HTX Nông-Lâm nghiệp Văn Quan", "nông-lâm"),
        ("HTX Thương mại – Dịch vụ", "thuong mai - dich vu"),
        ("HTX Rau sạch, an toàn", "rau, (an"),
        ("HTX Rau sạch", unicodedata.normalize("NFD", "RAU SẠCH")),
        ("HTX Rau sạch", CODE.lower()),
    ],
)
def test_what_stands_around_and_between_words_hides_none(plan: Plan, name: str, asked: str) -> None:
    state = after(plan, register(name=name))
    listed = Listed(state, (), frozenset(words_of(state.code, state.name)))
    assert Wanted(words=typed(asked)).fits(listed)
    assert not Wanted(words=typed(f"{asked} hoi")).fits(listed)
