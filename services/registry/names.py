"""Vietnamese names as people type them: without accents, in any case, whatever stands around the words."""

import re
import unicodedata
from collections.abc import Iterator

_AS_D = str.maketrans(dict.fromkeys("\u0111\u00f0\u0256", "d"))
"""đ, and two letters of other alphabets whose capitals are drawn like Đ and stand for it in old files."""

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_INNER = re.compile(r"[\W_]+")


def name_key(name: str) -> str:
    """The name for searching: no accents, đ as d, small letters, single spaces, nothing that cannot be seen."""
    apart = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in apart if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(plain.casefold().translate(_AS_D).split())


def words_in(text: str) -> Iterator[str]:
    """The words of a text, without quotes, brackets and other marks around them."""
    return filter(None, (_EDGES.sub("", word) for word in name_key(text).split()))


def words_of(code: str, name: str) -> list[str]:
    """What a cooperative is found by: its code and the words of its name, joined ones (nông-lâm) by each part too."""
    words = list(words_in(name))
    return sorted({name_key(code), *words, *(part for word in words for part in _INNER.split(word))})
