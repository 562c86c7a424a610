"""Vietnamese names as people type them: without accents, in any case."""

import unicodedata


def name_key(name: str) -> str:
    """The name for searching: no accents, đ as d, small letters, single spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join(plain.casefold().replace("đ", "d").split())


def words_of(code: str, name: str) -> list[str]:
    """What a cooperative is found by: its code and the words of its name."""
    return sorted({name_key(code), *name_key(name).split()})
