"""The events behind a figure as rows of a table, in Vietnamese, for CSV. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

from contracts.kinds import KINDS
from services.reporting.proof_views import SourceView
from services.reporting.words import moment

COLUMNS: Final[Mapping[str, Callable[[SourceView], object]]] = {
    "Mã cơ quan": lambda source: source.agency,
    "Sự kiện": lambda source: KINDS[source.kind].title,
    "Loại sự kiện": lambda source: source.kind,
    "Đối tượng": lambda source: source.subject,
    "Mã sự kiện": lambda source: source.id,
    "Lần báo": lambda source: source.revision,
    "Thời điểm": lambda source: moment(source.time),
    "Nhận lúc": lambda source: moment(source.heard_at),
    "Góp vào": lambda source: source.amount,
    "Góp vào số chia": lambda source: source.divisor,
    "Hợp tác xã": lambda source: source.members,
}
"""What each column tells of an event, by its heading."""


def row(source: SourceView) -> list[object]:
    """An event, column by column."""
    return [told(source) for told in COLUMNS.values()]
