"""Columns from the contract: what a kind's field looks like in a form. Pure."""

from msgspec import inspect

from chassis.workbook.layout import Choice, Codes, Column, Day, Holds, Text, Whole, YesNo
from contracts.fields import Field

_EXACT = 9_007_199_254_740_991  # the largest whole number that JSON and Excel keep exactly
_CODE = 64  # characters of a code whose pattern does not say how long it may be


def column_of(field: Field, *, name: str, hint: str = "") -> Column:
    """The column that holds a field; `name` is its own among the form's.

    Raises:
        TypeError: a cell can't hold such a field.
    """
    holds = _holds(field)
    required = field.required and not isinstance(holds, Codes)  # no codes is a value too
    return Column(name, field.title, holds, field.unit, required, hint)


def _holds(field: Field) -> Holds:
    match field.type:
        case inspect.LiteralType():
            return Choice(field.labels)
        case inspect.BoolType():
            return YesNo()
        case inspect.IntType(ge=least, le=most):
            return Whole(-_EXACT if least is None else least, _EXACT if most is None else most)
        case inspect.StrType(max_length=longest):
            return Text(longest or _CODE)
        case inspect.DateType():
            return Day()
        case inspect.VarTupleType(item_type=inspect.StrType() | inspect.Metadata()):
            return Codes()
        case other:
            raise TypeError(f"{field.name}: a cell can't hold {other}")
