"""Tables as CSV that spreadsheets open as they are. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def comma_separated(titles: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it; nothing in it is taken for a formula."""
    return b"\xef\xbb\xbf" + lines([titles]) + lines(rows)


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Further lines of such a table (RFC 4180). Text that a spreadsheet would take for a formula is quoted, as OWASP
    advises against CSV injection; days are written as people write them here."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_plain(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _plain(value: object) -> object:
    match value:
        case list():
            return _plain(" ".join(map(str, value)))
        case date():
            return f"{value:%d/%m/%Y}"
        case str() if value.startswith(_FORMULAS):
            return f"'{value}"
        case _:
            return value
