"""Events of any kind, invented by Hypothesis after the contract: whatever its fields may hold."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from contracts.fields import Field, fields_of
from contracts.kinds import RETRACTED, Kind

_MOST = 999_999_999_999_999  # fifteen digits: what Excel keeps
_CODES = st.from_regex(r"[0-9A-Z][0-9A-Z.-]{2,31}", fullmatch=True)
_LETTERS = "aăâbcdđêghơưxyýỳỹAĐƠ 0129.,;:-+=@_&<>'\"/()%\n\t«»🌾"
_UNITS = st.sampled_from(["178", "183", "189", "05977", "06001"])


def words(longest: int) -> st.SearchStrategy[str]:
    """Text as people write it: composed, without space around; leading zeros, signs and formulas too."""
    text = st.text(_LETTERS, min_size=1, max_size=min(longest, 40)) | st.sampled_from(["0118", "=1+1", "_x0041_", "@a"])
    return text.map(lambda value: value.strip() or "x")


def field_values(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType(ge=least, le=most):
            return st.integers(-_MOST if least is None else least, min(most or _MOST, _MOST))
        case inspect.VarTupleType():
            return st.lists(_CODES, max_size=4)
        case inspect.StrType() if field.name == "unit":
            return _UNITS
        case inspect.StrType(pattern=str()):
            return _CODES
        case inspect.StrType(max_length=longest):
            return words(longest or 64)
        case other:
            raise TypeError(f"nothing is invented for {other}")


@st.composite
def events(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """A structured event, or one that takes the fact back."""
    revision = draw(st.integers(1, 9))
    event = {
        "type": kind.name,
        "subject": draw(words(128)),
        "time": f"{draw(st.dates(date(2000, 1, 2), date(2040, 1, 1)))}T00:00:00+07:00",
        "revision": revision,
        "data": {
            field.name: draw(field_values(field)) for field in fields_of(kind) if field.required or draw(st.booleans())
        },
    }
    if draw(st.integers(0, 9)) == 0:
        return event | {"retracted": draw(words(2_000)), "type": kind.name + RETRACTED}
    return event
