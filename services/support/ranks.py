"""Of the events that state one fact which holds, and what its speaker is told of the others. Pure.

The highest revision holds, and of equal ones the greatest id: so one that is taken may hide another, or count nothing
itself, and its sender must not be left to believe otherwise.
"""

from collections.abc import Collection
from typing import NamedTuple

from services.support.model import Caution, Sound


class Rank(NamedTuple):
    """What orders the events of a fact; ``claim`` tells two apart that are alike."""

    revision: int
    id: str
    claim: str


def rank_of(event: Sound) -> Rank:
    return Rank(event.revision, event.id, event.claim)


def cautions(event: Sound, others: Collection[Rank]) -> tuple[Caution, ...]:
    """What is unusual about the event's rank among the others of its fact that came before it; nothing, mostly."""
    what = f"hồ sơ `{event.subject}`"
    if not others:
        return _of_the_first(event)
    highest = max(others)
    if highest.revision > event.revision:
        reason = f"{what} đã có bản với lần sửa {highest.revision}; bản này được lưu vào lịch sử, không đổi số liệu"
        return (Caution("superseded", "/revision", reason),)
    if highest.revision == event.revision:
        counted = max(highest, rank_of(event)).id
        reason = (
            f"{what} đã có sự kiện khác (`{highest.id}`) cùng lần sửa {event.revision}; chỉ một sự kiện được tính: "
            f"`{counted}`. Nếu là bản sửa hay rút lại thì gửi lại với lần sửa (`revision`) "
            f"{event.revision + 1}; nếu là việc khác thì dùng mã hồ sơ (`subject`) khác"
        )
        return (Caution("same-revision", "/revision", reason),)
    return ()


def _of_the_first(event: Sound) -> tuple[Caution, ...]:
    if event.retracted:
        reason = "chưa nhận được bản nào của hồ sơ này nên chưa có gì để rút lại; bản trước đến sau sẽ không được tính"
    elif event.revision > 1:
        reason = (
            "chưa nhận được bản trước của hồ sơ này; bản này được tính ngay, bản trước đến sau không thay được nó. Nếu "
            "đã gửi bản trước thì kiểm tra lại mã hồ sơ (`subject`)"
        )
    else:
        return ()
    return (Caution("no-earlier-revision", "/subject", reason),)
