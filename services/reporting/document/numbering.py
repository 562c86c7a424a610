"""Numbers and letters of a document's parts, as decree 30/2020/NĐ-CP writes them (Annex I, II.6 and V). Pure."""

_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """1 is I, 4 is IV: parts, sections, annexes."""
    found = ""
    for worth, sign in _ROMAN:
        found += sign * (number // worth)
        number %= worth
    return found


def letter(number: int) -> str:
    """1 is a, 5 is đ, 7 is g: the Vietnamese alphabet, without the letters that Vietnamese lacks. 24 is aa."""
    tens, rest = divmod(number - 1, len(_LETTERS))
    return (letter(tens) if tens else "") + _LETTERS[rest]
