"""Tables as CSV that spreadsheets open as they are. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def comma_separated(titles: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it; nothing in it is taken for a formula."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(titles)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + lines.getvalue().encode()


def _plain(value: object) -> object:
    text = " ".join(map(str, value)) if isinstance(value, list) else value
    return "'" + text if isinstance(text, str) and text.startswith(_FORMULAS) else text
